"""Charges and the ledger they stand on. Every amount is a whole number of yen."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import new_id, new_reference, new_secret


class Charge(models.Model):
    """What somebody owes for one thing: the fee of a case, or an order of tickets (`bookings`).

    `owed` and `paid` are kept by `actions` in the transaction that writes the ledger: `owed` is what is asked for after
    reductions, `paid` what came in after refunds. The ledger is the truth; a test recounts it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    reference = models.CharField(max_length=16, default=new_reference, help_text="納付番号, read aloud")
    secret = models.CharField(max_length=40, default=new_secret, help_text="opens the payment page alone")
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="charge")
    code = models.CharField(max_length=60, help_text="the procedure or facility, for the treasurer's page")
    office = models.CharField(max_length=60)
    label = models.CharField(max_length=200, help_text="what for, in Japanese, as documents print it")
    owed = models.PositiveIntegerField(default=0, help_text="yen asked for, after reductions and write-offs")
    paid = models.PositiveIntegerField(default=0, help_text="yen that came in, after refunds")
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    pay_by = models.DateTimeField(null=True, blank=True, help_text="places are held for it until this moment")
    reminded_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True, help_text="nothing more can be paid from here on")

    class Meta:
        # Unique by constraint, not by field: Django would add an index for LIKE to each, which nobody asks for.
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reference"], name="charge_reference_once"),
            models.UniqueConstraint(fields=["secret"], name="charge_secret_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_on"],
                condition=Q(due_on__isnull=False, paid__lt=F("owed"), lapsed_at__isnull=True),
                name="charge_unpaid",
            ),
            models.Index(fields=["office", "-opened_at"], name="charge_by_office"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_invented(self) -> bool:
        """Whether it belongs to a case, or to an order (`bookings`), of a demo town's invented past (ADR 39)."""
        if self.case is not None:
            return self.case.invented
        return bool(getattr(getattr(self, "order", None), "is_invented", False))

    @property
    def due(self) -> int:
        """Yen still to pay; negative when something must be paid back."""
        return self.owed - self.paid

    @property
    def over(self) -> int:
        """Yen that were paid beyond what is asked for, and are paid back."""
        return max(-self.due, 0)


class Entry(models.Model):
    """One line of the ledger: `yen` goes from the account `credit` to the account `debit`, so every line sums to zero.

    Append-only: a trigger refuses changes, and the application's role has no right to make them.
    """

    class Kind(models.TextChoices):
        """Why money, or the duty to pay it, moved."""

        OWED = "owed", _("請求")
        LOWERED = "lowered", _("減額（内容の変更）")
        REDUCED = "reduced", _("減免")
        PAID = "paid", _("納付")
        REFUNDED = "refunded", _("還付")
        WRITTEN_OFF = "written-off", _("不納欠損")

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    debit = models.CharField(max_length=40)
    credit = models.CharField(max_length=40)
    yen = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_code = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="", help_text="減免, 還付 and 不納欠損 need one")
    attempt = models.ForeignKey(
        "Attempt", models.PROTECT, null=True, blank=True, db_index=False, related_name="entries"
    )
    key = models.CharField(max_length=80, help_text="the same movement is written once")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="entry_key_once"),
            models.CheckConstraint(condition=Q(yen__gt=0), name="entry_moves_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_has_two_accounts"),
            models.CheckConstraint(
                condition=~Q(kind__in=["reduced", "refunded", "written-off"]) | ~Q(reason=""),
                name="entry_gives_its_reason",
                violation_error_message=_("減免・還付・不納欠損には理由が必要です。"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"], name="entry_by_day"),
            models.Index(fields=["attempt"], condition=Q(attempt__isnull=False), name="entry_of_an_attempt"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.yen}"
