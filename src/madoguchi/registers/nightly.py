"""What a register does every night: entries take effect, who is near an end is told, what was granted before it is
entered. Each is safe to repeat."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from madoguchi.applications.step_answers import answers_of
from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.catalogue import queries as catalogue
from madoguchi.decisions.models import Decision
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor
from madoguchi.platform.each import each

from . import directory, queries
from .actions import put, recount
from .models import Entry, Holding
from .queries import Act
from .rules import Change

Letter = Callable[[Case, Holding], bool]
"""Writes to a holder under a case; whether it left."""


def of_the_day(*, letter: Letter, by: Actor) -> None:
    """All of it."""
    each(queries.to_come(), come_true)
    each(queries.ending(), lambda due: told(due[0], days=due[1], letter=letter))
    take_up_all(by=by)


@transaction.atomic
def told(holding: Holding, *, days: int, letter: Letter) -> bool:
    """Write once that a holding ends in so many days; `letter` says whether it left. Renewing what is under way is not
    asked for again."""
    case = queries.case_to_write_to(holding)
    case = events.lock(case) if case else None
    holding = Holding.objects.select_for_update().get(pk=holding.pk)
    if holding.told_days is not None and holding.told_days <= days:
        return False
    holding.told_days = days
    holding.save(update_fields=["told_days"])
    is_asked = queries.is_under_way(holding)
    return bool(case and not is_asked and letter(case, holding))


@transaction.atomic
def come_true(holding: Holding) -> None:
    """An entry of a holding takes effect today: recount it."""
    defined = directory.registers().get(holding.register)
    if defined:
        recount(Holding.objects.select_for_update().get(pk=holding.pk), defined)


def beginning(
    act: Act, *, number: str, office: str, on: date, until: date | None, **more: Any
) -> tuple[Holding, Entry]:
    """A holding that begins on a day, with its first entry, not yet stored; `more` stands in the entry."""
    number = as_code(number)
    holding = Holding(register=act.register.register.code, number=number, office=office, last_seq=1)
    first = Change(1, "enter", on, until, act.values)
    put(holding, act.register, [first])
    told = {"seq": 1, "effect": "enter", "on": on, "until": until, "values": dict(act.values), "number": number}
    return holding, Entry(holding=holding, **told, **more)


def take_up_all(*, by: Actor) -> None:
    """Enter all that was granted before its register was there."""
    each(queries.not_entered().iterator(), lambda case: take_up(case, by=by))


@transaction.atomic
def take_up(case: Case, *, by: Actor) -> Entry | None:
    """Enter what was granted before the register was there, by what its procedure says of it today."""
    found = catalogue.find(case.procedure)
    act = queries.act_under(found.compiled, answers_of(case)) if found else None
    case = events.lock(case)
    decision = Decision.objects.filter(case=case).first()
    if act is None or decision is None or case.entries.exists():
        return None
    if queries.find(act.register.register.code, decision.document_number):
        return None
    holding, entry = beginning(
        act, number=decision.document_number, office=case.office, on=decision.valid_from, until=decision.valid_until,
        case=case, at=timezone.now(),
    )  # fmt: skip
    holding.invented = case.invented
    holding.save(force_insert=True)
    entry.save(force_insert=True)
    told = {"register": holding.register, "holding": str(holding.pk), "effect": "enter", "seq": 1}
    events.append(case, "registered", by=by, data=told)
    return entry
