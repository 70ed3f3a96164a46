"""What applicants hand in: filings (answers, one per correction), uploads, idempotency keys, invitations."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case, Task
from madoguchi.catalogue.typed import over
from madoguchi.people.models import Officer


class Filing(models.Model):
    """The answers as handed in: number 1 is the application, each correction adds one; none is ever changed.

    `step` is empty for the application; what a step asked is filed by the officer who answered it, once for each time
    that the case came to the step (`task`).
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="filings")
    step = models.CharField(max_length=40, blank=True, default="", db_default="")
    number = models.PositiveSmallIntegerField()
    task = models.OneToOneField(Task, models.CASCADE, null=True, blank=True, related_name="filing")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField()
    typed = models.JSONField(default=dict, db_default={}, help_text="as typed, where the answers say it otherwise")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "step", "number"], name="filing_once_at_a_step"),
            models.CheckConstraint(
                condition=Q(step="", task__isnull=True, by__isnull=True) | ~Q(step="") & Q(task__isnull=False),
                name="filing_of_a_step_has_its_task",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}#{self.number}"

    @property
    def as_typed(self) -> Any:
        """The answers as they were typed: what a form shows again."""
        return over(self.answers, self.typed)


class Upload(models.Model):
    """A file: stored when it arrives, claimed by a case at submission, swept after a day when it was not.

    The id is a 160-bit secret that allows attaching, never reading.
    """

    id = models.CharField(primary_key=True, max_length=32)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="uploads")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_not_empty",
                                   violation_error_message=_("中身が空のファイルは受け取れません。")),
            models.CheckConstraint(condition=Q(kind__in=["pdf", "jpeg", "png"]), name="upload_kind_known"),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["created_at"], condition=Q(case__isnull=True), name="upload_unclaimed")
        ]

    def __str__(self) -> str:
        return self.name


class Sheet(models.Model):
    """A form between two requests, sealed with its page's address (`sheets.py`)."""

    id = models.CharField(primary_key=True, max_length=64)
    application = models.CharField(max_length=64, db_index=True, help_text="hash of the idempotency key")
    at = models.DateTimeField(db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return self.id


class Idempotency(models.Model):
    """A key seen before: same key and body, same answer; another body is a conflict."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=220)
    body = models.CharField(max_length=64, help_text="SHA-256 of what was sent")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class Invitation(models.Model):
    """A link into a case: the confirmation of an e-mail address, or the QR code handed over at the counter."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("メールの確認")
        HANDOVER = "handover", _("窓口からの引継ぎ")
        LETTER = "letter", _("メールのリンク")

    token_hash = models.CharField(max_length=64, unique=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    email_key = models.UUIDField(null=True, blank=True, help_text="of the letter: `Case.email_key` when it was written")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.purpose}"
