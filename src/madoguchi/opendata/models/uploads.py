"""Files that bureaus hand in for publication, and what officers lifted of their findings."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.identifiers import new_id
from madoguchi.people.models import Officer

from .datasets import Version


class Upload(models.Model):
    """One file and what was found in it. Its bytes are kept only until it is published or given up."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("確認中")
        PUBLISHED = "published", _("公開済み")
        DISCARDED = "discarded", _("取りやめ")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    office = models.CharField(max_length=60)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    content = models.BinaryField(blank=True, default=b"")
    facility_columns = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    report = models.JSONField(help_text="what upload_judging found, personal data masked")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    version = models.OneToOneField(Version, models.PROTECT, null=True, blank=True, related_name="upload")

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(content=b""),
                name="upload_kept_only_while_waiting",
                violation_error_message=_("確認が終わったファイルは残せません。"),
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True) | Q(state="published"), name="upload_with_version_is_published"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["office", "-at"], name="upload_by_office")]

    def __str__(self) -> str:
        return self.name


class Lift(models.Model):
    """An officer's word that a finding is no person's: append-only (a trigger)."""

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="lifts")
    group = models.CharField(max_length=200, help_text="personal.Finding.group")
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["upload", "group"], name="lift_once"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="lift_has_a_reason", violation_error_message=_("理由を書いてください。")
            ),
        ]

    def __str__(self) -> str:
        return self.group
