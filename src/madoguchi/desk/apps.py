"""Django's registration of the slice."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "madoguchi.desk"
    label = "desk"
