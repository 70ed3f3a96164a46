"""The shop: facilities, their days and slots, and the order. The same views serve the real counter (channel)."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.applications import sheets
from madoguchi.applications.views.sheet import private
from madoguchi.foundation.identifiers import new_secret
from madoguchi.foundation.numbers import NumberRefused, read_number
from madoguchi.foundation.text import is_blank
from madoguchi.people.access import acting
from madoguchi.people.verbs import View
from madoguchi.platform.once import is_idempotency_key
from madoguchi.platform.refusing import ActionRefused
from madoguchi.town.offices import contact

from .. import queries
from ..facilities import calendar, present
from ..facilities.directory import facilities, facility_or_404
from ..facilities.format import Offer
from ..kinds import APPOINTMENT
from ..line import rush
from ..models import Order, Slot
from ..sales import entitlement, shop, waiting
from ..visits.phone import keep_order, kept_orders
from .channels import CHANNELS

MOST_PEOPLE = 999_999
SHORT = 409
"""The status of a page that says that there are too few places."""


def language() -> str:
    """The reader's language."""
    return get_language() or "ja"


def _render(
    request: HttpRequest, template: str, channel: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    pages = CHANNELS[channel]
    told = {**context, "channel": pages, "base_template": pages.base}
    return render(request, f"bookings/{template}.html", told, status=status)


def index(request: HttpRequest, channel: str = "online", missing: str = "") -> HttpResponse:
    """Every facility; `missing` is the number of a booking that was not found."""
    cards = [present.card(one) for one in facilities().values()]
    return _render(request, "facilities", channel, {"cards": cards, "missing": missing})


def facility(request: HttpRequest, facility: str, channel: str = "online") -> HttpResponse:
    """What a facility is, when it is open, what it costs, and on which days places are left."""
    found, now = facility_or_404(facility), timezone.now()
    context = {
        "facility": present.card(found),
        "contact": contact(found.office),
        "closed": found.closed_text.said(language()),
        "note": found.note.said(language()) if found.note else "",
        "offers": [
            {**present.offer(found, one), "weeks": calendar.weeks(found, one, now)} for one in found.offers
        ],
    }  # fmt: skip
    return _render(request, "facility", channel, context)


def day(request: HttpRequest, facility: str, day: str, channel: str = "online") -> HttpResponse:
    """The slots of a day. 404 for what is no day."""
    found, wanted, now = facility_or_404(facility), calendar.day_of(day), timezone.now()
    if wanted is None:
        raise Http404(day)
    slots = calendar.slots_of(found, wanted)
    offers = [
        {
            "name": one.name.said(language()),
            "slots": [(slot, calendar.state([slot], now)) for slot in slots if slot.offer == one.code],
        }
        for one in found.offers
    ]
    context = {
        "facility": present.card(found),
        "day": wanted,
        "dated": present.dated(wanted),
        "offers": [one for one in offers if one["slots"]],
    }
    if not slots:
        context["empty"] = calendar.why_empty(found, wanted, now)
    return _render(request, "day", channel, context)


def _of_a_slot(verb: Callable[[HttpRequest, Slot, str], HttpResponse]) -> View:
    """A verb on the slot of the address; what was typed stays, whatever is wrong."""

    @wraps(verb)
    def view(request: HttpRequest, facility: str, slot: UUID, channel: str = "online") -> HttpResponse:
        chosen = _chosen(facility, slot)
        if chosen.offer == APPOINTMENT:
            return redirect("bookings:appointment" if channel == "online" else "sale:appointment", facility, slot)
        try:
            return verb(request, chosen, channel)
        except shop.PriceChanged as changed:
            return _confirm(request, chosen, channel, request.POST, refused=str(changed))
        except ActionRefused as refused:
            return _slot(request, chosen, channel, request.POST, str(refused), 409 if refused.conflict else 422)

    return view


@_of_a_slot
def slot(request: HttpRequest, slot: Slot, channel: str) -> HttpResponse:
    """Choose how many, and say who; also once more, with what was typed."""
    return _slot(request, slot, channel, request.POST)


def _chosen(facility: str, slot: UUID) -> Slot:
    found = queries.slot_at(facility, slot)
    if found is None or facility not in facilities() or facilities()[facility].offer(found.offer) is None:
        raise Http404
    return found


@_of_a_slot
def look(request: HttpRequest, slot: Slot, channel: str) -> HttpResponse:
    """On to the page with the total."""
    return _look(request, slot, channel)


def _look(request: HttpRequest, slot: Slot, channel: str) -> HttpResponse:
    """On to the page with the total; while a line stands before an opening, at once: every request counts then."""
    if rush.opening_now(slot.facility):
        return _confirm(request, slot, channel, request.POST)
    _quoted(slot, channel, request.POST)
    typed = {name: value for name, value in request.POST.items() if name not in {"do", "csrfmiddlewaretoken"}}
    token = sheets.put(sheets.Sheet(_subject(slot, channel), typed, sheets.new_key()))
    return redirect(CHANNELS[channel].confirmation, slot.facility, slot.pk, token)


def _subject(slot: Slot, channel: str) -> str:
    return f"slot:{slot.pk}:{channel}"


def confirmation(request: HttpRequest, facility: str, slot: UUID, token: str, channel: str = "online") -> HttpResponse:
    """The total of what was typed, or with `edit` the form that it was typed into; both can be read again (ADR 37)."""
    chosen = _chosen(facility, slot)
    sheet = sheets.get(token, _subject(chosen, channel))
    if sheet is None:
        return redirect(CHANNELS[channel].slot, facility, slot)
    if made := _already_made(request, f"{channel}:{sheet.key}", channel):
        return redirect(CHANNELS[channel].sold, made.secret)
    if "edit" in request.GET:
        return private(_slot(request, chosen, channel, sheet.answers))
    try:
        return private(_confirm(request, chosen, channel, sheet.answers, sheet.key))
    except ActionRefused as refused:  # meanwhile
        status = 409 if refused.conflict else 422
        return private(_slot(request, chosen, channel, sheet.answers, str(refused), status))


def _already_made(request: HttpRequest, key: str, channel: str) -> Order | None:
    """The order that was made from a sheet, for whoever made it: its address opens it."""
    made = queries.order_under(key)
    return made if made and (channel != "online" or made.secret in kept_orders(request)) else None


@_of_a_slot
def wait(request: HttpRequest, slot: Slot, channel: str) -> HttpResponse:
    """Wait for a place in a slot that is full."""
    typed = request.POST
    offered = shop.offered(slot)
    wanted, proof = _wanted(typed, offered.offer), _proof(typed, offered)
    made = waiting.ask(slot=slot, wanted=wanted, buyer=_buyer(typed), by=acting(request), proof=proof)
    return redirect("bookings:waiting", made.secret)


def _slot(
    request: HttpRequest, slot: Slot, channel: str, typed: Mapping[str, str], refused: str = "", status: int = 200
) -> HttpResponse:
    slot.refresh_from_db()
    offered = shop.offered(slot)
    found, offer = offered.facility, offered.offer
    now = timezone.now()
    context = {
        "facility": present.card(found),
        "slot": slot,
        "day": timezone.localdate(slot.starts_at),
        "state": calendar.state([slot], now),
        "categories": [
            {**one, "typed": typed.get(f"count-{one['code']}", "")} for one in present.prices(offer, slot)
        ],
        "needs_name": offer.needs_name,
        "honoured": [one.name.said(language()) for one in offer.entitlements],
        "proof": typed.get("proof", "") or entitlement.held(acting(request), offered),
        "typed": typed,
        "refused": refused,
        "may_wait": channel == "online" and not slot.is_closed and (slot.left <= 0 or status == SHORT),
    }  # fmt: skip
    return _render(request, "slot", channel, context, status)


def _quote(slot: Slot, typed: Mapping[str, str]) -> shop.Quote:
    """What is wanted with its prices. Raises ActionRefused."""
    offered = shop.offered(slot)
    return shop.quote(offered, _wanted(typed, offered.offer), _proof(typed, offered))


def _quoted(slot: Slot, channel: str, typed: Mapping[str, str]) -> tuple[shop.Quote, shop.Buyer]:
    """What is wanted and by whom. Raises ActionRefused, also where too few places are left."""
    quote = _quote(slot, typed)
    buyer = shop.checked(quote.offered, _buyer(typed), channel)
    if quote.people > slot.left:
        raise ActionRefused(_("この時間の空きが足りません。別の時間を選ぶか、人数を減らしてください。"), conflict=True)
    return quote, buyer


def _confirm(
    request: HttpRequest, slot: Slot, channel: str, typed: Mapping[str, str], key: str = "", refused: str = ""
) -> HttpResponse:
    """The total; `key` is its sheet's, if it has one. Raises ActionRefused."""
    quote, buyer = _quoted(slot, channel, typed)
    context = {
        "facility": present.card(quote.facility),
        "slot": slot,
        "lines": [(one.name.said(language()), tickets, people, yen) for one, tickets, people, yen in quote.lines],
        "quote": quote,
        "wanted": _wanted(typed, quote.offer).items(),
        "buyer": buyer,
        "proof": typed.get("proof", ""),
        "key": key or (typed.get("key", "") if refused else new_secret()),
        "edits_here": bool(key),
        "rule": present.cancelling(quote.offer),
        "refused": refused,
    }
    return _render(request, "confirm", channel, context, 409 if refused else 200)


@_of_a_slot
def order(request: HttpRequest, slot: Slot, channel: str) -> HttpResponse:
    """Order what the page with the total showed."""
    typed = request.POST
    key, shown = typed.get("key", ""), typed.get("shown", "")
    if not is_idempotency_key(key) or not shown.isdecimal() or len(shown) > 9:
        return _look(request, slot, channel)
    made = shop.buy(
        quote=_quote(slot, typed), shown=int(shown), buyer=_buyer(typed), key=f"{channel}:{key}", by=acting(request),
        channel=channel,
    )  # fmt: skip
    return _sold(request, made, channel)


def _sold(request: HttpRequest, made: Order, channel: str) -> HttpResponse:
    if channel != "online":
        return redirect(CHANNELS[channel].sold, made.secret)
    free = made.state == Order.State.CONFIRMED
    return keep_order(
        redirect("bookings:ticket" if free else "bookings:order", made.secret), made, kept_orders(request)
    )


def _wanted(typed: Mapping[str, str], offer: Offer) -> dict[str, int]:
    """Category → people as typed. Raises ActionRefused for what is no whole number."""
    counts = {one.code: typed.get(f"count-{one.code}", "") for one in offer.categories}
    return {code: _number(text) for code, text in counts.items() if not is_blank(text)}


def _number(text: str) -> int:
    try:
        number = read_number(text)
    except NumberRefused:
        number = None
    if number is None or number != int(number) or abs(number) > MOST_PEOPLE:
        raise ActionRefused(_("人数は0以上の整数で入れてください。"))
    return int(number)


def _proof(typed: Mapping[str, str], offered: shop.Offered) -> shop.Proof | None:
    """What was shown to be honoured. Raises ActionRefused."""
    code = typed.get("proof", "")
    return entitlement.proof(code, offered) if not is_blank(code) else None


def _buyer(typed: Mapping[str, str]) -> shop.Buyer:
    return shop.Buyer(typed.get("email", ""), typed.get("name", ""), language())
