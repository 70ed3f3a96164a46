"""What a register holds: holdings, the entries of which they are made, what a case concerns, and batches taken over."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import new_id
from madoguchi.people.models import Officer

STANDINGS: dict[str, object] = {
    "coming": _("これから有効になる"),
    "in-force": _("有効"),
    "suspended": _("停止中"),
    "ended": _("終了"),
    "void": _("取り消した取込み"),
}
EFFECTS: dict[str, object] = {
    "enter": _("登載"),
    "renew": _("更新"),
    "change": _("変更"),
    "succeed": _("承継"),
    "suspend": _("停止"),
    "resume": _("再開"),
    "end": _("終了"),
    "void": _("取込みの取消し"),
}

NAME_KEY = Func(
    F("title"), F("holder"), template="replace(madoguchi_fold(%(expressions)s), ' ', '')", arg_joiner=" || ' ' || ",
    output_field=models.TextField(),
)  # fmt: skip
"""By which a holding is searched: what it is called and whose it is, as `cases.names` folds names."""


class Batch(models.Model):
    """A bureau's own list (取込み): drafted by one officer, entered by another, undone until it is used."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    register = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    name = models.CharField(max_length=200, help_text="the file's")
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(help_text="column of the register, or a part of it → heading of the file")
    rows = models.JSONField(help_text="the headings, then each row as read")
    fates = models.JSONField(default=list, help_text="line, number, fate and problems of each row; no names")
    drafted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    entered_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True) | ~Q(entered_by=F("drafted_by")),
                name="batch_entered_by_another",
                violation_error_message=_("取込みは、用意した人とは別の職員が確定します。"),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(entered_at__isnull=False), name="batch_undone_after_entered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.name}"


class Holding(models.Model):
    """One right or duty that a register knows (許可など): the present state of its entries, recounted from them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    register = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True, default="", help_text="by which people call it")
    holder = models.CharField(max_length=200, blank=True, default="")
    name_key = models.GeneratedField(expression=NAME_KEY, output_field=models.TextField(), db_persist=True)
    holder_key = models.UUIDField(null=True, blank=True, help_text="keyed hash of who it is")
    values = models.JSONField(default=dict, help_text="column → answer, as at present")
    standing = models.CharField(max_length=10)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="the last day; empty: no end")
    ended_on = models.DateField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True, help_text="when an entry that is there already takes effect")
    last_seq = models.PositiveIntegerField(default=0)
    told_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="so many days before the end the last letter was due"
    )
    retention_until = models.DateField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)
    invented = models.BooleanField(default=False, db_default=False, help_text="of a demo town's past")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["register", "number"],
                name="holding_number_once",
                violation_error_message=_("この番号は、すでに台帳にあります。"),
            ),
            models.CheckConstraint(condition=Q(standing__in=list(STANDINGS)), name="holding_standing_known"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(standing__in=["ended", "void"]), name="holding_ended_whole"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["register", "office", "until", "id"], name="holding_by_end"),
            models.Index(fields=["next_on"], condition=Q(next_on__isnull=False), name="holding_to_come"),
            models.Index(fields=["register", "holder_key"], name="holding_by_holder"),
            GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="holding_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class Entry(models.Model):
    """One act on a holding: append-only (a trigger). `values` are the columns it sets, `number` that of its paper."""

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    effect = models.CharField(max_length=10)
    on = models.DateField(help_text="the first day of its effect")
    until = models.DateField(null=True, blank=True)
    values = models.JSONField(default=dict)
    number = models.CharField(max_length=60, blank=True, default="")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="entries")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="entries")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holding", "seq"], name="entry_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(case__isnull=False), name="entry_once_a_case",
                violation_error_message=_("この案件は、すでに台帳に記入されています。"),
            ),
            models.CheckConstraint(condition=Q(effect__in=list(EFFECTS)), name="entry_effect_known"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("on")), name="entry_until_in_order"
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["number"], name="entry_by_number")]

    def __str__(self) -> str:
        return f"{self.holding_id}#{self.seq} {self.effect}"


class Concern(models.Model):
    """Which holding a case is about, as an officer confirmed it; no holding: the register has none.

    `seen` is the holding's last entry that the officer saw: a later one must be looked at before the case is decided.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="concern")
    holding = models.ForeignKey(Holding, models.PROTECT, null=True, blank=True, related_name="concerns")
    effect = models.CharField(max_length=10, help_text="what the case is to do to it")
    seen = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} → {self.holding_id or '-'}"
