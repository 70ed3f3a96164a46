"""Django's registration of the slice."""

from django.apps import AppConfig


class ParticipationConfig(AppConfig):
    name = "madoguchi.participation"
    label = "participation"
