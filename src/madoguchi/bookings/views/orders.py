"""The buyer's order: how it stands, paying it, cancelling it; whoever has its link holds it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.payments.ledger.queries import returned
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from .. import queries
from ..facilities import present
from ..facilities.directory import offer_of, works_at
from ..facilities.wording import Category, address, category, facility_name
from ..models import Order, Ticket, Waiting
from ..sales import cancelling, changing, waiting
from ..sales.giving_back import back_of_paid, share, waits_for_difference
from ..visits import appointment
from ..visits.phone import kept_orders
from .tickets import order_of


def mine(request: HttpRequest) -> HttpResponse:
    """The orders made on this phone during the last day."""
    found = queries.orders_behind(kept_orders(request))
    return render(
        request, "bookings/orders.html", {"orders": [(one, facility_name(one.slot.facility)) for one in found]}
    )


def show(request: HttpRequest, secret: str) -> HttpResponse:
    """How an order stands, and what can be done with it."""
    order = order_of(secret)
    return render(request, "bookings/order.html", {**facts(order), "moved": was_moved(request, order)})


def was_moved(request: HttpRequest, order: Order) -> bool:
    """Whether to say that it was moved: right after it, and never of an order that was not, whatever the link says."""
    return "moved" in request.GET and order.tickets.exclude(slot=order.slot_id).exists()


def facts(order: Order) -> dict[str, Any]:
    """What every page of an order shows."""
    slot, now, offer = order.slot, timezone.now(), offer_of(order.slot)
    here = _since_the_last_move(order)
    tickets = [one for one in here if one.cancelled_at is None]
    gone = [one for one in here if one.cancelled_at is not None]
    is_open = order.state in {Order.State.HELD, Order.State.CONFIRMED}
    percent = share(order, now)
    last = changing.until(order)
    return {
        "order": order,
        "video_link": appointment.video_link(order, now),
        "slot": slot,
        "charge": order.charge,
        "back": order.charge.over if order.charge else 0,
        "returned": returned(order.charge) if order.charge else 0,
        "code": slot.facility,
        "facility": facility_name(slot.facility),
        "address": address(slot.facility),
        "lines": _lines(slot.facility, tickets),
        "cancelled": [] if order.state == Order.State.EXPIRED else _lines(slot.facility, gone),
        "tickets": tickets,
        "rule": present.cancelling(offer) if offer and is_open and not slot.is_closed and now < slot.ends_at else [],
        "percent": percent,
        "may_cancel": is_open and not slot.is_closed and (percent is not None or order.state == Order.State.HELD),
        "may_change": order.state == Order.State.CONFIRMED and not slot.is_closed and last is not None and now < last,
    }


def _since_the_last_move(order: Order) -> list[Ticket]:
    """A move leaves its cancelled tickets behind, even where it later comes back; ids grow with time."""
    every = list(order.tickets.order_by("number"))
    moved = max((one.pk for one in every if one.slot_id != order.slot_id), default=None)
    return [one for one in every if moved is None or one.pk > moved]


def _lines(facility: str, tickets: Iterable[Ticket]) -> list[tuple[Category, int, int]]:
    """(category, people of one ticket, tickets), for a list."""
    counted = Counter((one.category, one.people) for one in tickets)
    return [(category(facility, code), people, count) for (code, people), count in counted.items()]


def home(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Where changing and cancelling lead back to: a clerk who came from the desk goes on there."""
    at_desk = "desk" in request.GET and works_at(order.slot.facility, acting(request))
    return {
        "at_desk": at_desk,
        "base_template": "desk_base.html" if at_desk else "base.html",
        "home": reverse("sale:sold" if at_desk else "bookings:order", args=[order.secret]),
    }


def cancellation(request: HttpRequest, secret: str) -> HttpResponse:
    """What comes back for each ticket."""
    return _cancel(request, order_of(secret), chosen=None)


def cancel(request: HttpRequest, secret: str) -> HttpResponse:
    """Cancel those that were chosen; a share that changed meanwhile is shown first."""
    order = order_of(secret)
    shown, chosen = request.POST.get("percent", ""), request.POST.getlist("ticket")
    if shown != _share(order):
        sentence = _("お返しする割合が変わりました。確かめて、もう一度押してください。")
        return _cancel(request, order, sentence, 409, chosen=chosen)
    try:
        cancelling.cancel(order=order.pk, tickets=ids(chosen), by=acting(request))
    except ActionRefused as refused:
        return _cancel(request, order_of(secret), str(refused), 409 if refused.conflict else 422, chosen=chosen)
    return redirect(home(request, order)["home"])


def ids(texts: list[str]) -> list[UUID]:
    """The ids among what was sent; the rest names no ticket."""
    found = []
    for text in texts[:1000]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _share(order: Order) -> str:
    """The share that comes back now, as it travels in the form."""
    return str(share(order, timezone.now()))


def _cancel(
    request: HttpRequest, order: Order, refused: str = "", status: int = 200, *, chosen: list[str] | None
) -> HttpResponse:
    """The page with these tickets chosen, with all of them before anybody chose."""
    told = facts(order)
    try:
        now = timezone.now()
        tickets = [
            (one, category(one.slot.facility, one.category), cancelling.back_for(order, [one], now))
            for one in told["tickets"]
        ]
    except ActionRefused as late:
        tickets, refused, status = [], refused or str(late), status if refused else 409
    context = {
        **told,
        **home(request, order),
        "choices": tickets,
        "chosen": [str(one.pk) for one, *_rest in tickets] if chosen is None else chosen,
        "share": _share(order),
        "refused": refused,
        "only_whole": waits_for_difference(order),
        "sum": _sum(order, [yen for *_about, yen in tickets]),
    }
    return render(request, "bookings/cancel.html", context, status=status)


def _sum(order: Order, each: list[int]) -> int:
    """What comes back when all is cancelled: never more than is asked for, since an officer may have reduced it."""
    if order.charge is None:
        return 0
    return back_of_paid(order) if waits_for_difference(order) else min(sum(each), order.charge.owed)


def _in_line(secret: str) -> Waiting:
    found = queries.place_in_line(secret)
    if found is None:
        raise Http404
    return found


def leave_line(request: HttpRequest, secret: str) -> HttpResponse:
    """Wait no longer."""
    waiting.leave(waiting=_in_line(secret), by=acting(request))
    return redirect("bookings:waiting", secret)


def place_in_line(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody's place in a waiting line."""
    found = _in_line(secret)
    context = {"waiting": found, "slot": found.slot, "facility": facility_name(found.slot.facility)}
    return render(request, "bookings/waiting.html", context)
