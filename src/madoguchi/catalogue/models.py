"""Published definitions. A version never changes; a case stays on the version it was filed under."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
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
    """Something that the search finds: `names` and `keywords` as whole phrases, folded (`search.words.key`)."""

    kind = models.CharField(max_length=20, help_text="procedure, facility, dataset, page, elsewhere")
    code = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, help_text="of the texts that were indexed")
    names = ArrayField(models.TextField())
    keywords = ArrayField(models.TextField(), default=list)
    is_closure = models.BooleanField(default=False, help_text="its name speaks of an end: it stands behind openings")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "code"], name="entry_of_a_thing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.code}"


class Term(models.Model):
    """A word under which an entry is found, and how much it counts there."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="terms")
    word = models.CharField(max_length=100)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(OpClass("word", name="varchar_pattern_ops"), "entry", name="term_word"),
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="term_near"),
        ]

    def __str__(self) -> str:
        return self.word
