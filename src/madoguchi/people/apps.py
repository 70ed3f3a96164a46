"""Django's registration of the slice."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "madoguchi.people"
    label = "people"

    def ready(self) -> None:
        """Listen to what allauth tells."""
        from . import accounts

        accounts.connect()
