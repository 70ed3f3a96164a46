"""The past that was made up for a demonstration, and how far it is (ADR 39). A real town has no such row."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q


class InventedPast(models.Model):
    """One row: `made` of `cases` are there, all before `day`; made again with the same seed they are the same."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seed = models.BigIntegerField()
    day = models.DateField(help_text="the first day that is not made up")
    cases = models.PositiveIntegerField()
    made = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="past_is_one"),
            models.CheckConstraint(condition=Q(made__lte=F("cases")), name="past_makes_no_more_than_planned"),
        ]

    def __str__(self) -> str:
        return f"{self.made}/{self.cases}"

    @classmethod
    def known(cls) -> Self | None:
        """The past of this installation; None where nothing was made up."""
        return cls.objects.filter(pk=1).first()

    @property
    def percent(self) -> int:
        """How far it is; 100 only when everything that belongs to it is there."""
        return 100 if self.ended_at else min(99, 100 * self.made // max(self.cases, 1))
