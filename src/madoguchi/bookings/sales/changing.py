"""Another slot for the same people: the difference is charged or paid back on the same charge.

While a difference is due the order is held like a new one; if it is not paid in time, all is let go and paid back.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.foundation.identifiers import new_secret
from madoguchi.foundation.money import yen as in_yen
from madoguchi.payments.paying import actions as payments
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused

from ..facilities import calendar
from ..facilities.directory import offer_of
from ..line import rush
from ..models import Order, Slot, Ticket
from . import entitlement, letters, shop
from .actions import refuse
from .cancelling import locked, must_be_open, repay
from .holds import free
from .telling import tell_case

MOVED = "日時の変更のため"


def difference(order: Order, to: Slot) -> tuple[shop.Quote, int]:
    """The order's people in another slot, and what that costs more (less: negative). Raises ActionRefused."""
    live = list(order.tickets.filter(cancelled_at__isnull=True))
    wanted = Counter[str]()
    for one in live:
        wanted[one.category] += one.people
    offered = shop.offered(to)
    quote = shop.quote(offered, wanted, entitlement.still(order, offered))
    return quote, quote.yen - sum(one.yen for one in live)


def until(order: Order) -> datetime | None:
    """Until when another slot can be chosen; None where never."""
    offer = offer_of(order.slot)
    return order.slot.starts_at - timedelta(hours=offer.change) if offer and offer.change is not None else None


def must_be_changeable(order: Order, now: datetime) -> None:
    """Raises ActionRefused: ended, closed, used, not paid yet, or too late."""
    must_be_open(order)
    if order.state != Order.State.CONFIRMED:
        raise ActionRefused(
            _("支払いが済んでいない予約は変更できません。取り消して、もう一度予約してください。"), conflict=True
        )
    last = until(order)
    if last is None or now > last or now >= order.slot.starts_at:
        raise ActionRefused(_("変更ができる期限を過ぎています。"), conflict=True)


def choices(order: Order, slots: Iterable[Slot], now: datetime) -> list[tuple[Slot, int]]:
    """Those of the slots that an order can move to, with what each costs more (less: negative)."""
    found = []
    for one in slots:
        if one.offer == order.slot.offer and one.pk != order.slot_id and calendar.state([one], now).left:
            with suppress(ActionRefused):
                quote, more = difference(order, one)
                found += [(one, more)] if quote.people <= one.left else []
    return found


@transaction.atomic
def change(*, order: UUID, since: UUID, to: Slot, shown: int, by: Actor) -> Order:
    """Move an order from the slot `since` to another one; `shown` is the difference that the buyer saw.

    The same press again finds it moved already. Raises ActionRefused, also where it is another one now.
    """
    found, now = locked(order), timezone.now()
    if found.slot_id == to.pk:
        return found
    if found.slot_id != since:
        raise ActionRefused(_("この予約は、ほかの画面で変更されています。画面を読み直してください。"), conflict=True)
    must_be_changeable(found, now)
    if (to.facility, to.offer) != (found.slot.facility, found.slot.offer):
        raise ActionRefused(_("同じ施設の、ほかの時間を選んでください。"))
    rush.must_not_jump_the_line(to)
    quote, more = difference(found, to)
    if more != shown:
        told = {"yen": in_yen(more, found.language)}
        raise ActionRefused(
            _("差額が変わりました。いまの差額は%(yen)sです。予約は、まだ変わっていません。") % told, conflict=True
        )
    was = found.slot
    back = _charge(found, quote, more, by)
    _move(found, quote, to.pk, now, by)
    _hold(found, quote, more, now)
    tell_case(found, "appointment-moved", by=by)
    letters.queue("moved", found, was=was, back=back)
    return found


def _charge(order: Order, quote: shop.Quote, more: int, by: Actor) -> int:
    """The difference, charged or paid back; yen that come back."""
    if more < 0:
        return repay(order, -more, MOVED, by)
    if more > 0 and order.charge is not None:
        order.charge = payments.owe_more(
            charge=order.charge, yen=more, key=f"change:{new_secret(80)}", reason=MOVED, by=by
        )
    elif more > 0:
        code, office = order.slot.facility, quote.facility.office
        order.charge = payments.open_charge(code=code, office=office, label=shop.label(quote), yen=more, by=by)
    return 0


def _move(order: Order, quote: shop.Quote, to: UUID, now: datetime, by: Actor) -> None:
    slots = {one.pk: one for one in Slot.objects.select_for_update().filter(pk__in=[order.slot_id, to]).order_by("pk")}
    new = slots[to]
    if new.is_closed or new.opens_at > now or new.starts_at <= now or new.left < quote.people:
        refuse(new, now)
    Slot.objects.filter(pk=to).update(taken=new.taken + quote.people, issued=new.issued + quote.people)
    free(order, now, by=by)
    number = new.issued + 1
    for place in quote.places:
        Ticket.objects.create(order=order, slot=new, category=place.category, people=place.people, yen=place.yen,
                              number=number)  # fmt: skip
        number += place.people
    order.slot, order.reminded_at = new, None


def _hold(order: Order, quote: shop.Quote, more: int, now: datetime) -> None:
    if more > 0 and order.charge is not None and order.charge.due > 0:  # else a repayment that waited covers it
        order.state, order.held_until = Order.State.HELD, now + timedelta(minutes=quote.offer.hold)
        order.charge.pay_by = order.held_until
        order.charge.save(update_fields=["pay_by"])
    try:
        with transaction.atomic():
            order.save(update_fields=["slot", "charge", "state", "held_until", "reminded_at"])
    except IntegrityError:
        raise ActionRefused(_("この証明では、同じ時間の予約がすでにあります。"), conflict=True) from None
