"""What share of its price an order gives back when it is cancelled now."""

from datetime import datetime

from .kept import offer_of
from .models import Order
from .pricing import percent_back


def share(order: Order, now: datetime) -> int | None:
    """Percent by the rule of its offer; None when it is too late, or never possible.

    Whoever moved to a later slot gets back no more than the slot that was left gave at that moment: moving first would
    undo the rule.
    """
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
