"""Django's registration of the slice."""

from django.apps import AppConfig


class ReformConfig(AppConfig):
    name = "madoguchi.reform"
    label = "reform"
