"""Another day and time for an order: choose, look at old, new and the difference, then move it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.people.access import acting
from madoguchi.people.verbs import View
from madoguchi.platform.refusing import ActionRefused

from .. import queries
from ..facilities import calendar
from ..facilities.directory import facilities, offer_of
from ..models import Order, Slot
from ..sales import changing
from .orders import facts, home, ids
from .tickets import order_of


def _of_an_order(verb: Callable[[HttpRequest, Order], HttpResponse]) -> View:
    """A verb on the order of the address; what is refused leads back to the choice of days and times."""

    @wraps(verb)
    def view(request: HttpRequest, secret: str) -> HttpResponse:
        try:
            return verb(request, order_of(secret))
        except ActionRefused as refused:
            return _choose(request, order_of(secret), str(refused), 409 if refused.conflict else 422)

    return view


@_of_an_order
def choose(request: HttpRequest, order: Order) -> HttpResponse:
    """Days and times; with `to` the question whether to move there. Nothing moves unasked."""
    return _ask(request, order) if "to" in request.GET else _choose(request, order)


@_of_an_order
def move(request: HttpRequest, order: Order) -> HttpResponse:
    """Move it to the time that was asked about."""
    to = _slot(order, request.POST.get("slot", ""))
    changing.change(order=order.pk, since=_id(request.POST.get("since", "")), to=to, by=acting(request),
                    shown=_yen(request.POST.get("shown", "")))  # fmt: skip
    return redirect(f"{home(request, order)['home']}?moved=1")


def _ask(request: HttpRequest, order: Order) -> HttpResponse:
    """Old and new time and the difference, before anything moves. Raises ActionRefused."""
    now, to = timezone.now(), _slot(order, request.GET.get("to", ""))
    changing.must_be_changeable(order, now)
    if not (fits := changing.choices(order, [to], now)):
        raise ActionRefused(_("この時間には、同じ人数の空きがありません。別の時間を選んでください。"), conflict=True)
    more = fits[0][1]
    context = {**facts(order), **home(request, order), "to": to, "day": timezone.localdate(to.starts_at)}
    return render(request, "bookings/change_confirm.html", {**context, "more": more, "less": -more})


def _id(text: str) -> UUID:
    if not (found := ids([text])):
        raise ActionRefused(_("時間を選んでください。"))
    return found[0]


def _slot(order: Order, text: str) -> Slot:
    found = queries.slot_at(order.slot.facility, _id(text))
    if found is None:
        raise ActionRefused(_("時間を選んでください。"))
    return found


def _yen(text: str) -> int:
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal() and len(text) < 10):
        raise ActionRefused(_("時間を選んでください。"))
    return int(text)


def _choose(request: HttpRequest, order: Order, refused: str = "", status: int = 200) -> HttpResponse:
    now, facility, offer = timezone.now(), facilities().get(order.slot.facility), offer_of(order.slot)
    try:
        changing.must_be_changeable(order, now)
    except ActionRefused as late:
        refused, status, facility = refused or str(late), status if refused else 409, None
    context: dict[str, Any] = {**facts(order), **home(request, order), "refused": refused}
    if facility and offer:
        context["weeks"] = calendar.weeks(facility, offer, now)
        if day := calendar.day_of(request.GET.get("day", "")):
            slots = calendar.slots_of(facility, day)
            choices = [(slot, more, -more) for slot, more in changing.choices(order, slots, now)]
            context |= {"day": day, "choices": choices}
            context |= {} if slots else {"empty": calendar.why_empty(facility, day, now)}
    return render(request, "bookings/change.html", context, status=status)
