"""Django's registration of the slice."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "madoguchi.bookings"
    label = "bookings"

    def ready(self) -> None:
        """Tells payments, which stands below, how the charges of orders are called."""
        from madoguchi.payments.words import names_charges

        from .sales.shop import subject

        names_charges(subject)
