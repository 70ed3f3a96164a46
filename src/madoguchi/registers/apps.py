"""Django's registration of the slice."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "madoguchi.registers"
    label = "registers"
