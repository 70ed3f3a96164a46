"""Whose right a holding was goes some years after it ended; its number, its days and what was done to it stay."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from madoguchi.platform.calendar import today

from .models import Batch, Entry, Holding

ROWS_ARE_KEPT: Final = timedelta(days=365)
"""The rows of an imported list, for whoever looks what became of them; this town's own choice."""


def forget_holdings() -> None:
    """Remove what is personal of holdings whose retention has ended, and the rows of lists imported long ago."""
    due = Holding.objects.filter(purged_at__isnull=True, retention_until__lt=today())
    for holding in due.iterator():
        forget(holding)
    Batch.objects.filter(drafted_at__lt=timezone.now() - ROWS_ARE_KEPT).exclude(rows=[]).update(rows=[], name="")


@transaction.atomic
def forget(holding: Holding) -> None:
    """Purge one holding and its entries."""
    holding = Holding.objects.select_for_update().get(pk=holding.pk)
    Entry.objects.filter(holding=holding).update(values={})
    holding.values, holding.title, holding.holder, holding.holder_key = {}, "", "", None
    holding.purged_at = timezone.now()
    holding.save(update_fields=["values", "title", "holder", "holder_key", "purged_at"])
