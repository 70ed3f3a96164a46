"""Ratings of the service: one per case, no account needed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case


class Rating(models.Model):
    """How the applicant found the service, 1 (bad) to 5 (good), with an optional comment."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five",
                violation_error_message=_("評価は1から5の中から選んでください。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.score)
