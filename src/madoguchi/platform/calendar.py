"""Days in the town."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """Today in the town."""
    return timezone.localdate()
