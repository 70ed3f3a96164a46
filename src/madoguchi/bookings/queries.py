"""What the pages and the API of bookings ask for: orders by what opens them, places in a line, slots of a facility."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import compare_digest
from uuid import UUID

from django.db.models import QuerySet

from .kinds import APPOINTMENT
from .models import Order, Slot, Visit, Waiting


def order_behind(secret: str) -> Order | None:
    """The order that a secret opens."""
    found = Order.objects.select_related("slot").filter(secret=secret).first()
    return found if found and compare_digest(found.secret.encode(), secret.encode()) else None


def order_numbered(reference: str | None) -> Order | None:
    """The order with a number that somebody read aloud or a program kept; it opens nothing alone."""
    orders = Order.objects.select_related("slot", "charge")
    return orders.filter(reference=reference).first() if reference else None


def order_under(key: str) -> Order | None:
    """The order that this key made."""
    return Order.objects.filter(key=key).first()


def orders_behind(secrets: Sequence[str]) -> QuerySet[Order]:
    """Those that these secrets open, the latest first."""
    return Order.objects.filter(secret__in=secrets).select_related("slot").order_by("-made_at")


def place_in_line(secret: str) -> Waiting | None:
    """Who waits behind a secret."""
    return Waiting.objects.select_related("slot", "order").filter(secret=secret[:40] or "-").first()


def slot_at(facility: str, pk: UUID) -> Slot | None:
    """A slot of this facility."""
    return Slot.objects.filter(pk=pk, facility=facility).first()


def has_slots(facility: str, offer: str = "") -> bool:
    """Whether the facility ever had a slot, of an offer if one is named."""
    found = Slot.objects.filter(facility=facility)
    return (found.filter(offer=offer) if offer else found).exists()


def takes_appointments(facility: str) -> bool:
    """Whether anybody comes there with an appointment."""
    return has_slots(facility, APPOINTMENT)


def offers_on(start: datetime) -> set[tuple[str, str]]:
    """(facility, offer) of all that is on in the day that starts then."""
    today = Slot.objects.filter(starts_at__lt=start + timedelta(days=1), ends_at__gte=start)
    return set(today.values_list("facility", "offer"))


def visit_of(order: Order) -> Visit | None:
    """The visitor's number, once here."""
    return Visit.objects.filter(order=order).first()
