"""A definition in the reader's language: cards, hours, prices, and the rule for cancelling in words."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from madoguchi.foundation.dates import format_date, is_public_holiday

from ..models import Slot
from .format import Cancelling, Category, Facility, Offer
from .pricing import NoPrice, price
from .wording import told

KINDS = {
    "museum": gettext_lazy("美術館・博物館"),
    "garden": gettext_lazy("庭園"),
    "zoo": gettext_lazy("動物園"),
    "hall": gettext_lazy("ホール"),
    "sports": gettext_lazy("スポーツ施設"),
    "counter": gettext_lazy("窓口"),
}
DAYS = {
    "mon": gettext_lazy("月曜"),
    "tue": gettext_lazy("火曜"),
    "wed": gettext_lazy("水曜"),
    "thu": gettext_lazy("木曜"),
    "fri": gettext_lazy("金曜"),
    "sat": gettext_lazy("土曜"),
    "sun": gettext_lazy("日曜"),
    "holiday": gettext_lazy("祝日"),
}


def dated(day: date) -> str:
    """A day with its weekday, by which people choose when to come."""
    weekday = list(DAYS.values())[day.weekday()]
    return _("%(day)s（%(weekday)s）") % {"day": format_date(day, _language()), "weekday": weekday}


def _language() -> str:
    return get_language() or "ja"


def card(facility: Facility) -> dict[str, Any]:
    """What a list shows of a facility."""
    said = _language()
    return {
        "code": facility.code,
        "name": facility.name.said(said),
        "summary": facility.summary.said(said),
        "address": facility.place.address.said(said),
        "latitude": facility.place.latitude,
        "longitude": facility.place.longitude,
        "kind": KINDS[facility.kind],
    }


def offer(facility: Facility, one: Offer) -> dict[str, Any]:
    """Hours, prices and rules of an offer."""
    every = [(_("、").join(str(DAYS[day]) for day in row.days), row.from_, row.until) for row in one.hours]
    return {
        "code": one.code,
        "name": one.name.said(_language()),
        "hours": every,
        "minutes": None if one.slot == "day" else one.slot,
        "prices": [_listed(category) for category in one.categories],
        "rule": cancelling(one),
        "days_before": one.opens.days_before,
        "opens_at": one.opens.at,
    }


def _listed(category: Category) -> dict[str, Any]:
    """A category with its price on a usual day, and on a public holiday where that is another."""
    usual, special = _usual_day(False), _usual_day(True)
    people = category.people.min if category.people else 1
    amounts = [_price(category, day, people) for day in (usual, special)]
    return {**_words(category), "yen": amounts[0], "holiday": amounts[1] if amounts[1] != amounts[0] else None}


def _usual_day(holiday: bool) -> date:
    """The next day that is, or is not, a public holiday."""
    day = timezone.localdate()
    while is_public_holiday(day) != holiday:
        day += timedelta(days=1)
    return day


def _price(category: Category, day: date, people: int) -> int | None:
    try:
        return price(category, day, count=people)
    except NoPrice:
        return None


def _words(category: Category) -> dict[str, Any]:
    return {
        "code": category.code,
        "name": category.name.said(_language()),
        "people": category.people,
        "told": told(category, _language()),
    }


def prices(one: Offer, slot: Slot) -> list[dict[str, Any]]:
    """Every category with what it costs in a slot; for a group, what its smallest number costs."""
    day = timezone.localdate(slot.starts_at)
    return [
        {**_words(category), "yen": _price(category, day, category.people.min if category.people else 1)}
        for category in one.categories
    ]


def cancelling(one: Offer) -> list[str]:
    """The rule for cancelling and changing, one sentence for each line."""
    lines = sorted(one.cancel, key=lambda line: -line.hours_before)
    told = [_back(line) for line in lines]
    if not lines:
        told = [_("予約したあとの取消しはできません。")]
    if one.change is not None:
        told.append(_("%(when)sまで、ほかの日時に変更できます。") % {"when": _until(one.change)})
    return told


def _back(line: Cancelling) -> str:
    told = {"when": _until(line.hours_before), "percent": line.percent}
    if not line.percent:
        return _("%(when)sまでの取消しでは、お返しする金額がありません。") % told
    return _("%(when)sまでの取消しは、%(percent)s%%をお返しします。") % told


def _until(hours: int) -> str:
    if hours == 0:
        return _("開始")
    if hours % 24 == 0:
        days = hours // 24
        return ngettext("開始の%(days)s日前", "開始の%(days)s日前", days) % {"days": days}
    return ngettext("開始の%(hours)s時間前", "開始の%(hours)s時間前", hours) % {"hours": hours}
