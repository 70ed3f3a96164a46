"""Pages of the touchless visit: arriving, the board, and the officers' "next, please"."""

from collections.abc import Callable
from datetime import date
from functools import wraps
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
from madoguchi.people.actor import PUBLIC, Actor
from madoguchi.people.verbs import View
from madoguchi.platform.refusing import ActionRefused

from .. import queries
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
    return _visit(request, _appointment(secret))


def _appointment(secret: str) -> Order:
    order = order_of(secret)
    if order.slot.offer != kinds.APPOINTMENT:
        raise Http404
    return order


def _by_the_visitor(verb: Callable[[Order], object]) -> View:
    """What a visitor does with the own phone; the page says how it stands then."""

    @wraps(verb)
    def view(request: HttpRequest, secret: str) -> HttpResponse:
        order = _appointment(secret)
        try:
            verb(order)
        except ActionRefused as refused:
            return _visit(request, order, str(refused), 409 if refused.conflict else 422)
        return redirect("bookings:visit", order.secret)

    return view


@_by_the_visitor
def arrive(order: Order) -> None:
    """The visitor is here."""
    visits_of.arrive(order=order, by=PUBLIC)


@_by_the_visitor
def leave(order: Order) -> None:
    """The visitor takes that back."""
    visits_of.leave(order=order, by=PUBLIC)


def _visit(request: HttpRequest, order: Order, refused: str = "", status: int = 200) -> HttpResponse:
    found = queries.visit_of(order)
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
    """The officers' page: who waits, and who is served."""
    return _visits(request, staffed(request, facility))


def _desk(request: HttpRequest) -> str:
    return as_code(request.POST.get("desk") or request.GET.get("desk", ""))


def _at_a_desk(verb: Callable[[HttpRequest, str, str], object]) -> View:
    """What an officer does at a desk of a facility; the page of that desk follows."""

    @wraps(verb)
    def view(request: HttpRequest, facility: str) -> HttpResponse:
        desk = _desk(request)
        try:
            verb(request, staffed(request, facility), desk)
        except ActionRefused as fault:
            return _visits(request, facility, str(fault), 409 if fault.conflict else 422)
        return redirect(f"{request.path}?{urlencode({'desk': desk})}")

    return view


@_at_a_desk
def call(request: HttpRequest, facility: str, desk: str) -> None:
    """The next, please."""
    visits_of.call_next(facility=facility, desk=desk, seen=request.POST.get("seen", ""), by=acting(request))


@_at_a_desk
def end(request: HttpRequest, facility: str, desk: str) -> None:
    """The visitor at the desk is done, or did not come."""
    visits_of.end(facility=facility, desk=desk, absent=request.POST.get("what") == "absent", by=acting(request))


def _visits(request: HttpRequest, facility: str, refused: str = "", status: int = 200) -> HttpResponse:
    desk, day = _desk(request), timezone.localdate()
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
