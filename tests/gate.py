"""Sold tickets for the tests of gates: made directly as rows, on a fixed day."""

from datetime import datetime, timedelta

from django.utils import timezone

from madoguchi.bookings.gate.issuing import make_keys
from madoguchi.bookings.models import Order, Slot, Ticket
from madoguchi.foundation.identifiers import new_secret

MUSEUM = "museum"
NOON = "2026-07-01 12:00"


def moment(text):
    """A moment in the town."""
    return timezone.make_aware(datetime.fromisoformat(text))


def slot(facility=MUSEUM, at=NOON, *, hours=2, offer="entry"):
    """A span of time in a facility."""
    start = at if isinstance(at, datetime) else moment(at)
    values = {"ends_at": start + timedelta(hours=hours), "opens_at": start - timedelta(days=30), "capacity": 500}
    return Slot.objects.get_or_create(facility=facility, offer=offer, starts_at=start, defaults=values)[0]


def sold(*categories, in_slot=None, people=1, **order):
    """A confirmed order with one ticket for each category."""
    make_keys()
    in_slot = in_slot or slot()
    values = {"state": Order.State.CONFIRMED, "made_at": timezone.now(), "key": new_secret(), "body": "", **order}
    made = Order.objects.create(slot=in_slot, **values)
    for category in categories or ("adult",):
        Ticket.objects.create(
            order=made, slot=in_slot, category=category, people=people, yen=500, number=in_slot.tickets.count() + 1
        )
    return made


def ticket(category="adult", **order):
    """The ticket of an order that has one."""
    return sold(category, **order).tickets.get()
