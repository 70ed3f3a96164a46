"""The record and the letters of a case as officers read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madoguchi.cases.kinds import KINDS, letter_name
from madoguchi.cases.models import Case, Event
from madoguchi.cases.sentences import said
from madoguchi.people.models import Officer

MOST_EVENTS = 300


@dataclass(frozen=True)
class Told:
    """A line of the record as officers read it."""

    at: datetime
    text: str
    detail: str
    who: str


def record(case: Case) -> list[Told]:
    """The events of a case with the names of those who acted, newest first."""
    events = list(case.events.order_by("-seq")[:MOST_EVENTS])
    codes = {event.actor_code for event in events if event.actor_kind == "officer" and event.actor_code.isdigit()}
    names = {str(officer.pk): officer.name for officer in Officer.objects.filter(pk__in=codes)}
    return [Told(event.at, told(case, event), detail(case, event), _who(event, names)) for event in events]


def letters(case: Case) -> list[tuple[str, datetime]]:
    """The letters that were sent to the applicant, newest first."""
    sent = case.events.filter(kind="mailed").order_by("-seq")
    return [(letter_name(event.data.get("letter", "")), event.at) for event in sent]


def _who(event: Event, names: Mapping[str, str]) -> str:
    if event.actor_kind == "officer":
        return names.get(event.actor_code, event.actor_code)
    return {"applicant": _("申請者"), "system": _("システム")}.get(event.actor_kind, "")


def told(case: Case, event: Event) -> str:
    """What happened, in a few words."""
    kind = KINDS.get(event.kind)
    return said(kind.officer, case, event.data) if kind else event.kind


def detail(case: Case, event: Event) -> str:
    """What else the event's data says: which office, which seat, which decision, which letter."""
    kind = KINDS.get(event.kind)
    return said(kind.detail, case, event.data) if kind else ""
