"""Addresses and names of visitors go when nobody needs them any more; what was sold stays counted."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ..models import Order, Waiting

KEPT_FOR = timedelta(days=90)
"""After the visit: for questions and repayments (this town's own choice)."""


def forget_visitors() -> int:
    """Remove them from past orders, and those who waited for past slots. How many rows; safe to repeat."""
    before = timezone.now() - KEPT_FOR
    known = Order.objects.filter(~Q(email="") | ~Q(name="") | ~Q(entitled=""), slot__ends_at__lt=before)
    gone, _by_model = Waiting.objects.filter(slot__ends_at__lt=before).delete()
    return gone + known.update(email="", name="", entitled="")
