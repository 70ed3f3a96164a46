"""What a phone remembers: its appointment, for the entrance's poster, and for a day the orders made on it."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .models import Order
from .visit import AFTER, APPOINTMENT

COOKIE, ORDERS = "visit", "orders"
ORDERS_FOR = timedelta(days=1)
MOST_ORDERS = 10


def remember(response: HttpResponse, order: Order) -> HttpResponse:
    """Mark the phone; other offers than appointments are not kept."""
    left = order.slot.ends_at + AFTER - timezone.now()
    if order.slot.offer == APPOINTMENT and left > timedelta():
        response.set_signed_cookie(
            COOKIE, order.secret, salt=COOKIE, max_age=int(left.total_seconds()), httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def appointment_of(request: HttpRequest, facility: str) -> Order | None:
    """The order that this phone has shown, if it is for this facility."""
    try:
        secret = request.get_signed_cookie(COOKIE, default="", salt=COOKIE)
    except signing.BadSignature:
        return None
    return Order.objects.filter(secret=secret, slot__facility=facility).first() if secret else None


def keep_order(response: HttpResponse, order: Order, before: Iterable[str] = ()) -> HttpResponse:
    """Remember an order on the phone that made it, so that its page is found again after paying."""
    kept = [order.secret, *(one for one in before if one != order.secret)][:MOST_ORDERS]
    response.set_signed_cookie(
        ORDERS, ".".join(kept), salt=ORDERS, max_age=int(ORDERS_FOR.total_seconds()), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def kept_orders(request: HttpRequest) -> list[str]:
    """The secrets of the orders that this phone made, the latest first."""
    try:
        kept = request.get_signed_cookie(ORDERS, default="", salt=ORDERS)
    except signing.BadSignature:
        return []
    return [one for one in (kept or "").split(".") if one]
