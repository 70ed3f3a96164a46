"""Requests for data: anyone asks, the state is public, an office answers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.people.models import Officer

from .datasets import Dataset


class State(models.TextChoices):
    """Where a request stands."""

    RECEIVED = "received", _("受付")
    AT_OFFICE = "office", _("担当課で確認中")
    OPENED = "opened", _("公開しました")
    REFUSED = "refused", _("公開できません")


class DataRequest(models.Model):
    """What somebody asks for. Its text is public once an office has taken it; the e-mail address never is."""

    title = models.CharField(max_length=80)
    purpose = models.TextField()
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=10, default="ja")
    key = models.CharField(max_length=200, unique=True, help_text="idempotency key: one press, one request")
    body = models.CharField(max_length=64, help_text="SHA-256 of what was sent under the key")
    at = models.DateTimeField()
    due = models.DateField(help_text="the last open day for an answer")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    office = models.CharField(max_length=60, blank=True, default="")
    dataset = models.ForeignKey(Dataset, models.PROTECT, null=True, blank=True, related_name="requests")

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="opened", dataset__isnull=False) | (~Q(state="opened") & Q(dataset__isnull=True)),
                name="request_opened_with_dataset",
                violation_error_message=_("公開したデータを選んでください。"),
            ),
            models.CheckConstraint(
                condition=Q(state="received") | ~Q(office=""),
                name="request_answered_by_an_office",
                violation_error_message=_("担当課を選んでください。"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due"], name="request_by_state"),
            models.Index(fields=["at"], name="request_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.state in (State.RECEIVED, State.AT_OFFICE)


class Step(models.Model):
    """One step of a request's history: append-only (a trigger)."""

    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=State.choices)
    office = models.CharField(max_length=60, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="request_refused_with_reason",
                violation_error_message=_("公開できない理由を書いてください。"),
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-at"], name="request_step_by_time")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"
