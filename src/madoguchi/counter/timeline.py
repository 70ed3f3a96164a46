"""What the applicant reads of a case: where it stands, what happened, what usually comes next. Told by outcome."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.cases.flow import path_to_decision
from madoguchi.cases.kinds import KINDS, on_timeline
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import awaits_payment, flow_of
from madoguchi.cases.sentences import said

from .queries import language


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: done, now or to come."""

    state: str
    title: str
    at: Any = None
    text: str = ""


def step_name(case: Case) -> str:
    """Where the case stands, in the reader's language."""
    if awaits_payment(case):
        return _("支払い待ち")
    flow = flow_of(case)
    standing = flow.step_by_id.get(case.step) or flow.end_by_id.get(case.step)
    lang: Any = language()
    return standing.text(lang) if standing else case.step


def history(case: Case) -> list[Entry]:
    """What happened and what usually comes next, as the applicant reads it."""
    return [*_done(case), *(_ahead(case) if case.is_open else ())]


def _done(case: Case) -> Iterator[Entry]:
    for event in case.events.filter(kind__in=on_timeline()).order_by("seq"):
        if title := told(case, event):
            yield Entry("done", title, event.at)


def _ahead(case: Case) -> list[Entry]:
    lang: Any = language()
    titles = [(step.text(lang), step.advice(lang)) for step in path_to_decision(flow_of(case), case.step)]
    if awaits_payment(case):
        titles = [(step_name(case), _("手数料が支払われると、次に進みます。")), *titles]
    return [Entry("now" if n == 0 else "next", title, text=text) for n, (title, text) in enumerate(titles)]


def told(case: Case, event: Event) -> str:
    """What an event was, in the applicant's words; "" where another event tells it."""
    kind = KINDS.get(event.kind)
    return said(kind.applicant, case, event.data) if kind else ""
