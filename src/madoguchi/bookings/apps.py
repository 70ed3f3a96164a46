"""Django's registration of the slice."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "madoguchi.bookings"
    label = "bookings"
