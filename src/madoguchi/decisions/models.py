"""Draft (起案), approval (決裁) and decision (決定). A refusal without reasons or appeal notice cannot be stored."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case
from madoguchi.people.models import Officer

NEEDS_REASONS = ("refused", "granted-in-part")


class Draft(models.Model):
    """A proposed decision: result, reasons and conditions, on its way through the approval chain."""

    class State(models.TextChoices):
        PENDING = "pending", _("決裁中")
        SENT_BACK = "sent-back", _("差戻し")
        APPROVED = "approved", _("決裁済")

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    result = models.CharField(max_length=20)
    reasons = models.JSONField(default=list, help_text="ids of the definition's refusal reasons")
    explanation = models.TextField(blank=True, default="", help_text="the facts to which the reasons apply")
    conditions = models.JSONField(default=list, help_text="conditions added to those of the definition")
    drafted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="pending"), name="draft_one_pending",
                violation_error_message=_("この案件には決裁中の起案があります。"),
            ),
            models.CheckConstraint(
                condition=~Q(result__in=NEEDS_REASONS) | ~Q(reasons=[]) & ~Q(explanation=""),
                name="draft_refusal_has_reasons",
                violation_error_message=_("拒否や一部拒否には、理由とあてはまる事実が必要です（行政手続法第8条）。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.result}"


class Approval(models.Model):
    """One seat of the chain, in order. `joint`: another office's 合議; `final`: the seat that decides (専決)."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="approvals")
    order = models.PositiveSmallIntegerField()
    office = models.CharField(max_length=60)
    position = models.CharField(max_length=10)
    joint = models.BooleanField(default=False)
    final = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True, default="")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    as_deputy = models.BooleanField(default=False, help_text="代決: decided in an absent officer's place")
    at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "order"], name="approval_order_once"),
            models.CheckConstraint(
                condition=Q(outcome="", by__isnull=True, at__isnull=True)
                | Q(outcome__in=["approved", "sent-back"], by__isnull=False, at__isnull=False),
                name="approval_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.office}/{self.position}"


class Decision(models.Model):
    """The decision, made once; its number is taken without gaps in the same transaction."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="decision")
    draft = models.OneToOneField(Draft, models.PROTECT, related_name="decision")
    result = models.CharField(max_length=20)
    decided_on = models.DateField()
    office = models.CharField(max_length=60)
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    document_number = models.CharField(max_length=40)
    reasons = models.JSONField(default=list, help_text='[{"text", "law"}] as printed')
    explanation = models.TextField(blank=True, default="")
    appeal = models.JSONField(default=list, help_text="the appeal notice (教示), paragraph by paragraph")
    conditions = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["office", "fiscal_year", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=~Q(result__in=NEEDS_REASONS) | ~Q(reasons=[]) & ~Q(appeal=[]),
                name="decision_refusal_is_lawful",
                violation_error_message=_(
                    "理由と教示のない拒否はできません（行政手続法第8条、行政不服審査法第82条）。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="decision_valid_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.document_number
