"""The fee of a case: its charge is opened once, follows corrected answers, and is due as the flow says."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.cases.queries import flow_of
from madoguchi.people.actor import Actor, worker

from ..ledger import lines
from ..models import Charge, Entry
from . import actions

BY_FEE = "fee"


@transaction.atomic
def follow_fee(*, case: Case, by: Actor) -> Charge | None:
    """Open the charge of a case, or charge or give back what a corrected answer changed. Safe to repeat.

    None where nothing is charged. A charge that lapsed stays as it is.
    """
    case = events.lock(case)
    charge = Charge.objects.filter(case=case).first()
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
    if found := Charge.objects.filter(case=case).first():
        return found
    return follow_fee(case=case, by=worker("fees")) if case.fee else None


def _opened(case: Case, by: Actor) -> Charge:
    return actions.open_charge(
        code=case.procedure,
        office=case.office,
        label=f"{case.compiled.procedure.name} 手数料",
        yen=case.fee or 0,
        by=by,
        case=case,
        due_on=_due_on(case, timezone.localdate(case.received_at)),
    )


def _ended_undecided(case: Case) -> bool:
    """Whether the case was withdrawn or lapsed: nothing is asked for any more."""
    return not case.is_open and flow_of(case).end_by_id[case.result].decision is None


@transaction.atomic
def ask_no_more(*, case: Case, by: Actor) -> None:
    """The application was withdrawn: what is still due is not asked for any more. Safe to repeat."""
    case = events.lock(case)
    if charge := Charge.objects.filter(case=case).first():
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
