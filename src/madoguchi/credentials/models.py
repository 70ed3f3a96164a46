"""The register of issued documents: the signed bytes, and whether they still hold."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case
from madoguchi.people.models import Officer


class Credential(models.Model):
    """A signed document (許可証・通知書). Only its withdrawal (取消) may be added later."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="credentials")
    form = models.CharField(max_length=24)
    title = models.CharField(max_length=80)
    number = models.CharField(max_length=40)
    code = models.CharField(max_length=32, unique=True, help_text="160-bit secret in the QR code")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="credential_withdrawal_is_whole",
                violation_error_message=_("取消しには、日時と職員と理由が必要です。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
