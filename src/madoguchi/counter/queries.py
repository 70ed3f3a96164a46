"""What the public pages show: procedures in the reader's language, the case's timeline and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from madoguchi.cases.flow import path_to_decision
from madoguchi.cases.models import Event
from madoguchi.cases.queries import flow_under
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.queries import current
from madoguchi.credentials.checking import State, Verdict
from madoguchi.credentials.models import Credential
from madoguchi.payments.paying.receipt import of_a_charge
from madoguchi.people.models import Officer
from madoguchi.platform.calendar import today
from madoguchi.registers.queries import is_renewing, of_document, state_of
from madoguchi.town.offices import town


def language() -> str:
    """The reader's language."""
    return get_language() or "ja"


@dataclass(frozen=True)
class Card:
    """A procedure in a list."""

    code: str
    name: str
    summary: str
    bureau: str
    kind: str
    fee: str
    days: int | None
    unit: str
    life_events: tuple[str, ...]


def card(compiled: Compiled) -> Card:
    """A procedure as it stands in lists."""
    procedure, words = compiled.procedure, compiled.words(language())
    period = procedure.standard_period
    return Card(
        code=procedure.code,
        name=words.text("name", procedure.name),
        summary=words.text("summary", procedure.summary),
        bureau=town().bureaus[procedure.bureau].in_language(language()),
        kind=procedure.kind,
        fee="" if procedure.fee is None else procedure.fee.amount,
        days=period.days if period else None,
        unit=period.unit if period else "working",
        life_events=procedure.life_events,
    )


def cards(codes: Iterable[str] | None = None) -> list[Card]:
    """All procedures, or those of the codes in their order."""
    listed = current()
    wanted = listed if codes is None else [code for code in codes if code in listed]
    return [card(listed[code].compiled) for code in wanted]


@dataclass(frozen=True)
class Reading:
    """Who in the office opened the file."""

    at: Any
    office: str
    name: str


def readings(events: Iterable[Event]) -> list[Reading]:
    """The read-access log with names, newest first."""
    listed = list(events)
    readers = {event.actor_code for event in listed if event.actor_code.isdigit()}
    names = {str(officer.pk): officer.name for officer in Officer.objects.filter(pk__in=readers)}
    return [Reading(event.at, _office(event), names.get(event.actor_code, "")) for event in listed]


def _office(event: Event) -> str:
    office = town().offices.get(event.data.get("office", ""))
    return office.in_language(language()) if office else ""


def flow_steps(compiled: Compiled) -> list[str]:
    """The usual course of a procedure, for the page before the form."""
    flow = flow_under(compiled)
    lang: Any = language()
    return [step.text(lang) for step in path_to_decision(flow, flow.start)]


def behind(credential: Credential | None) -> dict[str, Any]:
    """Whether the right behind a paper is in force today, where a register knows it; nothing of it else is told."""
    holding = of_document(credential.case) if credential else None
    if holding is None:
        return {}
    day = today()
    state = state_of(holding, day)
    renewing = is_renewing(holding)
    return {
        "right": "in-force" if state.in_force(day, renewing=renewing) else _standing(state.standing),
        "right_until": state.until,
        "right_ended": state.ended_on,
        "right_renewing": renewing and state.until is not None and state.until < day,
    }


def _standing(standing: str) -> str:
    return "expired" if standing == "in-force" else standing


def document_state(verdict: Verdict, known: Credential | None) -> str:
    """genuine, withdrawn, unknown (our signature, but not in the register), or what the signature check says.

    Receipts stand in no register; their charges tell that they are ours.
    """
    if verdict.state != State.GENUINE:
        return str(verdict.state.value)
    if known is None:
        return "genuine" if of_a_charge(verdict.number or "", verdict.subject or "") else "unknown"
    return "withdrawn" if known.withdrawn_at else "genuine"
