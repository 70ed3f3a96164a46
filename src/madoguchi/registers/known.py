"""What a register knows, filled in before somebody begins to type: for whoever proves to hold the right.

A number alone opens nothing. The proof is the secret in the two-dimensional code of a paper that was issued for it, or
the key of the case that led to it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from madoguchi.applications.step_answers import answers_of
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.format import Concerns
from madoguchi.catalogue.questions import Question
from madoguchi.credentials.models import Credential
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor

from . import directory, queries
from .models import Entry, Holding

LONGEST = 300


def asks_for_one(compiled: Compiled) -> bool:
    """Whether a procedure is about something that a register has already."""
    concerns = compiled.procedure.concerns
    return bool(concerns and concerns.holding)


def proved(register: str, number: str, code: str) -> Holding | None:
    """The holding of a number, where the code of one of its papers (or the paper's address) is shown."""
    holding = queries.find(register, number)
    shown = as_code(code[:LONGEST]).rstrip("/").rpartition("/")[2].replace("-", "").lower()
    if holding is None or not shown.isalnum():
        return None
    own = {"case__entries__holding": holding, "case__entries__seq__gte": queries.since_holder(holding)}
    papers = Credential.objects.filter(**own, withdrawn_at__isnull=True)
    return holding if papers.filter(code=shown).exists() else None


def held(register: str, by: Actor) -> list[Holding]:
    """The holdings to which the cases led whose keys this browser has."""
    if not by.references:
        return []
    mine = Entry.objects.filter(holding__register=register, case__reference__in=by.references)
    kept = mine.exclude(holding__standing__in=["ended", "void"]).select_related("holding").order_by("holding__number")
    return list({one.holding: None for one in kept if one.seq >= queries.since_holder(one.holding)})


def beforehand(compiled: Compiled, holding: Holding, *, whole: bool = True) -> dict[str, Any]:
    """Answers for a form about a holding: the register's columns, and what the last application of the kind said.

    Files and declarations are never filled in: they are made anew each time. Without `whole` nothing by which a person
    is reached or known: a permit hangs on the wall, and who reads its code is not its holder. Who succeeds is somebody
    else than the holder.
    """
    concerns = compiled.procedure.concerns
    if concerns is None:
        return {}
    asked = {one.id: one for one in compiled.questions if _may_be_known(one)}
    before = _said_before(compiled, holding) if whole else {}
    known = {**before, **dict(_columns(concerns, holding, whole)), concerns.holding: holding.number}
    return {
        name: _asked_of(asked[name], value) for name, value in (known | concerns.beforehand).items() if name in asked
    }


def _asked_of(question: Question, value: Any) -> Any:
    """Of a value in parts only those that this question asks."""
    parts = {part for part, *_inside in question.parts()}
    return {part: one for part, one in value.items() if part in parts} if parts and isinstance(value, dict) else value


def _may_be_known(question: Question) -> bool:
    rows = question.rows.questions if question.rows else ()
    return not question.is_declared and not any(one.uploads for one in (question, *rows))


def _said_before(compiled: Compiled, holding: Holding) -> Mapping[str, Any]:
    own = {"holding": holding, "seq__gte": queries.since_holder(holding)}
    entry = Entry.objects.filter(**own, case__procedure=compiled.procedure.code).order_by("-seq").first()
    return answers_of(entry.case) if entry and entry.case else {}


PRIVATE: Final = frozenset({"birth_date", "address", "phone", "email"})
"""Parts of a person that a paper on the wall does not open."""


def _columns(concerns: Concerns, holding: Holding, whole: bool) -> Iterator[tuple[str, Any]]:
    values = _open(holding, whole, succeeds=any(one.effect == "succeed" for one in concerns.effects))
    for column, value in values.items():
        path = concerns.columns.get(column, column)
        if "." not in path:
            yield path, value
    yield from ((question, values[one]) for question, one in concerns.known.items() if one in values)


def _open(holding: Holding, whole: bool, *, succeeds: bool) -> dict[str, Any]:
    """The columns that may be filled in."""
    defined = directory.registers().get(holding.register)
    holder = defined.register.holder if defined else ""
    values = {column: value for column, value in holding.values.items() if not (succeeds and column == holder)}
    if whole or not isinstance(values.get(holder), dict) or values[holder].get("kind") != "person":
        return values
    return values | {holder: {part: one for part, one in values[holder].items() if part not in PRIVATE}}
