"""Django's registration of the slice."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "madoguchi.design"
    label = "design"
