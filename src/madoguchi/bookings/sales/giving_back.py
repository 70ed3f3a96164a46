"""What an order gives back when it ends now: a share of its prices, or of what was paid while a difference is due."""

from datetime import datetime

from ..facilities.directory import offer_of
from ..facilities.pricing import percent_back, yen_back
from ..models import Order


def share(order: Order, now: datetime) -> int | None:
    """Percent by the rule of its offer; None when it is too late, or never possible.

    Whoever moved to a later slot gets back no more than the slot that was left gave at that moment: moving first would
    undo the rule. While a difference is due, nothing of the new slot was paid: its own rule does not count.
    """
    if waits_for_difference(order):
        return most(order)
    offer = offer_of(order.slot)
    percent = percent_back(offer.cancel, order.slot.starts_at, now) if offer else None
    return None if percent is None else min(percent, most(order))


def most(order: Order) -> int:
    """The most that any cancelling may give back, in percent: 100, unless the order was moved when less was given."""
    if (offer := offer_of(order.slot)) is None:
        return 100
    left = order.tickets.exclude(slot=order.slot_id).filter(cancelled_at__isnull=False).select_related("slot")
    moments = left.values_list("slot__starts_at", "cancelled_at").distinct()
    return min((percent_back(offer.cancel, starts, gone) or 0 for starts, gone in moments if gone), default=100)


def waits_for_difference(order: Order) -> bool:
    """Whether a part was paid and the rest is due: an order that was moved to a dearer slot is held like that."""
    return order.state == Order.State.HELD and order.charge is not None and 0 < order.charge.paid < order.charge.owed


def back_of_paid(order: Order) -> int:
    """Yen of what was paid that come back when the rest is not paid: the same whether it lapses or is cancelled."""
    return yen_back(order.charge.paid, most(order)) if order.charge else 0
