"""The e-ticket on the holder's phone, on paper and in the calendar; the public keys for everybody."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from .. import queries
from ..facilities.wording import category, facility_name
from ..gate import files, issuing
from ..models import Order
from ..visits import appointment
from ..visits.phone import remember


def order_of(secret: str) -> Order:
    """The order that this secret opens. Raises Http404."""
    found = queries.order_behind(secret)
    if found is None:
        raise Http404
    return found


def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """Every ticket of an order, to be shown at the gate."""
    order = order_of(secret)
    shown = [_shown(one) for one in files.tickets_of(order)]
    link = appointment.video_link(order, timezone.now())
    context = {
        "order": order, "slot": order.slot, "tickets": shown, "facility": facility_name(order.slot.facility),
        "video_link": link, "note": files.note(order.slot),
    }  # fmt: skip
    return remember(render(request, "bookings/ticket.html", context), order)


def _shown(one: files.Shown) -> dict[str, object]:
    return {
        "ticket": one.ticket,
        "category": category(one.ticket.slot.facility, one.ticket.category),
        "picture": issuing.qr_picture(one.text) if one.text else "",
    }


def pdf(request: HttpRequest, secret: str) -> HttpResponse:
    """The tickets on paper. 404 where there is nothing to show."""
    order = order_of(secret)
    if not any(one.text for one in files.tickets_of(order)):
        raise Http404
    return _file(files.pdf(order), "application/pdf", f"ticket-{order.reference}.pdf")


def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """The visit for the phone's calendar."""
    order = order_of(secret)
    return _file(files.calendar(order, settings.PUBLIC_URL), "text/calendar; charset=utf-8", f"{order.reference}.ics")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, for `verify/verify_ticket.py` and any other gate."""
    return JsonResponse({str(number): key.hex() for number, key in issuing.public_keys().items()})
