"""Charges, the ledger they stand on, and how they were paid. Every amount is a whole number of yen."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import new_id, new_reference, new_secret
from madoguchi.people.models import Officer


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


class Attempt(models.Model):
    """One try to pay a charge through one provider."""

    class State(models.TextChoices):
        """How it stands."""

        STARTED = "started", _("手続中")
        PAID = "paid", _("納付済み")
        FAILED = "failed", _("失敗")
        EXPIRED = "expired", _("期限切れ")

    id = models.UUIDField(primary_key=True, default=new_id)
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=24)
    method = models.CharField(max_length=24, blank=True, default="", help_text="card, e-money, code … when known")
    yen = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    provider_reference = models.CharField(max_length=200, blank=True, default="")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    refunded = models.PositiveIntegerField(default=0, help_text="yen paid back through the same provider")
    taken_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    told = models.JSONField(default=dict, help_text="what the provider needs to go on: the page's address, the code")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(yen__gt=0), name="attempt_pays_something"),
            models.CheckConstraint(condition=Q(refunded__lte=F("yen")), name="attempt_refunds_no_more_than_it_took"),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="attempt_once_per_provider",
            ),
            models.UniqueConstraint(
                fields=["charge", "provider"],
                condition=Q(state="started"),
                name="attempt_one_open_per_provider",
                violation_error_message=_("同じ支払方法の手続が、すでに始まっています。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.yen}"


class Refund(models.Model):
    """A repayment (還付) promised to the payment it came from; its id is the idempotency key towards the provider.

    Promised with the line that made it due, asked of the provider by a job, done with the ledger's line. While the
    provider is down it waits here.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="refunds")
    yen = models.PositiveIntegerField()
    reason = models.CharField(max_length=400)
    promised_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="from here on it is not taken back")
    done_at = models.DateTimeField(null=True, blank=True)
    slip = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="its number, made by hand")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(yen__gt=0), name="refund_pays_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="refund_gives_its_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["promised_at"], condition=Q(done_at__isnull=True), name="refund_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.yen}"


class Notification(models.Model):
    """A notification that was authentic, once however often it comes; forged ones leave no row."""

    provider = models.CharField(max_length=24)
    event = models.CharField(max_length=200)
    at = models.DateTimeField()
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="notifications")
    outcome = models.CharField(max_length=24, help_text="what it changed: paid, failed, refunded, nothing, mismatch")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "event"], name="notification_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event}"


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


class SandboxPayment(models.Model):
    """What the sandbox provider would keep on its own server: a checkout of play money. Never in production."""

    attempt = models.CharField(max_length=60, unique=True)
    reference = models.CharField(max_length=40, unique=True, default=new_secret)
    yen = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    back = models.CharField(max_length=400)
    state = models.CharField(max_length=10, default="waiting", help_text="waiting, paid, failed")
    at = models.DateTimeField(help_text="when it came into this state")
    refunds = models.JSONField(default=dict, help_text="key → {yen, at}")

    def __str__(self) -> str:
        return f"{self.state} {self.yen}"
