"""Django's registration of the slice."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "madoguchi.credentials"
    label = "credentials"
