"""Datasets, their frozen versions and files. The rows of the newest version are a table of the schema `datastore`."""

from typing import Any, ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.identifiers import new_id

LICENCE: Final = "CC-BY-4.0"


class Dataset(models.Model):
    """What is published under one address; an upload or the system (`sources`) gives it new versions."""

    class Frequency(models.TextChoices):
        """How often it is renewed."""

        DAILY = "daily", _("毎日")
        WEEKLY = "weekly", _("毎週")
        MONTHLY = "monthly", _("毎月")
        QUARTERLY = "quarterly", _("３か月ごと")
        ANNUAL = "annual", _("毎年")
        IRREGULAR = "irregular", _("決まっていない")

    class Source(models.TextChoices):
        """Who makes its rows."""

        SYSTEM = "system", _("システムが作成")
        UPLOAD = "upload", _("担当課が登録")

    code = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("半角の小文字、数字、ハイフンで書いてください。"))],
    )
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True, default="")
    title_easy = models.CharField(max_length=200, blank=True, default="")
    description = models.TextField()
    description_en = models.TextField(blank=True, default="")
    description_easy = models.TextField(blank=True, default="")
    office = models.CharField(max_length=60, help_text="of town.yaml")
    theme = models.CharField(max_length=20, help_text="of `themes`")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    licence = models.CharField(max_length=20, default=LICENCE, help_text="SPDX identifier")
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.IRREGULAR)
    contact = models.EmailField(blank=True, default="", help_text="empty: the office by telephone")
    source = models.CharField(max_length=6, choices=Source.choices)
    is_public = models.BooleanField(default=False)
    current = models.OneToOneField("Version", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(help_text="of the description or the rows")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(current__isnull=False),
                name="dataset_public_with_rows",
                violation_error_message=_("データがまだないため、公開できません。"),
            )
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["changed_at"], name="dataset_by_change")]

    def __str__(self) -> str:
        return self.code

    def title_in(self, language: str) -> str:
        """The title in ja, en or ja-easy; Japanese where it was not translated."""
        return {"en": self.title_en, "ja-easy": self.title_easy}.get(language) or self.title

    def description_in(self, language: str) -> str:
        """The description in ja, en or ja-easy."""
        return {"en": self.description_en, "ja-easy": self.description_easy}.get(language) or self.description


class Version(models.Model):
    """The rows as they stood once, never changed: a trigger refuses it. `schema` is a Frictionless Table Schema.

    `sha256` is that of the canonical rows (`rows.canonical`), so that equal content is known as equal.
    """

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    schema = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dataset", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} v{self.number}"

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The columns: name, type, title, description."""
        found: list[dict[str, Any]] = self.schema["fields"]
        return found

    @property
    def key(self) -> list[str]:
        """The columns that name a row; none: rows are known by their whole content only."""
        found: list[str] = self.schema.get("primaryKey", [])
        return found

    @property
    def table(self) -> str:
        """Its table in the schema `datastore`; there while the version is its dataset's current one."""
        return f"d{self.dataset_id}_v{self.number}"


class Resource(models.Model):
    """A dataset in one format: CKAN's resource. Its id stays while versions come."""

    class Format(models.TextChoices):
        """How it is written."""

        CSV = "csv", "CSV"
        JSON = "json", "JSON"
        PARQUET = "parquet", "Parquet"

    id = models.UUIDField(primary_key=True, default=new_id)
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="resources")
    format = models.CharField(max_length=8, choices=Format.choices)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dataset", "format"], name="resource_once_per_format")
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.format}"


class File(models.Model):
    """One version in one format, written once when it was frozen; `store` has its bytes."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="files")
    version = models.ForeignKey(Version, models.PROTECT, related_name="files")
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["resource"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["resource", "version"], name="file_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.bytes} bytes"


class Piece(models.Model):
    """A part of a file's bytes (`store`), in the order of `number`; never changed: a trigger refuses it."""

    sha256 = models.CharField(max_length=64, help_text="of the whole content")
    number = models.PositiveIntegerField(help_text="from 0")
    part = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sha256", "number"], name="piece_once")
        ]

    def __str__(self) -> str:
        return f"{self.sha256} {self.number}"
