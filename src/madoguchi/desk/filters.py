"""What the inbox can be narrowed to: the procedures of one's own offices and cases, and the steps of their flows."""

from collections.abc import Iterable, Iterator
from functools import cache

from django.db.models import Q, QuerySet

from madoguchi.cases.flow import Flow, Step
from madoguchi.cases.models import Case
from madoguchi.cases.queries import flows
from madoguchi.cases.sentences import language
from madoguchi.catalogue.queries import current, procedure_name
from madoguchi.people.actor import Actor

OTHERS = frozenset({"approval", "consulted"})
"""Tabs in which cases of other offices stand, few of them."""


def procedures(actor: Actor, tab: str, cases: QuerySet[Case]) -> list[tuple[str, str]]:
    """Codes and names of the procedures that the actor's offices are in charge of, and of the cases of the tab."""
    offices = frozenset(actor.offices or {})
    codes = {code for code, listed in current().items() if listed.compiled.procedure.office in offices}
    if tab in OTHERS:
        codes |= set(cases.order_by().values_list("procedure", flat=True).distinct())
    return sorted(((code, procedure_name(code)) for code in codes), key=lambda pair: pair[1])


def steps(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The steps of these procedures' flows: one line for all that bear one name, and one for every 補正."""
    listed = current()
    lines: dict[str, str] = {}
    mine = {listed[code].compiled.procedure.flow for code in codes if code in listed}
    for flow, step in _all_steps():
        if flow.code in mine:
            lines.setdefault(_names()[flow.code, step.id], step.text(language()))
    return list(lines.items())


def standing_at(line: str) -> Q:
    """The cases at the steps of a line; none for a line that does not exist."""
    found = Q(pk__in=[])
    for (flow, step), name in _names().items():
        if name == line:
            found |= Q(flow=flow, step=step)
    return found


@cache
def _names() -> dict[tuple[str, str], str]:
    """(flow, step) → the line it stands in, by the first step that has its name."""
    first: dict[str, str] = {}
    return {
        (flow.code, step.id): first.setdefault(_shared_name(step), f"{flow.code}.{step.id}")
        for flow, step in _all_steps()
    }


def _shared_name(step: Step) -> str:
    return "補正" if step.is_correction else step.name


def _all_steps() -> Iterator[tuple[Flow, Step]]:
    return ((flow, step) for flow in flows().values() for step in flow.steps)
