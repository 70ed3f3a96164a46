"""Django's registration of the slice."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "madoguchi.figures"
    label = "figures"
