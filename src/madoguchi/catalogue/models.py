"""Published definitions. A version never changes; a case stays on the version it was filed under."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """One content of one procedure (`digest` is its identity), usable for new applications from/until."""

    code = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    wordings = models.JSONField(default=dict)
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "digest"], name="version_by_content"),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("effective_from")),
                name="version_ends_after_it_begins",
                violation_error_message=_("適用の終わりは始まりより後にしてください。"),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(replaced_at__isnull=True),
                name="version_one_current",
                violation_error_message=_("一つの手続に使える版は一つです。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.digest[:8]}"


class Entry(models.Model):
    """The search entry of a procedure in one language: normalised tokens as `tsvector` (Japanese by Sudachi)."""

    code = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    tokens = SearchVectorField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "language"], name="entry_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["tokens"], name="entry_tokens")]

    def __str__(self) -> str:
        return f"{self.code}/{self.language}"
