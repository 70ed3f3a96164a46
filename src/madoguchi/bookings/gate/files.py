"""An order's tickets as a PDF/UA and its visit as a calendar file."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from madoguchi.design.templatetags.design import people
from madoguchi.foundation.dates import format_date
from madoguchi.paper.typst import typesetter
from madoguchi.payments.models import Entry
from madoguchi.town.offices import town

from ..facilities.present import dated
from ..facilities.wording import address, category, facility_name
from ..models import Order, Slot, Ticket
from . import issuing

TEMPLATE = Path(__file__).parent / "paper" / "ticket.typ"


class Shown(NamedTuple):
    """A ticket and its signed text; no text where it admits nobody (not paid yet, cancelled)."""

    ticket: Ticket
    text: str


def tickets_of(order: Order) -> list[Shown]:
    """The tickets of an order in their order of numbers. Raises KeyMissing."""
    sold = order.state == Order.State.CONFIRMED
    tickets = list(order.tickets.select_related("slot").order_by("number"))
    if not sold or all(one.cancelled_at for one in tickets):
        return [Shown(one, "") for one in tickets]
    key = issuing.key_of(order)
    return [Shown(one, "" if one.cancelled_at else issuing.text_of(one, key)) for one in tickets]


def span(slot: Slot) -> str:
    """The slot's day and weekday and times in the reader's language; of a pass its first and last day."""
    start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    if slot.is_pass:
        return f"{_day(start)}–{_day(end)}"
    return f"{dated(start.date())} {start:%H:%M}–{end:%H:%M}"


def hours(slot: Slot) -> str:
    """The slot's times below its day; of a pass, until when it is good."""
    start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    return _("%(day)sまで") % {"day": _day(end)} if slot.is_pass else f"{start:%H:%M}–{end:%H:%M}"


def _day(moment: datetime) -> str:
    return format_date(moment.date(), get_language() or "ja")


def pdf(order: Order) -> bytes:
    """The tickets that admit, one below the other. Raises KeyMissing, MissingGlyph, RenderingFailed."""
    facility = facility_name(order.slot.facility)
    data = {
        "lang": "en" if get_language() == "en" else "ja",
        "title": _("入場チケット %(facility)s") % {"facility": facility},
        "author": town().in_language(get_language() or "ja"),
        "facility": facility,
        "when": span(order.slot),
        "reference": _("予約番号 %(reference)s") % {"reference": order.reference},
        "note": note(order.slot),
        "holder": _("%(name)s 様") % {"name": order.name} if order.slot.is_pass else "",
        "tickets": [_printed(one) for one in tickets_of(order) if one.text],
    }
    return typesetter(settings.FONTS_DIR).typeset(TEMPLATE, data, order.made_at)


def note(slot: Slot) -> str:
    """How a ticket is used."""
    if slot.is_pass:
        return _("入口でこの二次元コードと、本人の確認ができるものを見せてください。期間中、1日に1回入れます。")
    return _("入口でこの二次元コードを見せてください。紙でも画面でも使えます。1枚につき入場は1回です。")


def _printed(one: Shown) -> dict[str, Any]:
    words, sold = category(one.ticket.slot.facility, one.ticket.category), one.ticket
    return {
        "category": str(words.name),
        "number": _("番号 %(number)s") % {"number": sold.number},
        "people": people(sold.people),
        "qr": issuing.qr_svg(one.text),
        "alt": _("入場用の二次元コード（番号 %(number)s）") % {"number": sold.number},
    }


def calendar(order: Order, site: str) -> bytes:
    """The visit as iCalendar (RFC 5545); `site` is the address that residents use, without a slash at its end.

    A calendar that has it already takes the newer one: the same UID, a SEQUENCE that grows with every change of the
    order, CANCEL where nobody is expected any more (RFC 5546, 3.2.1 and 3.2.5).
    """
    gone = order.state in {Order.State.CANCELLED, Order.State.EXPIRED}
    visit, changes = Event(), _changes(order)
    visit.add("uid", f"{order.pk}@madoguchi")
    visit.add("dtstamp", timezone.now())
    visit.add("created", order.made_at)
    visit.add("last-modified", max([order.made_at, *changes]))
    visit.add("sequence", len(changes))
    visit.add("organizer", _organizer())
    start, end = timezone.localtime(order.slot.starts_at), timezone.localtime(order.slot.ends_at)
    # A pass has whole days; its end is the day after the last one (RFC 5545, 3.6.1).
    visit.add("dtstart", start.date() if order.slot.is_pass else order.slot.starts_at)
    visit.add("dtend", end.date() + timedelta(days=1) if order.slot.is_pass else order.slot.ends_at)
    visit.add("summary", facility_name(order.slot.facility))
    here = address(order.slot.facility) or facility_name(order.slot.facility)
    visit.add("location", _("ビデオ通話") if order.way == "video" else here)
    visit.add("description", _("予約番号 %(reference)s") % {"reference": order.reference})
    visit.add("url", site + reverse("bookings:ticket", args=[order.secret]))
    visit.add("status", "CANCELLED" if gone else "TENTATIVE" if order.state == Order.State.HELD else "CONFIRMED")
    whole = Calendar()
    whole.add("prodid", "-//Madoguchi//bookings//")
    whole.add("version", "2.0")
    whole.add("method", "CANCEL" if gone else "PUBLISH")
    whole.add_component(visit)
    return bytes(whole.to_ical())


def _changes(order: Order) -> set[datetime]:
    """When the order became another one: moved or given back in part or whole, ended, paid."""
    given_back = order.tickets.exclude(cancelled_at=None).values_list("cancelled_at", flat=True)
    paid = order.charge.entries.filter(kind=Entry.Kind.PAID).values_list("at", flat=True) if order.charge else ()
    return {*given_back, *paid, *([order.closed_at] if order.closed_at else [])}


def _organizer() -> vCalAddress:
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = town().in_language(get_language() or "ja")
    return organizer
