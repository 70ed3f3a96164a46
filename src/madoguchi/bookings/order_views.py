"""The buyer's order: how it stands, paying it, changing and cancelling it; whoever has its link holds it."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from . import calendar, present
from .kept import offer_of
from .models import Order
from .phone import kept_orders
from .pricing import percent_back
from .ticket_views import order_of
from .wording import address, category, facility_name


def mine(request: HttpRequest) -> HttpResponse:
    """The orders made on this phone during the last day."""
    found = Order.objects.filter(secret__in=kept_orders(request)).select_related("slot").order_by("-made_at")
    return render(
        request, "bookings/orders.html", {"orders": [(one, facility_name(one.slot.facility)) for one in found]}
    )


def show(request: HttpRequest, secret: str) -> HttpResponse:
    """How an order stands, and what can be done with it."""
    return render(request, "bookings/order.html", facts(order_of(secret)))


def facts(order: Order) -> dict[str, Any]:
    """What every page of an order shows."""
    slot, now, offer = order.slot, timezone.now(), offer_of(order.slot)
    tickets = [one for one in order.tickets.order_by("number") if one.cancelled_at is None]
    counted = Counter((one.category, one.people) for one in tickets)
    is_open = order.state in {Order.State.HELD, Order.State.CONFIRMED}
    percent = percent_back(offer.cancel, slot.starts_at, now) if offer else None
    return {
        "order": order,
        "slot": slot,
        "charge": order.charge,
        "back": max(-order.charge.due, 0) if order.charge else 0,
        "code": slot.facility,
        "facility": facility_name(slot.facility),
        "address": address(slot.facility),
        "lines": [(category(slot.facility, code), people, count) for (code, people), count in counted.items()],
        "tickets": tickets,
        "rule": present.cancelling(offer) if offer else [],
        "percent": percent,
        "may_cancel": is_open and not slot.is_closed and (percent is not None or order.state == Order.State.HELD),
        "state": calendar.state([slot], now),
    }
