"""What the public pages show: procedures in the reader's language, the case's timeline and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.cases.flow import path_to_decision
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import flow_of, flows, timeline
from madoguchi.catalogue import search
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.queries import current
from madoguchi.credentials.checking import State, Verdict
from madoguchi.credentials.models import Credential
from madoguchi.payments.receipt import of_a_charge
from madoguchi.people.models import Officer
from madoguchi.people.town import town


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


def found(query: str) -> list[Card]:
    """The procedures that hold the words."""
    return cards(search.find_codes(query))


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: done, now or to come."""

    state: str
    title: str
    at: Any = None
    text: str = ""


def history(case: Case) -> list[Entry]:
    """What happened and what usually comes next, as the applicant reads it."""
    done = [Entry("done", _title(case, event), event.at) for event in timeline(case) if _title(case, event)]
    if not case.is_open:
        return done
    steps = path_to_decision(flow_of(case), case.step)
    lang: Any = language()
    ahead = [
        Entry("now" if n == 0 else "next", step.text(lang), text=step.text(lang, "help"))
        for n, step in enumerate(steps)
    ]
    return [*done, *ahead]


def _title(case: Case, event: Event) -> str:
    titles = {
        "submitted": _("申請が到達しました"),
        "email-confirmed": _("メールアドレスを確認しました"),
        "correction-asked": _("補正をお願いしました"),
        "correction-answered": _("補正の回答を受け取りました"),
        "decided": _("決定しました"),
        "issued": _("文書を発行しました"),
        "delivered": _("文書を受け取りました"),
        "document-withdrawn": _("文書が取り消されました"),
        "withdrawn": _("取り下げました"),
        "rated": _("評価をいただきました"),
        "fee-noted": _("手数料が変わりました"),
        "charged": _("手数料の支払いをお願いしました"),
        "paid": _("手数料の支払いを確認しました"),
        "reduced": _("手数料が減りました"),
        "refunded": _("お金をお返ししました"),
        "payment-lapsed": _("支払いの期限が過ぎたため、申請が終わりました"),
        "appointment-made": _("相談を予約しました"),
        "appointment-moved": _("相談の日時を変えました"),
        "appointment-cancelled": _("相談の予約を取り消しました"),
        "arrived": _("窓口に着きました"),
    }
    if event.kind == "moved":
        step = flow_of(case).step_by_id.get(event.data["from"])
        lang: Any = language()
        skip = step is None or step.is_correction or not case_moves_on(case, event)
        return "" if skip or step is None else _("%(step)sが終わりました") % {"step": step.text(lang)}
    return titles.get(event.kind, "")


def case_moves_on(case: Case, event: Event) -> bool:
    """Whether a step's end is worth telling: not a correction (told by itself), not the end (told by the decision)."""
    target = flow_of(case).step_by_id.get(event.data["to"])
    return target is not None and not target.is_correction


def step_name(case: Case) -> str:
    """Where the case stands, in the reader's language."""
    flow = flow_of(case)
    standing = flow.step_by_id.get(case.step) or flow.end_by_id.get(case.step)
    lang: Any = language()
    return standing.text(lang) if standing else case.step


@dataclass(frozen=True)
class Reading:
    """Who in the office opened the file."""

    at: Any
    office: str
    name: str


def readings(case: Case, events: Iterable[Event]) -> list[Reading]:
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
    flow = flows()[compiled.procedure.flow]
    lang: Any = language()
    return [step.text(lang) for step in path_to_decision(flow, flow.start)]


def document_state(verdict: Verdict, known: Credential | None) -> str:
    """genuine, withdrawn, unknown (our signature, but not in the register), or what the signature check says.

    Receipts stand in no register; their charges tell that they are ours.
    """
    if verdict.state != State.GENUINE:
        return str(verdict.state.value)
    if known is None:
        return "genuine" if of_a_charge(verdict.number or "", verdict.subject or "") else "unknown"
    return "withdrawn" if known.withdrawn_at else "genuine"
