"""Cancelling: by the buyer, whole or in part, with what the rule gives back; by the office, with everything back.

Locks are taken in one order everywhere: the order, its charge, its slots by id, its case.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.foundation.identifiers import new_secret
from madoguchi.payments.ledger import lines
from madoguchi.payments.paying import actions as payments
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS
from madoguchi.platform.each import each
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.refusing import ActionRefused, written

from ..facilities.directory import facilities
from ..facilities.pricing import yen_back
from ..facilities.slots import close
from ..models import Order, Scan, Slot, Ticket
from . import letters
from .giving_back import back_of_paid, share, waits_for_difference
from .holds import free
from .telling import tell_case

OPEN = (Order.State.HELD, Order.State.CONFIRMED)
BY_BUYER, BY_OFFICE = "予約した方の取消しのため", "休みになったため"


def locked(order: UUID) -> Order:
    """The order as it is now, locked until the transaction ends.

    Without its slot: a change that commits while this waits would leave a joined row without its partner.
    """
    found = Order.objects.all() if switched_off("order-lock") else Order.objects.select_for_update()
    return found.get(pk=order)


def must_be_open(order: Order) -> None:
    """Raises ActionRefused where nothing can be changed by the buyer any more."""
    if order.state not in OPEN:
        raise ActionRefused(_("この予約は、すでに終わっています。画面を読み直してください。"), conflict=True)
    if order.slot.is_closed:
        raise ActionRefused(_("この日時は休みになりました。手続をしなくても、全額をお返しします。"), conflict=True)
    if order.arrived_at is not None or _is_used(order.tickets.all()):
        raise ActionRefused(_("すでに入場しているため、変更や取消しはできません。"), conflict=True)


def _is_used(tickets: Iterable[Ticket]) -> bool:
    """Whether somebody was let in with one of these tickets, and it was not undone."""
    inside: dict[UUID, bool] = {}
    for scan in Scan.objects.filter(ticket__in=list(tickets)).order_by("at", "pk"):
        inside[scan.ticket_id] = scan.outcome != "undone"
    return any(inside.values())


@transaction.atomic
def cancel(*, order: UUID, by: Actor, tickets: Collection[UUID] | None = None) -> Order:
    """Cancel an order, or some of its tickets; what the rule gives back is paid back. Raises ActionRefused."""
    found, now = locked(order), timezone.now()
    must_be_open(found)
    live = list(found.tickets.filter(cancelled_at__isnull=True))
    chosen = [one for one in live if tickets is None or one.pk in tickets]
    if not chosen:
        raise ActionRefused(_("取り消すチケットを選んでください。"))
    found.charge = found.charge and lines.locked(found.charge)  # what was paid decides, also at this very moment
    back = repay(found, _lowered_by(found, chosen, live, now), BY_BUYER, by)
    if len(chosen) == len(live):
        found.state, found.closed_at = Order.State.CANCELLED, now
        found.save(update_fields=["state", "closed_at"])
    free(found, now, [one.pk for one in chosen], by=by)
    if found.state == Order.State.CANCELLED:
        tell_case(found, "appointment-cancelled", by=by)
    letter = "cancelled" if found.state == Order.State.CANCELLED else "cancelled-partly"
    letters.queue(letter, found, back=back, tickets=[one.pk for one in chosen])
    return found


def _lowered_by(order: Order, chosen: Sequence[Ticket], live: Sequence[Ticket], now: datetime) -> int:
    """Yen by which the claim is lowered. Raises ActionRefused: too late, or a part while a difference is due."""
    if order.charge is None or not waits_for_difference(order):
        return back_for(order, chosen, now)
    if len(chosen) < len(live):
        raise ActionRefused(
            _("差額の支払いを待つあいだは、一部だけの取消しはできません。差額を支払うか、すべて取り消してください。"),
            conflict=True,
        )
    return order.charge.due + back_of_paid(order)


def back_for(order: Order, tickets: Iterable[Ticket], now: datetime) -> int:
    """Yen by which the claim is lowered for these tickets: all while nothing was paid. Raises ActionRefused."""
    if order.charge is None or (order.state == Order.State.HELD and order.charge.paid == 0):
        if order.state == Order.State.CONFIRMED:
            _percent(order, now)
        return sum(one.yen for one in tickets)
    percent = _percent(order, now)
    return sum(yen_back(one.yen, percent) for one in tickets)


def _percent(order: Order, now: datetime) -> int:
    percent = share(order, now)
    if percent is None:
        raise ActionRefused(_("取消しができる期限を過ぎています。"), conflict=True)
    return percent


def repay(order: Order, yen: int, reason: str, by: Actor) -> int:
    """Ask for so much less, at most for all; what was paid beyond it is paid back. Yen that come back by this."""
    if order.charge is None:
        return 0
    order.charge = lines.locked(order.charge)
    before = order.charge.over
    if yen := min(yen, order.charge.owed):  # an officer may have reduced it before
        key = f"cancel:{new_secret(80)}"
        order.charge = payments.lower(charge=order.charge, yen=yen, key=key, reason=reason, by=by)
    return order.charge.over - before


@transaction.atomic
def close_slots(*, slots: Collection[UUID], because: str, by: Actor) -> int:
    """The office closes slots that have not begun, with words for those who booked. How many; safe to repeat.

    Their orders are cleared by the job that runs every minute (`clear_closed`). Raises ActionRefused.
    """
    found = list(Slot.objects.filter(pk__in=slots, starts_at__gt=timezone.now()).order_by("pk"))
    if not found:
        raise ActionRefused(_("休みにする時間を選んでください。"))
    for one in found:
        office = facilities()[one.facility].office if one.facility in facilities() else ""
        if by.officer is None or not by.holds(office, CASE_WORKERS):
            raise ActionRefused(_("この施設の担当課の職員だけができる操作です。"))
    if not (because := written(because, 400)):
        raise ActionRefused(_("休みにする理由を書いてください。予約した方へのメールに載ります。"))
    return close([one.pk for one in found], because)


def clear_closed(*, by: Actor) -> int:
    """Cancel the orders of closed slots, one by one, with everything paid back. How many; safe to repeat."""
    waiting = Order.objects.filter(slot__is_closed=True, state__in=OPEN)
    return sum(each(waiting.values_list("pk", flat=True), lambda pk: _clear(pk, by)))


@transaction.atomic
def _clear(pk: UUID, by: Actor) -> bool:
    found = locked(pk)
    if found.state not in OPEN or not found.slot.is_closed:
        return False
    now = timezone.now()
    back = repay(found, found.charge.owed if found.charge else 0, BY_OFFICE, by)
    found.state, found.closed_at = Order.State.CANCELLED, now
    found.save(update_fields=["state", "closed_at"])
    free(found, now, by=by)
    tell_case(found, "appointment-cancelled", by=by)
    letters.queue("closed", found, back=back)
    return True
