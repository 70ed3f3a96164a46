"""The office's file: case, task, pause, event, and what officers write around it.

The database refuses every impossible state; each constraint carries its sentence.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.queries import compiled_version
from madoguchi.foundation.identifiers import new_id
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Officer, Role

from .correspondence import Consultation, Correction, Note
from .names import NAME_KEY
from .past import InventedPast

__all__ = [
    "Case", "Channel", "Check", "Consultation", "Correction", "DocumentNumber", "Event", "InventedPast", "Note",
    "Pause", "Task", "payload_of",
]  # fmt: skip


class Channel(models.TextChoices):
    """Where an application came in (受付経路)."""

    ONLINE = "online", _("オンライン")
    COUNTER = "counter", _("窓口")
    API = "api", _("API")


class Cases(models.Manager["Case"]):
    """Loads cases as somebody; what an actor may not see does not exist for the actor."""

    def for_actor(self, actor: Actor) -> models.QuerySet["Case"]:
        """An applicant's own cases; an office's and those it is asked about or decides jointly; all for the system."""
        if actor.kind == "applicant":
            return self.filter(reference__in=actor.references)
        if actor.kind == "officer":
            return self.filter(self._of_offices(actor))
        return self.all() if actor.kind == "system" else self.none()

    @staticmethod
    def _of_offices(actor: Actor) -> Q:
        working = actor.offices_with(CASE_WORKERS)
        asked = Consultation.objects.filter(case=OuterRef("pk"), office__in=working)
        joint = Case.objects.filter(
            pk=OuterRef("pk"), drafts__approvals__joint=True, drafts__approvals__office__in=working
        )
        own = Q(office__in=actor.offices_with((*CASE_WORKERS, Role.CLERK)))
        return own | Q(Exists(asked)) | Q(Exists(joint))


class Case(models.Model):
    """One matter (案件). Arrival is recorded at once and never undone (行政手続法第7条)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=13, unique=True, help_text="XXXX-XXXX-XXX")
    version = models.ForeignKey(Version, models.PROTECT)
    procedure = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    flow = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    result = models.CharField(max_length=20, blank=True, default="")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    language = models.CharField(max_length=10, default="ja")
    title = models.CharField(max_length=200, blank=True, default="", help_text="who applies, for the office's lists")
    name_key = models.GeneratedField(expression=NAME_KEY, output_field=models.TextField(), db_persist=True)
    fee = models.PositiveIntegerField(null=True, blank=True, help_text="yen")
    unpaid = models.PositiveIntegerField(default=0, help_text="yen still to pay, kept by `payments`")
    electronic_notice = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    period_days = models.PositiveSmallIntegerField(null=True, blank=True)
    period_unit = models.CharField(max_length=8, default="working")
    due_on = models.DateField(null=True, blank=True, help_text="promised day; empty while the clock is paused")
    assignee = models.ForeignKey(Officer, models.SET_NULL, null=True, blank=True, related_name="cases")
    likeness = models.UUIDField(null=True, blank=True, help_text="by which one like it is found: a keyed hash")
    email_key = models.UUIDField(null=True, blank=True, help_text="keyed hash of the address for letters")
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    retention_until = models.DateField()
    purged_at = models.DateTimeField(null=True, blank=True)
    key_salt = models.PositiveSmallIntegerField(default=0)
    invented = models.BooleanField(default=False, db_default=False, help_text="of a demo town's past (ADR 39)")
    filing = models.PositiveSmallIntegerField(default=1, db_default=1, help_text="number of the newest application's")
    last_seq = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64)

    objects: ClassVar[Cases] = Cases()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, result="") | ~Q(closed_at__isnull=True) & ~Q(result=""),
                name="case_closed_with_result",
                violation_error_message=_("結果のない案件は完結できません。"),
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="case_channel_known",
                violation_error_message=_("受付経路が不明です。"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "due_on", "id"], condition=Q(closed_at__isnull=True), name="case_inbox"),
            models.Index(fields=["office", "-received_at", "-id"], name="case_by_arrival"),
            models.Index(fields=["procedure", "received_at"], name="case_by_procedure"),
            models.Index(
                fields=["email_key"], condition=Q(email_confirmed_at__isnull=False), name="case_by_confirmed_address"
            ),
            models.Index(fields=["likeness"], name="case_by_likeness"),
            GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="case_by_name"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def compiled(self) -> Compiled:
        """The definition under which the case was filed."""
        return compiled_version(self.version_id)

    @property
    def is_open(self) -> bool:
        """Whether the case still runs."""
        return self.closed_at is None


class Event(models.Model):
    """What happened: append-only and hash-chained per case. `data` holds codes and counts, never personal data."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_code = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_once"),
            models.UniqueConstraint(fields=["case", "previous"], name="event_chain_does_not_fork"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "at"], name="event_by_kind")]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.kind}"

    @property
    def payload(self) -> dict[str, object]:
        """What the hash covers."""
        return payload_of(vars(self))


def payload_of(event: Mapping[str, Any]) -> dict[str, object]:
    """What the hash of an event covers, from its row."""
    return {
        "case": str(event["case_id"]), "seq": event["seq"], "kind": event["kind"], "at": event["at"].isoformat(),
        "actor": [event["actor_kind"], event["actor_code"]], "data": event["data"],
    }  # fmt: skip


class Task(models.Model):
    """A step of the flow that waits for somebody: one open task per case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    step = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="when the system's timer ends the step")
    filed_at = models.DateTimeField(null=True, blank=True, help_text="when what the step asks was answered")
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(closed_at__isnull=True),
                name="task_one_open",
                violation_error_message=_("一つの案件で同時に進む作業は一つです。"),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | ~Q(closed_at__isnull=True) & ~Q(outcome=""),
                name="task_closed_with_outcome",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="task_timer")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class Pause(models.Model):
    """Days that the standard period does not count: the case waits for the applicant."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case"], condition=Q(until__isnull=True), name="pause_one_open"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="pause_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.since}–{self.until or ''}"


class Check(models.Model):
    """A ticked line of the check list; it belongs to the filing of the application on which it was made."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="checks")
    filing = models.PositiveSmallIntegerField(default=1, db_default=1)
    step = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "step", "item", "filing"], name="check_once_on_a_filing")
        ]

    def __str__(self) -> str:
        return f"{self.step}/{self.item}"


class DocumentNumber(models.Model):
    """The last document number of an office in a fiscal year; taken inside the decision's transaction, so no gaps."""

    office = models.CharField(max_length=60)
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["office", "fiscal_year"], name="document_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.fiscal_year}: {self.last}"
