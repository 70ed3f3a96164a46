"""Codes of what is booked."""

from typing import Final

APPOINTMENT: Final = "appointment"
"""The offer whose visitors are called one by one."""
