"""The desk's side of the shop: what was sold at the counter, and closing the slots of a day."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from madoguchi.foundation.identifiers import parse_reference
from madoguchi.foundation.text import is_blank
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from .. import queries
from ..facilities import calendar, present
from ..facilities.directory import facility_or_404, works_at
from ..facilities.format import Facility
from ..models import Slot
from ..sales import cancelling
from . import shop
from .orders import facts, ids, was_moved
from .tickets import order_of


def index(request: HttpRequest) -> HttpResponse:
    """Every facility, and the way to a visitor's booking by its number (`q`)."""
    if is_blank(typed := request.GET.get("q", "")):
        return shop.index(request, "counter")
    reference = parse_reference(typed)
    found = queries.order_numbered(reference)
    if found is None or not works_at(found.slot.facility, acting(request)):
        return shop.index(request, "counter", missing=typed)
    return redirect("sale:sold", found.secret)


def sold(request: HttpRequest, secret: str) -> HttpResponse:
    """A booking at the counter: take the payment, hand over the tickets, change or cancel it for the visitor."""
    order = order_of(secret)
    if not works_at(order.slot.facility, acting(request)):
        return redirect("sale:index")
    return render(request, "bookings/sold.html", {**facts(order), "moved": was_moved(request, order)})


def closing(request: HttpRequest, facility: str, day: str) -> HttpResponse:
    """The slots of a day that can be closed: how many booked."""
    return _close(request, *_day_of(facility, day))


def _day_of(facility: str, day: str) -> tuple[Facility, date]:
    wanted = calendar.day_of(day)
    if wanted is None:
        raise Http404(day)
    return facility_or_404(facility), wanted


def close(request: HttpRequest, facility: str, day: str) -> HttpResponse:
    """Close them, with the words that those who booked are told."""
    found, wanted = _day_of(facility, day)
    try:
        every = "all" in request.POST
        slots = [one.pk for one in _open_slots(found, wanted)] if every else ids(request.POST.getlist("slot"))
        because = request.POST.get("because", "")
        count = cancelling.close_slots(slots=slots, because=because, by=acting(request))
    except ActionRefused as refused:
        return _close(request, found, wanted, str(refused), 409 if refused.conflict else 422)
    messages.success(
        request,
        ngettext(
            "%(count)s件の時間を休みにしました。予約した方には、まもなくメールで知らせます。",
            "%(count)s件の時間を休みにしました。予約した方には、まもなくメールで知らせます。",
            count,
        )
        % {"count": count},
    )
    return redirect("sale:day", facility, day)


def _open_slots(facility: Facility, day: date) -> list[Slot]:
    """Those of a day that can still be closed."""
    now = timezone.now()
    return [one for one in calendar.slots_of(facility, day) if not one.is_closed and one.starts_at > now]


def _close(request: HttpRequest, facility: Facility, day: date, refused: str = "", status: int = 200) -> HttpResponse:
    context = {
        "facility": present.card(facility),
        "day": day,
        "slots": _open_slots(facility, day),
        "chosen": request.POST.getlist("slot"),
        "because": request.POST.get("because", ""),
        "refused": refused,
    }
    return render(request, "bookings/close.html", context, status=status)
