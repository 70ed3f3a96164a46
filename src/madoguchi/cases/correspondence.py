"""What is asked and written about a case: corrections, consultations, notes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.people.models import Officer


class Correction(models.Model):
    """A request for correction (補正): which questions may be changed, and why each."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="corrections")
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    items = models.JSONField(help_text='[{"question": id, "text": sentence}]')
    answer_by = models.DateField(help_text="day until which an answer is hoped for (相当の期間)")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True),
                name="correction_one_open",
                violation_error_message=_("回答を待っている補正があります。"),
            ),
            models.CheckConstraint(condition=~Q(items=[]), name="correction_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.asked_at:%Y-%m-%d}"


class Consultation(models.Model):
    """A question to another office (照会・合議), which then may read the case."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="consultations")
    office = models.CharField(max_length=60)
    question = models.TextField()
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="consultation_answer_is_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office"], condition=Q(answered_at__isnull=True), name="consultation_open")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.office}"


class Note(models.Model):
    """A colleague's note; never shown to the applicant."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="notes")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]
