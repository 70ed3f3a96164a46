"""Pages of the touchless visit: arriving, the board, and the officers' "next, please"."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override

from madoguchi.bookings import kinds
from madoguchi.cases.models import Case
from madoguchi.foundation.text import as_code
from madoguchi.people.access import acting
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused

from ..facilities.directory import facilities
from ..facilities.wording import facility_name
from ..models import Order, Visit
from ..visits import visit as visits_of
from ..visits.phone import appointment_of, remember
from . import poster
from .gate import known, staffed
from .tickets import order_of

BOARD_SECONDS, WAITING_SECONDS = 10, 20
MOST_SHOWN = 12


def visit(request: HttpRequest, secret: str) -> HttpResponse:
    """The visitor's own page. Opening it changes nothing; its form, or its script in a page that is seen, arrives."""
    order = order_of(secret)
    if order.slot.offer != kinds.APPOINTMENT:
        raise Http404
    if request.method != "POST":
        return _visit(request, order)
    try:
        if request.POST.get("leave"):
            visits_of.leave(order)
        else:
            visits_of.arrive(order)
    except ActionRefused as refused:
        return _visit(request, order, str(refused), 409 if refused.conflict else 422)
    return redirect("bookings:visit", order.secret)


def _visit(request: HttpRequest, order: Order, refused: str = "", status: int = 200) -> HttpResponse:
    found = Visit.objects.filter(order=order).first()
    reason = "" if found else visits_of.why_not(order, timezone.now())
    context = {
        "order": order,
        "facility": facility_name(order.slot.facility),
        "code": order.slot.facility,
        "visit": found,
        "standing": visits_of.standing(found) if found and not found.called_at else None,
        "reason": refused or reason,
        "may_arrive": not found and not reason,
    }
    response = render(request, "bookings/visit.html", context, status=status)
    if found and not found.ended_at:
        response.headers["Refresh"] = str(WAITING_SECONDS)
    return remember(response, order)


def entrance(request: HttpRequest, facility: str) -> HttpResponse:
    """Behind the poster's code at the entrance: the phone that has shown its appointment goes on to it.

    One poster is for everybody and its address has no language: the page goes on in that of the booking.
    """
    known(facility)
    found, language = appointment_of(request, facility), get_language()
    if found:
        with override(found.language if language == settings.LANGUAGE_CODE else language):
            return redirect("bookings:visit", found.secret)
    return render(request, "bookings/entrance.html", {"facility": facility_name(facility)})


def board(request: HttpRequest, facility: str) -> HttpResponse:
    """The waiting room's board: numbers only, renewed by the browser without a script."""
    known(facility)
    day = timezone.localdate()
    waiting = list(visits_of.waiting(facility, day)[:MOST_SHOWN])
    context = {
        "facility": facility_name(facility),
        "served": visits_of.served(facility, day)[:MOST_SHOWN],
        "waiting": waiting,
        "minutes": visits_of.minutes(facility, visits_of.waiting(facility, day).count()),
        "now": timezone.now(),
    }
    response = render(request, "bookings/board.html", context)
    response.headers["Refresh"] = str(BOARD_SECONDS)
    return response


def visits(request: HttpRequest, facility: str) -> HttpResponse:
    """The officers' page: who waits, and the call of the next one."""
    staffed(request, facility)
    desk = as_code(request.POST.get("desk") or request.GET.get("desk", ""))
    refused, status = "", 200
    if request.method == "POST":
        try:
            _do(facility, desk, request)
        except ActionRefused as fault:
            refused, status = str(fault), 409 if fault.conflict else 422
        else:
            return redirect(f"{request.path}?{urlencode({'desk': desk})}")
    day = timezone.localdate()
    served = list(visits_of.served(facility, day))
    own = next((one for one in served if desk and one.desk == desk), None)
    context = {
        "facility": facility,
        "name": facility_name(facility),
        "desk": desk,
        "waiting": visits_of.waiting(facility, day),
        "served": served,
        "own": own,
        "case": _case(own, acting(request)),
        "has_poster": poster.is_for(facility),
        "expected": _expected(facility, day, acting(request)),
        "refused": refused,
    }
    return render(request, "bookings/visits.html", context, status=status)


def _case(own: Visit | None, by: Actor) -> Case | None:
    """The case that the visitor at the desk comes for, if this officer may see it."""
    return Case.objects.for_actor(by).filter(pk=own.order.case_id).first() if own and own.order.case_id else None


def _expected(facility: str, day: date, by: Actor) -> list[tuple[Order, Case | None]]:
    """Who is still to come, with the case if this officer may see it; nobody where the office is not known."""
    booked = list(visits_of.expected(facility, day)) if facility in facilities() else []
    seen = Case.objects.for_actor(by).in_bulk([one.case_id for one in booked if one.case_id])
    return [(one, seen.get(one.case_id) if one.case_id else None) for one in booked]


def _do(facility: str, desk: str, request: HttpRequest) -> None:
    what = request.POST.get("what", "call")
    if what == "call":
        visits_of.call_next(facility, desk, seen=request.POST.get("seen", ""), by=acting(request))
    else:
        visits_of.end(facility, desk, absent=what == "absent", by=acting(request))
