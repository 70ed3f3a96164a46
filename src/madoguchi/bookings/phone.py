"""The phone that has shown its appointment is known at the entrance's poster until the appointment has passed."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .models import Order
from .visit import AFTER, APPOINTMENT

COOKIE = "visit"


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
