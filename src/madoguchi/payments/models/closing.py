"""A day beside the providers' lists, and its end at a counter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.people.models import Officer

from .attempts import Attempt


class Difference(models.Model):
    """Where the provider's list and the ledger differ (消込の差異), until an officer settles it."""

    class Kind(models.TextChoices):
        """What differs."""

        ONLY_THERE = "only-there", _("事業者の記録だけにある")
        ONLY_HERE = "only-here", _("こちらの記録だけにある")
        AMOUNT = "amount", _("金額が違う")
        TWICE = "twice", _("二重に支払われている")

    class Movement(models.TextChoices):
        """What moved, by the provider's record."""

        PAID = "paid", _("納付")
        REFUNDED = "refunded", _("還付")

    provider = models.CharField(max_length=24)
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    movement = models.CharField(max_length=8, choices=Movement.choices, default=Movement.PAID, db_default="paid")
    provider_reference = models.CharField(max_length=200)
    ours = models.IntegerField(default=0, help_text="yen")
    theirs = models.IntegerField(default=0, help_text="yen")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["provider", "provider_reference", "kind", "ours", "theirs"], name="difference_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(note=""),
                name="difference_is_settled_with_a_note",
                violation_error_message=_("差異の処理には、どう処理したかの説明が必要です。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.provider_reference}"


class Comparison(models.Model):
    """A day of a provider's list that was compared with the ledger (消込), last at this moment."""

    provider = models.CharField(max_length=24)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "day"], name="day_compared_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class DayClose(models.Model):
    """The end of a day at a real counter (日締め): what the terminal says beside what the ledger says."""

    office = models.CharField(max_length=60)
    day = models.DateField()
    expected = models.JSONField(help_text="method → yen, by the ledger")
    counted = models.JSONField(help_text="method → yen, by the terminal's slip")
    note = models.CharField(max_length=400, blank=True, default="")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["office", "day"], name="day_closed_once")
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.day}"
