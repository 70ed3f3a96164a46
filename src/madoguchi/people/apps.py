"""Django's registration of the slice."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "madoguchi.people"
    label = "people"
