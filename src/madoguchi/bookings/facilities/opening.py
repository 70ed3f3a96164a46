"""On which days a facility is open, and the slots of a day (pure)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from madoguchi.foundation.dates import is_open_day, is_public_holiday

from .format import WEEKDAYS, Closed, Facility, Offer

ONE = timedelta(days=1)
PASS = timedelta(days=364)
"""From the first day of a pass to its last."""


class Span(NamedTuple):
    """One slot to be: when it takes place, and when it goes on sale."""

    starts_at: datetime
    ends_at: datetime
    opens_at: datetime


def is_closed(closed: Closed, day: date) -> bool:
    """Whether the facility's rules close this day."""
    holiday = is_public_holiday(day)
    return (
        day in closed.dates
        or f"{day:%m-%d}" in closed.every_year
        or (closed.like_offices and not is_open_day(day))
        or (closed.holidays and holiday)
        or (closed.after_holidays and not holiday and is_public_holiday(day - ONE))
        or (_is_weekly(closed, day) and not (holiday and closed.open_on_holidays))
        or (closed.next_day_instead and not holiday and _moved_here(closed, day))
    )


def _is_weekly(closed: Closed, day: date) -> bool:
    return WEEKDAYS[day.weekday()] in closed.weekdays


def _moved_here(closed: Closed, day: date) -> bool:
    """Whether one of the public holidays right before was a closed weekday."""
    before = day - ONE
    while is_public_holiday(before):
        if _is_weekly(closed, before):
            return True
        before -= ONE
    return False


def spans(facility: Facility, offer: Offer, day: date, zone: ZoneInfo) -> Iterator[Span]:
    """The slots of a day in order; none on a closed day."""
    if is_closed(facility.closed, day):
        return
    on_sale = opens_at(offer, day, zone)
    for start, end in hours_of(offer, day):
        first, last = _moment(day, start, zone), _moment(day, end, zone)
        if offer.slot == "year":
            yield Span(first, last + PASS, on_sale)
            return
        length = last - first if offer.slot == "day" else timedelta(minutes=offer.slot)
        while first + length <= last:
            yield Span(first, first + length, on_sale)
            first += length


def opens_at(offer: Offer, day: date, zone: ZoneInfo) -> datetime:
    """When the slots of a day go on sale."""
    return _moment(day - timedelta(days=offer.opens.days_before), offer.opens.at, zone)


def hours_of(offer: Offer, day: date) -> list[tuple[str, str]]:
    """From when until when it is open by weekday; rows for `holiday` take the place of the others on one."""
    name = WEEKDAYS[day.weekday()]
    special = [(row.from_, row.until) for row in offer.hours if "holiday" in row.days]
    if special and is_public_holiday(day):
        return sorted(special)
    return sorted((row.from_, row.until) for row in offer.hours if name in row.days)


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)
