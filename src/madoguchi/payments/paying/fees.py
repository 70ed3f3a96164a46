"""The fee of a case: its charge is opened once, follows corrected answers, and is due as the flow says."""

from datetime import date, timedelta
from functools import cache
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from madoguchi.cases import events
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import flow_of
from madoguchi.people.actor import Actor, worker
from madoguchi.platform.sql.rows import as_json, inserting, instance
from madoguchi.platform.sql.statements import planned_once

from ..ledger import lines
from ..ledger.opening import of_case, opened_where, opening, sent
from ..models import Charge, Entry
from . import actions

BY_FEE = "fee"
_TELL_CASE: Final = """
UPDATE cases_case SET unpaid = %(unpaid)s, last_seq = %(seq)s, last_hash = %(hash)s WHERE id = %(case)s"""


@transaction.atomic
def follow_fee(*, case: Case, by: Actor) -> Charge | None:
    """Open the charge of a case, or charge or give back what a corrected answer changed. Safe to repeat.

    None where nothing is charged. A charge that lapsed stays as it is.
    """
    return follow_fee_of(events.lock(case), by=by)


def follow_fee_of(case: Case, *, by: Actor) -> Charge | None:
    """The same for a LOCKED case."""
    charge = of_case(case.pk)
    if charge is None:
        return _opened(case, by) if case.unpaid and not _ended_undecided(case) else None
    charge = lines.locked(charge)
    difference = (case.fee or 0) - _asked_for(charge)
    key = f"{BY_FEE}:{charge.entries.count()}"
    if charge.lapsed_at is None and difference > 0:
        charge.due_on, charge.reminded_at = _due_on(case, timezone.localdate()), None
        charge.save(update_fields=["due_on", "reminded_at"])
        return actions.owe_more(charge=charge, yen=difference, key=key, by=by, reason=actions.CHANGED)
    if charge.lapsed_at is None and (less := min(-difference, charge.owed)) > 0:
        return actions.lower(charge=charge, yen=less, key=key, by=by, reason=actions.CHANGED)
    return charge


def charge_of(case: Case) -> Charge | None:
    """The charge of a case's fee, opened now where the worker has not been there yet; None where nothing is charged."""
    if found := of_case(case.pk):
        return found
    return follow_fee(case=case, by=worker("fees")) if case.fee else None


def _opened(case: Case, by: Actor) -> Charge:
    """Ask for the fee of a LOCKED case: charge, first line of the ledger and the record, in one statement."""
    label, due_on = f"{case.compiled.procedure.name} 手数料", _due_on(case, timezone.localdate(case.received_at))
    yen, now = actions.amount(case.fee or 0), timezone.now()
    opened = opening(code=case.procedure, office=case.office, label=label, yen=yen, at=now, due_on=due_on,
                     case=case.pk, by=by)  # fmt: skip
    data = {"charge": opened.charge["reference"], "due": yen, "yen": yen}
    event = events.next_row(case.pk, "charged", by=by, data=data, seq=case.last_seq + 1, previous=case.last_hash)
    rows = {name: as_json(one) for name, one in {**sent([opened]), "Event": [event]}.items()}
    told = {"unpaid": yen, "seq": event["seq"], "hash": event["hash"], "case": case.pk}
    with planned_once() as cursor:
        cursor.execute(_open(), {**rows, **told})
    case.unpaid, case.last_seq, case.last_hash = yen, event["seq"], event["hash"]
    return instance(Charge, opened.charge, case=case)


@cache
def _open() -> str:
    return f"WITH {opened_where('true')}, told AS ({inserting(Event, '')}) {_TELL_CASE}"


def _ended_undecided(case: Case) -> bool:
    """Whether the case was withdrawn or lapsed: nothing is asked for any more."""
    return not case.is_open and flow_of(case).end_by_id[case.result].decision is None


@transaction.atomic
def ask_no_more(*, case: Case, by: Actor) -> None:
    """The application was withdrawn: what is still due is not asked for any more. Safe to repeat."""
    case = events.lock(case)
    if charge := of_case(case.pk):
        actions.waive_rest(charge=charge, by=by)
    elif case.unpaid:
        case.unpaid = 0
        case.save(update_fields=["unpaid"])


def _asked_for(charge: Charge) -> int:
    """Yen asked for as the fee: as opened, and every change since that the answers made."""
    own = charge.entries.filter(key__startswith=f"lowered:{charge.pk}:{BY_FEE}:")
    owed = charge.entries.filter(kind=Entry.Kind.OWED).aggregate(yen=Sum("yen"))["yen"] or 0
    return owed - (own.aggregate(yen=Sum("yen"))["yen"] or 0)


def _due_on(case: Case, since: date) -> date | None:
    flow = flow_of(case)
    return None if flow.fee_due is None else since + timedelta(days=flow.fee_days)
