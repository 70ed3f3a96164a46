"""A charge that is opened within somebody else's statement: its rows, and the SQL that writes them (ADR 17)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from madoguchi.foundation.identifiers import new_id, new_reference, new_secret
from madoguchi.people.actor import Actor
from madoguchi.platform.sql.rows import inserting, read, row

from ..models import Charge, Entry
from . import rules


class Opening(NamedTuple):
    """A charge, and the first line of its ledger, as rows that nobody has written yet."""

    charge: dict[str, Any]
    entry: dict[str, Any]


def opening(
    *, code: str, label: str, office: str, yen: int, at: datetime, by: Actor, pay_by: datetime | None = None,
    due_on: date | None = None, case: UUID | None = None,
) -> Opening:  # fmt: skip
    """The rows for `yen` (from 1 to MOST_YEN: the caller has checked)."""
    charge = row(Charge, id=new_id(), reference=new_reference(), secret=new_secret(), code=code, office=office,
                 label=label[:200], owed=yen, opened_at=at, pay_by=pay_by, due_on=due_on, case_id=case)  # fmt: skip
    entry = row(Entry, charge_id=charge["id"], **rules.line("owed", yen)._asdict(), at=at, actor_kind=by.kind,
                actor_code=by.code, key=f"owed:{charge['id']}")  # fmt: skip
    return Opening(charge, entry)


def of_case(case: UUID) -> Charge | None:
    """The charge of a case's fee, where it was opened."""
    return next(iter(read(Charge, "WHERE case_id = %s", [case])), None)


def opened_where(condition: str) -> str:
    """SQL: the steps `charged` and `owed` of a WITH: charges for which `condition` holds, and the line of each."""
    charges = inserting(Charge, f"WHERE {condition}", "RETURNING id")
    entries = inserting(Entry, "WHERE charge_id IN (SELECT id FROM charged)", "RETURNING id")
    return f"charged AS ({charges}),\n     owed AS ({entries})"


def sent(openings: Iterable[Opening]) -> dict[str, list[dict[str, Any]]]:
    """What these steps read: the statement's parameters of these names, to be sent as JSON."""
    charges = list(openings)
    return {"Charge": [one.charge for one in charges], "Entry": [one.entry for one in charges]}
