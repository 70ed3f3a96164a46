"""What officers and visitors add to the projects' data: reports, ratings, answers, entered values, the register.

Reports, entered values and states of the register are append-only: a change is a new revision with its cause.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from madoguchi.people.models import Officer


class Revised(models.Model):
    """A row that is never changed: the highest revision holds, and every later one says its cause."""

    revision = models.PositiveSmallIntegerField(default=1)
    cause = models.CharField(max_length=400, blank=True, default="", help_text="why it was changed; from revision 2")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True


def _caused(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(revision=1) | ~Q(cause=""), name=name,
        violation_error_message=_("直したときは、その理由を書いてください。"),
    )  # fmt: skip


class Report(Revised):
    """What a project did in a quarter (進捗) and what it does next (今後の取組)."""

    project = models.CharField(max_length=125, help_text="<edition>/<code>")
    fiscal_year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    progress = models.TextField()
    next = models.TextField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["project", "fiscal_year", "quarter", "revision"], name="report_once"),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="report_quarter_is_one_of_four",
                violation_error_message=_("四半期は1から4です。"),
            ),
            models.CheckConstraint(
                condition=~Q(progress="") & ~Q(next=""), name="report_says_something",
                violation_error_message=_("進捗と今後の取組の両方を書いてください。"),
            ),
            _caused("report_change_has_cause"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project} {self.fiscal_year}-{self.quarter} r{self.revision}"


class Reply(models.Model):
    """「いただいた声」→「対応したこと」: what the office heard, in its own words, and what it did. Public."""

    project = models.CharField(max_length=125)
    said = models.TextField(help_text="summed up by the office: no visitor's own words")
    did = models.TextField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["project", "-at"], name="reply_by_project")]

    def __str__(self) -> str:
        return f"{self.project} {self.at:%Y-%m-%d}"


class Voice(models.Model):
    """A visitor's rating of a project, 1 to 5, with a comment that only the owner office reads."""

    project = models.CharField(max_length=125)
    office = models.CharField(max_length=60, help_text="the owner when it was given")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    key = models.CharField(max_length=64, unique=True, help_text="sent twice is given once")
    at = models.DateTimeField()
    reply = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="voices")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="voice_one_to_five",
                violation_error_message=_("評価は1から5の中から選んでください。"),
            )
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "-at"], condition=Q(reply__isnull=True), name="voice_waiting"),
            models.Index(fields=["project", "score"], name="voice_by_project"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.score}"


class Entry(Revised):
    """A value of an indicator that officers enter, for a bureau and a month, with its evidence."""

    indicator = models.CharField(max_length=60)
    bureau = models.CharField(max_length=60)
    month = models.DateField(help_text="its first day")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    evidence = models.CharField(max_length=400, help_text="which document shows it, and where that is kept")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["indicator", "bureau", "month", "revision"], name="entry_of_month_once"),
            models.CheckConstraint(
                condition=~Q(evidence=""), name="entry_has_evidence",
                violation_error_message=_("数字の根拠になる資料を書いてください。"),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="entry_not_negative",
                violation_error_message=_("0以上の数を入力してください。"),
            ),
            _caused("entry_change_has_cause"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.indicator} {self.bureau} {self.month:%Y-%m}"


class Item(models.Model):
    """A fax line, a seal requirement or a place that charges: one line of the register."""

    class Kind(models.TextChoices):
        """What the register counts."""

        FAX = "fax", _("FAX回線")
        SEAL = "seal", _("押印の求め")
        CHARGE = "charge", _("料金を受け取る場所")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    office = models.CharField(max_length=60)
    label = models.CharField(max_length=120, help_text="no number of a line, no name of a person")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "office", "label"], name="item_once",
                                    violation_error_message=_("同じものがすでに登録されています。")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label


class State(Revised):
    """How an item stands from a day on: still used, replaced, abolished, or demanded by law."""

    class Value(models.TextChoices):
        """The states, from bad to good; `law` is the one that this town cannot change."""

        USED = "used", _("使っている")
        LAW = "law", _("法令で必要")
        DIGITAL = "digital", _("デジタルで代替")
        ABOLISHED = "abolished", _("廃止")

    item = models.ForeignKey(Item, models.PROTECT, related_name="states")
    value = models.CharField(max_length=10, choices=Value.choices)
    since = models.DateField()
    plan_on = models.DateField(null=True, blank=True, help_text="when it is to end, while it is still used")
    evidence = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "revision"], name="state_once"),
            models.CheckConstraint(
                condition=~Q(evidence=""), name="state_has_evidence",
                violation_error_message=_("根拠になる資料を書いてください。"),
            ),
            _caused("state_change_has_cause"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item_id} {self.value}"
