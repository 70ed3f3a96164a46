"""Officers and the posts they hold. Offices themselves are the town's data (`town.yaml`), referred to by code."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a post may do. Positions that approve (決裁) are chief, manager and director."""

    CLERK = "clerk", _("窓口")
    OFFICER = "officer", _("担当")
    CHIEF = "chief", _("係長")
    MANAGER = "manager", _("課長")
    DIRECTOR = "director", _("部長")
    REFORM = "reform", _("改革推進")
    ADMIN = "admin", _("管理者")


APPROVERS = (Role.CHIEF, Role.MANAGER, Role.DIRECTOR)
CASE_WORKERS = (Role.OFFICER, *APPROVERS)


class Officers(BaseUserManager["Officer"]):
    """Makes officers; passwords are hashed here and nowhere else."""

    def create_officer(self, *, email: str, name: str, password: str) -> "Officer":
        """A new officer who can sign in once a second factor is set."""
        officer = self.model(email=self.normalize_email(email).lower(), name=name)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """A member of staff (職員)."""

    email = models.EmailField(_("メールアドレス"), unique=True)
    name = models.CharField(_("氏名"), max_length=80)
    is_active = models.BooleanField(default=True)
    objects: ClassVar[Officers] = Officers()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """An officer's post (職) in an office; while absent, the deputy decides in the officer's place (代決)."""

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="posts")
    office = models.CharField(max_length=60)
    role = models.CharField(max_length=10, choices=Role.choices)
    deputy = models.ForeignKey(Officer, models.SET_NULL, null=True, blank=True, related_name="deputising")
    absent_from = models.DateField(null=True, blank=True)
    absent_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "office", "role"], name="post_once"),
            models.CheckConstraint(
                condition=~Q(deputy=F("officer")),
                name="post_deputy_is_someone_else",
                violation_error_message=_("代決者には本人以外を指定してください。"),
            ),
            models.CheckConstraint(
                condition=Q(absent_from__isnull=True, absent_until__isnull=True)
                | Q(absent_from__isnull=False, absent_until__gte=F("absent_from")),
                name="post_absence_has_both_ends",
                violation_error_message=_("不在の開始日と終了日を、順番どおりに指定してください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office}/{self.role}"

    def is_absent(self, on: date) -> bool:
        """Whether the deputy may decide on that day."""
        return bool(self.absent_from and self.absent_until and self.absent_from <= on <= self.absent_until)


class Tally(models.Model):
    """How far somebody's brake is drawn (`brake/counting.py`); goes when it is free again, and in a crash."""

    key = models.UUIDField(primary_key=True, help_text="keyed hash of a kind and a sender or an address")
    until = models.DateTimeField(help_text="each request moves it ahead; free when it is past")
    most = models.DurationField(help_text="so far ahead it may be")
    refused = models.BooleanField(default=False, help_text="whether the last request was too much")

    def __str__(self) -> str:
        return f"{self.until:%H:%M:%S}"
