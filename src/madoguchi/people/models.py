"""Officers and the posts they hold. Offices themselves are the town's data (`town.yaml`), referred to by code."""

import hashlib
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
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


FIRST_PASSWORD = timedelta(days=7)


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
    first_password_until = models.DateTimeField(
        null=True, blank=True, help_text="set while the password is one that somebody else chose; it ends then"
    )
    objects: ClassVar[Officers] = Officers()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def give_first_password(self, password: str) -> None:
        """One that somebody else knows: it opens nothing but the page where the officer chooses an own one, in time."""
        self.set_password(password)
        self.first_password_until = timezone.now() + FIRST_PASSWORD
        self.save(update_fields=["password", "first_password_until"])


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


class Session(AbstractBaseSession):
    """A signed-in browser of an officer (or one that is about to sign in: then it is nobody's)."""

    officer = models.ForeignKey(Officer, models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=40, blank=True, default="", help_text="browser and system, no version")
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.officer}: {self.device}"

    @property
    def name(self) -> str:
        """What it is called on pages: the key itself opens the session and is shown nowhere."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]

    @staticmethod
    def idle() -> timedelta:
        """How long a session may be unused."""
        return timedelta(minutes=settings.SESSION_IDLE_MINUTES)

    def end_at(self, now: datetime) -> "SignIn.Kind | None":
        """Why the session is over; None while it is not."""
        if now >= self.expire_date:
            return SignIn.Kind.DAY_OVER
        return SignIn.Kind.UNUSED if now - self.used_at >= self.idle() else None


class SignIn(models.Model):
    """One line of the log of sign-ins. Rows are added only, with the database's time, and go after a year.

    No constraint ties them to the officer: they outlast the account.
    """

    class Kind(models.TextChoices):
        """What happened."""

        SIGNED_IN = "signed-in", _("サインイン")
        NEW_DEVICE = "new-device", _("新しい端末からのサインイン")
        WRONG_PASSWORD = "wrong-password", _("パスワードの間違い")
        WRONG_FACTOR = "wrong-factor", _("2つめの確認の間違い")
        SIGNED_OUT = "signed-out", _("サインアウト")
        UNUSED = "unused", _("使わない時間が続いたための終了")
        DAY_OVER = "day-over", _("1日の上限による終了")
        ENDED = "ended", _("端末の一覧からの終了")
        ENDED_BY_ADMIN = "ended-by-admin", _("管理者による終了")

    at = models.DateTimeField(db_default=Now())
    officer = models.ForeignKey(
        Officer, models.DO_NOTHING, null=True, related_name="sign_ins", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    sender = models.CharField(max_length=16, blank=True, help_text="keyed hash of the address, never the address")
    device = models.CharField(max_length=40, blank=True, help_text="browser and system, no version")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["officer", "-id"], name="sign_in_of_officer")]

    def __str__(self) -> str:
        return f"{self.at} {self.kind}"


class CredentialChange(models.Model):
    """A password or second factor that changed: written by a trigger, so that whoever changed it stands here.

    The application's role can read these rows and nothing else (docs/decisions/0051).
    """

    class What(models.TextChoices):
        """What changed."""

        PASSWORD = "password", _("パスワードの変更")
        DEACTIVATED = "deactivated", _("利用の停止")
        ACTIVATED = "activated", _("利用の再開")
        ADDED = "added", _("2つめの確認方法の追加")
        REMOVED = "removed", _("2つめの確認方法の削除")

    at = models.DateTimeField(db_default=Now())
    officer = models.ForeignKey(
        Officer, models.DO_NOTHING, null=True, related_name="credential_changes", db_index=False, db_constraint=False
    )
    what = models.CharField(max_length=12, choices=What.choices)
    factor = models.CharField(max_length=20, blank=True, help_text="its kind: totp, webauthn, recovery_codes")
    role = models.CharField(max_length=63, help_text="the database's role that made the change")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["officer", "-id"], name="change_of_officer")]

    def __str__(self) -> str:
        return f"{self.at} {self.what} {self.factor}"
