"""What a phone remembers: its appointment, for the entrance's poster, and for a day the orders made on it."""

from collections.abc import Iterable
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from madoguchi.platform import cookies

from ..kinds import APPOINTMENT
from ..models import Order
from .visit import AFTER

COOKIE, ORDERS = "visit", "orders"
ORDERS_FOR = timedelta(days=1)
MOST_ORDERS = 10


def remember(response: HttpResponse, order: Order) -> HttpResponse:
    """Mark the phone; other offers than appointments are not kept."""
    left = order.slot.ends_at + AFTER - timezone.now()
    if order.slot.offer == APPOINTMENT and left > timedelta():
        _put(response, COOKIE, order.secret, left)
    return response


def appointment_of(request: HttpRequest, facility: str) -> Order | None:
    """The order that this phone has shown, if it is for this facility."""
    secret = _read(request, COOKIE)
    return Order.objects.filter(secret=secret, slot__facility=facility).first() if secret else None


def keep_order(response: HttpResponse, order: Order, before: Iterable[str] = ()) -> HttpResponse:
    """Remember an order on the phone that made it, so that its page is found again after paying."""
    kept = [order.secret, *(one for one in before if one != order.secret)][:MOST_ORDERS]
    _put(response, ORDERS, ".".join(kept), ORDERS_FOR)
    return response


def kept_orders(request: HttpRequest) -> list[str]:
    """The secrets of the orders that this phone made, the latest first."""
    return [one for one in _read(request, ORDERS).split(".") if one]


def _put(response: HttpResponse, plain: str, value: str, lasts: timedelta) -> None:
    cookies.put(response, plain, _signer(plain).sign(value), lasts=lasts)


def _read(request: HttpRequest, plain: str) -> str:
    """What was kept; empty where there is nothing, or where it was altered."""
    try:
        return _signer(plain).unsign(cookies.read(request.COOKIES, plain))
    except signing.BadSignature:
        return ""


def _signer(plain: str) -> signing.TimestampSigner:
    """As Django's `set_signed_cookie` signs, so that cookies of earlier versions stay good."""
    signer: signing.TimestampSigner = signing.get_cookie_signer(salt=plain + plain)
    return signer
