"""Django's registration of the slice."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "madoguchi.decisions"
    label = "decisions"
