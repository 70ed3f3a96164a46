"""Django's registration of the slice."""

from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "madoguchi.opendata"
    label = "opendata"
