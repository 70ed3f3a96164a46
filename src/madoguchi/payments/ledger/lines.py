"""Writing the ledger: one line once, under the lock of its charge, with `owed`, `paid` and `Case.unpaid` beside it."""

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from madoguchi.cases.models import Case
from madoguchi.people.actor import Actor
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.refusing import ActionRefused

from ..models import Attempt, Charge, Entry, Refund
from . import rules


def locked(charge: Charge) -> Charge:
    """The charge as it is now, locked until the transaction ends; its case is locked first, always in this order."""
    if switched_off("ledger-lock"):
        return Charge.objects.select_related("case").get(pk=charge.pk)
    if charge.case_id:
        Case.objects.select_for_update(of=("self",)).get(pk=charge.case_id)
    return Charge.objects.select_for_update(of=("self",)).select_related("case").get(pk=charge.pk)


def write(
    charge: Charge, kind: str, yen: int, *, by: Actor, key: str, reason: str = "", attempt: Attempt | None = None
) -> bool:
    """Write one line of a LOCKED charge; False when the line of this key stands already. `keep` must follow."""
    if charge.owed + rules.change(kind, yen).owed > rules.MOST_YEN:
        raise ActionRefused(_("金額が大きすぎます。金額を確かめてください。"))
    made = rules.line(kind, yen, attempt.provider if attempt else "")
    told = {
        "charge": charge,
        **made._asdict(),
        "at": timezone.now(),
        "actor_kind": by.kind,
        "actor_code": by.code,
        "reason": reason,
        "attempt": attempt,
    }
    _entry, is_new = Entry.objects.get_or_create(key=key, defaults=told)
    if is_new:
        owed, paid = rules.change(kind, yen)
        charge.owed, charge.paid = charge.owed + owed, charge.paid + paid
    return is_new


def keep(charge: Charge, *, due_before: int, reason: str) -> None:
    """Save what the new lines changed, tell the case, and queue what follows; all in the caller's transaction.

    What came in beyond what is owed is promised back (`reason` says why, for the ledger).
    """
    charge.save(update_fields=["owed", "paid", "lapsed_at"])
    if charge.case is not None:
        charge.case.unpaid = max(charge.due, 0)
        charge.case.save(update_fields=["unpaid"])
    _take_back_promises(charge)
    if charge.due < 0 and promise_back(charge, reason):
        defer("madoguchi.pay-back", charge)
    if due_before > 0 >= charge.due and charge.lapsed_at is None:
        defer("madoguchi.settled", charge)


def defer(job: str, charge: Charge) -> None:
    """Queue a follow-up job (`sequence.py`) in this transaction."""
    app.configure_task(name=job).defer(charge_id=str(charge.pk))


def charge_refunds(charge: Charge) -> QuerySet[Refund]:
    """The repayments of a charge that are promised and not yet made."""
    return Refund.objects.filter(attempt__charge=charge, done_at__isnull=True)


def _take_back_promises(charge: Charge) -> None:
    """Promise no more than is over; what a provider was asked for already stays."""
    surplus = (charge_refunds(charge).aggregate(yen=Sum("yen"))["yen"] or 0) - max(-charge.due, 0)
    for promise in charge_refunds(charge).filter(asked_at__isnull=True).order_by("-promised_at", "-pk"):
        cut = min(max(surplus, 0), promise.yen)
        surplus, promise.yen = surplus - cut, promise.yen - cut
        if not promise.yen:
            promise.delete()
        elif cut:
            promise.save(update_fields=["yen"])


def promise_back(charge: Charge, reason: str) -> bool:
    """Promise what is over to the payments it came from, the latest first. Whether there is anything to pay back."""
    over = -charge.due - (charge_refunds(charge).aggregate(yen=Sum("yen"))["yen"] or 0)
    for attempt in charge.attempts.filter(state=Attempt.State.PAID).order_by("-settled_at", "-pk"):
        promised = attempt.refunds.filter(done_at__isnull=True).aggregate(yen=Sum("yen"))["yen"] or 0
        yen = min(over, attempt.yen - attempt.refunded - promised)
        if yen > 0:
            Refund.objects.create(attempt=attempt, yen=yen, reason=reason, promised_at=timezone.now())
            over -= yen
    return charge_refunds(charge).exists()
