"""Applications like one that was received: told before sending, marked for the office, never dropped (ADR 48).

Of a person whose day of birth is asked it is the same person and procedure; of others the same answers. Files do not
count, since the same one gets another id. The key is a hash with the installation's secret and goes with the case.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from madoguchi.cases.queries import LOOKALIKE_DAYS, UNDONE
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.insistence import KEY
from madoguchi.foundation.folding import fold
from madoguchi.people.actor import Actor
from madoguchi.platform.brake.sender import hashed

MOST: Final = 5
"""So many earlier ones are looked at, the latest first."""


_EARLIER: Final = """
SELECT received_at, reference, office, answers FROM cases_case JOIN applications_filing ON case_id = cases_case.id
WHERE likeness = %s AND received_at >= %s AND number = 1 AND result <> ALL(%s) ORDER BY received_at DESC LIMIT %s"""


class Earlier(NamedTuple):
    """One that was received before. `reference` is empty for whoever may not see that case."""

    received_at: datetime
    reference: str


def key_of(compiled: Compiled, answers: Mapping[str, Any]) -> UUID:
    """What an application is recognised by."""
    person = next((found for found in compiled.parties_in(answers) if found.get("birth_date")), None)
    told = ["".join(fold(person["name"]).split()), person["birth_date"]] if person else without_files(compiled, answers)
    return hashed("likeness", f"{compiled.procedure.code} {_text(told)}")


def without_files(compiled: Compiled, answers: Mapping[str, Any]) -> Any:
    """The answers as they are kept, without files and without what was insisted on."""
    kept = orjson.loads(_text({key: value for key, value in answers.items() if key != KEY}))
    for path, _question, _uploads in compiled.files_in(answers):
        place = kept
        for part in path[:-1]:
            place = place[part]
        place.pop(path[-1])
    return kept


def _text(value: object) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS).decode()


def earlier(compiled: Compiled, answers: Mapping[str, Any], *, by: Actor) -> Earlier | None:
    """The latest that looks like it: one that `by` may see, else one with the same answers, of which only the day is
    told: nobody learns more than was typed. One statement."""
    lately = timezone.now() - LOOKALIKE_DAYS
    with connection.cursor() as cursor:  # planned anew each time: one plan for all would read every late case
        cursor.execute(_EARLIER, [key_of(compiled, answers), lately, list(UNDONE), MOST])
        found = cursor.fetchall()
    for at, reference, office, _answers in found:
        if reference in by.references or by.holds(office, by.roles):
            return Earlier(at, reference)
    if not found:
        return None
    mine = without_files(compiled, answers)
    same = (at for at, _reference, _office, before in found if without_files(compiled, json.loads(before)) == mine)
    return next((Earlier(at, "") for at in same), None)
