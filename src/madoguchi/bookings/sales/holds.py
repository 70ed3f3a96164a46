"""How a hold ends, exactly once: confirmed when its charge is paid, let go when its time is over."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Sum, When
from django.utils import timezone

from madoguchi.payments.ledger import lines
from madoguchi.payments.models import Charge
from madoguchi.payments.paying import actions as payments
from madoguchi.people.actor import Actor
from madoguchi.platform.each import each

from ..models import Order, Slot
from . import letters, waiting
from .giving_back import back_of_paid

OVER = "支払いの期限が過ぎたため"


@transaction.atomic
def confirm(*, order: UUID, by: Actor) -> bool:
    """Sell what is held when nothing is due any more; False otherwise. Safe to repeat: late money is paid back."""
    held = Order.objects.select_for_update(of=("self",)).get(pk=order)
    return held.state == Order.State.HELD and _sold_if_paid(held)


def confirm_paid(charge: Charge, *, by: Actor) -> None:
    """Sell what is held for a charge that has nothing due any more."""
    for order in Order.objects.filter(charge=charge).values_list("pk", flat=True):
        confirm(order=order, by=by)


def let_go(*, by: Actor) -> int:
    """End the holds whose time is over, each in its own transaction. Returns how many; any number may run."""
    now = timezone.now()
    over = Order.objects.filter(state=Order.State.HELD, held_until__lte=now).select_related("charge")
    return sum(each(over, lambda order: _asked_and_let_go(order, now, by)))


def _asked_and_let_go(order: Order, now: datetime, by: Actor) -> bool:
    if order.charge is not None:  # before any lock: the news that it was paid may have been lost
        payments.look_at_open(since=order.made_at, charge=order.charge)
    return _let_go(order.pk, now, by)


@transaction.atomic
def _let_go(pk: UUID, now: datetime, by: Actor) -> bool:
    """Under the locks of order, then charge: whoever paid in time, even if nobody looked yet, keeps the places."""
    due = Order.objects.filter(pk=pk, state=Order.State.HELD, held_until__lte=now)
    held = due.select_for_update(of=("self",), skip_locked=True).first()
    if held is None or _sold_if_paid(held):
        return False
    if held.charge is not None:
        kept = held.charge.paid - back_of_paid(held)  # of a change that was not paid
        less = held.charge.owed - kept
        held.charge = payments.lower(charge=held.charge, yen=less, key="expired", reason=OVER, by=by)
    held.state, held.closed_at = Order.State.EXPIRED, now
    held.save(update_fields=["state", "closed_at"])
    free(held, now, by=by)
    letters.queue("expired", held, back=held.charge.over if held.charge else 0)
    return True


def _sold_if_paid(held: Order) -> bool:
    if held.charge is not None:
        held.charge = lines.locked(held.charge)
        if held.charge.due > 0:
            return False
    held.state = Order.State.CONFIRMED
    held.save(update_fields=["state"])
    letters.queue("confirmed", held)
    return True


def free(order: Order, now: datetime, only: Collection[UUID] | None = None, *, by: Actor) -> int:
    """Give the places of an order back, or those of some of its tickets, to those who wait. How many people.

    The order is locked by the caller, the slot here, last; a cancelled ticket gives nothing back a second time.
    """
    tickets = order.tickets.filter(cancelled_at__isnull=True)
    if only is not None:
        tickets = tickets.filter(pk__in=only)
    people: int = tickets.aggregate(people=Sum("people"))["people"] or 0
    tickets.update(cancelled_at=now)
    fewer = F("capacity") - _if_closed(people)
    Slot.objects.filter(pk=order.slot_id).update(taken=F("taken") - people, capacity=fewer)
    if people:
        waiting.offer_places(order.slot_id)
    return people


def _if_closed(people: int) -> Case:
    """A closed slot has no more places than are taken, so that nobody gets in who asked before it closed."""
    return Case(When(is_closed=True, then=people), default=0)
