"""What visitors wrote about projects goes when it has long been heard; their scores stay."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from .models import Voice

KEPT_FOR: Final = timedelta(days=365)
"""For an answer, and for the year's account of what was heard (this town's own choice)."""


def forget_voices() -> int:
    """Remove comments older than that; how many. Safe to repeat."""
    return Voice.objects.filter(at__lt=timezone.now() - KEPT_FOR).exclude(comment="").update(comment="")
