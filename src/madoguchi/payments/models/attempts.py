"""How charges are paid and paid back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.identifiers import new_id, new_secret
from madoguchi.people.models import Officer

from .charges import Charge


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
