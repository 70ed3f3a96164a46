"""The buyer's order: how it stands, paying it, changing and cancelling it; whoever has its link holds it."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.actions import ActionRefused
from madoguchi.people.access import acting

from . import appointment, calendar, cancelling, changing, present, waiting
from .giving_back import share
from .kept import facilities, offer_of
from .models import Order, Slot, Waiting
from .phone import kept_orders
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
    percent = share(order, now)
    last = changing.until(order)
    return {
        "order": order,
        "video_link": appointment.video_link(order, now),
        "slot": slot,
        "charge": order.charge,
        "back": max(-order.charge.due, 0) if order.charge else 0,
        "code": slot.facility,
        "facility": facility_name(slot.facility),
        "address": address(slot.facility),
        "lines": [(category(slot.facility, code), people, count) for (code, people), count in counted.items()],
        "tickets": tickets,
        "rule": present.cancelling(offer) if offer and is_open and not slot.is_closed and now < slot.ends_at else [],
        "percent": percent,
        "may_cancel": is_open and not slot.is_closed and (percent is not None or order.state == Order.State.HELD),
        "may_change": order.state == Order.State.CONFIRMED and not slot.is_closed and last is not None and now < last,
    }


def cancel(request: HttpRequest, secret: str) -> HttpResponse:
    """What comes back for each ticket, then cancelling them; a share that changed meanwhile is shown first."""
    order = order_of(secret)
    if request.method != "POST":
        return _cancel(request, order)
    shown, chosen = request.POST.get("percent", ""), request.POST.getlist("ticket")
    if shown != _share(order):
        return _cancel(request, order, _("お返しする割合が変わりました。確かめて、もう一度押してください。"), 409)
    try:
        cancelling.cancel(order=order.pk, tickets=ids(chosen), by=acting(request))
    except ActionRefused as refused:
        return _cancel(request, order_of(secret), str(refused), 409 if refused.conflict else 422)
    return redirect("bookings:order", secret)


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


def _cancel(request: HttpRequest, order: Order, refused: str = "", status: int = 200) -> HttpResponse:
    told = facts(order)
    try:
        now = timezone.now()
        tickets = [
            (one, category(one.slot.facility, one.category), cancelling.back_for(order, [one], now))
            for one in told["tickets"]
        ]
    except ActionRefused as late:
        tickets, refused, status = [], refused or str(late), status if refused else 409
    chosen = request.POST.getlist("ticket") if request.method == "POST" else [str(one.pk) for one, *_rest in tickets]
    sums = sum(yen for _one, _category, yen in tickets)
    context = {**told, "choices": tickets, "chosen": chosen, "sum": sums, "share": _share(order), "refused": refused}
    return render(request, "bookings/cancel.html", context, status=status)


def change(request: HttpRequest, secret: str) -> HttpResponse:
    """Another day and time for the same people; what it costs more or less is shown before."""
    order = order_of(secret)
    if request.method != "POST":
        return _change(request, order)
    try:
        changing.change(order=order.pk, since=_id(request, "since"), to=_to(request, order), by=acting(request),
                        shown=_yen(request.POST.get("shown", "")))  # fmt: skip
    except ActionRefused as refused:
        return _change(request, order_of(secret), str(refused), 409 if refused.conflict else 422)
    return redirect("bookings:order", secret)


def _id(request: HttpRequest, name: str) -> UUID:
    if not (found := ids([request.POST.get(name, "")])):
        raise ActionRefused(_("時間を選んでください。"))
    return found[0]


def _to(request: HttpRequest, order: Order) -> Slot:
    found = Slot.objects.filter(pk=_id(request, "slot"), facility=order.slot.facility).first()
    if found is None:
        raise ActionRefused(_("時間を選んでください。"))
    return found


def _yen(text: str) -> int:
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal() and len(text) < 10):
        raise ActionRefused(_("時間を選んでください。"))
    return int(text)


def _change(request: HttpRequest, order: Order, refused: str = "", status: int = 200) -> HttpResponse:
    told, now = facts(order), timezone.now()
    facility, offer = facilities().get(order.slot.facility), offer_of(order.slot)
    try:
        changing.must_be_changeable(order, now)
    except ActionRefused as late:
        refused, status, facility = refused or str(late), status if refused else 409, None
    context: dict[str, Any] = {**told, "refused": refused}
    if facility and offer:
        context["weeks"] = calendar.weeks(facility, offer, now)
        if day := calendar.day_of(request.GET.get("day", "")):
            context |= {
                "day": day,
                "choices": [
                    (slot, more, -more) for slot, more in changing.choices(order, calendar.slots_of(facility, day), now)
                ],
            }
    return render(request, "bookings/change.html", context, status=status)


def wait(request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody's place in a waiting line, and leaving it."""
    found = get_object_or_404(Waiting.objects.select_related("slot", "order"), secret=secret[:40])
    if request.method == "POST":
        waiting.leave(waiting=found, by=acting(request))
        return redirect("bookings:waiting", secret)
    context = {"waiting": found, "slot": found.slot, "facility": facility_name(found.slot.facility)}
    return render(request, "bookings/waiting.html", context)
