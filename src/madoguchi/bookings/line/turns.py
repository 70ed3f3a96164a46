"""The line before a shop that opens at a set time (pure): who stands where, and when it is whose turn (ADR 0027).

Who comes before the opening draws a lot and stands where the lot says among all who came early; who comes later
stands behind them, in the order of arrival. So many are let in each minute, whoever gives up: a turn is a moment.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ..facilities.format import Facility, Offer
from ..facilities.opening import hours_of, is_closed, opens_at

EARLY = timedelta(minutes=30)
"""So long before the opening the waiting page stands before the shop."""
LASTS = timedelta(hours=1)
"""So long after it; then there is no line any more."""
SHOPPING = timedelta(minutes=10)
"""What a turn lasts."""
LOTS = 1_000_000_007
MOST_DAYS = 62
"""So many days at most are offered to those who need not wait."""


class Opening(NamedTuple):
    """A moment when tickets of a facility open, and how many are let in each minute."""

    facility: str
    at: datetime
    per_minute: int


class Token(NamedTuple):
    """What a visitor holds: a lot (0 ≤ lot < LOTS) where they came early, else the moment of their turn."""

    lot: int = -1
    turn: datetime | None = None


def opening_of(facility: Facility, now: datetime, zone: ZoneInfo) -> Opening | None:
    """The opening whose line is there now, if any; a day without slots opens nothing."""
    days = sorted({(now + near).astimezone(zone).date() for near in (-LASTS, EARLY)})  # around midnight: two
    found = (_opening(facility, offer, day, zone) for day in days for offer in facility.offers)
    return next((one for one in found if one and one.at - EARLY <= now < one.at + LASTS), None)


def _opening(facility: Facility, offer: Offer, today: date, zone: ZoneInfo) -> Opening | None:
    sold = today + timedelta(days=offer.opens.days_before)
    if offer.opens.rush is None or is_closed(facility.closed, sold) or not hours_of(offer, sold):
        return None
    return Opening(facility.code, opens_at(offer, sold, zone), offer.opens.rush.per_minute)


def is_behind(facility: Facility, opening: Opening, day: date, zone: ZoneInfo) -> bool:
    """Whether something of a day goes on sale at this opening: the line stands before that, not before other days."""
    return any(hours_of(offer, day) and opens_at(offer, day, zone) == opening.at for offer in facility.offers)


def other_days(facility: Facility, opening: Opening, today: date, zone: ZoneInfo) -> list[date]:
    """The days that were on sale before this opening, for which nobody need wait."""
    last = max(offer.opens.days_before for offer in facility.offers)
    days = [today + timedelta(days=n) for n in range(min(last + 1, MOST_DAYS))]
    return [
        day
        for day in days
        if not is_closed(facility.closed, day)
        and not is_behind(facility, opening, day, zone)
        and any(hours_of(offer, day) and opens_at(offer, day, zone) < opening.at for offer in facility.offers)
    ]


def step(opening: Opening) -> timedelta:
    """From one turn to the next."""
    return timedelta(minutes=1) / opening.per_minute


def turn_of(token: Token, opening: Opening, early: int) -> datetime:
    """When the holder is let in, where `early` came before the opening."""
    return token.turn or opening.at + step(opening) * (token.lot * early // LOTS)


def before(turn: datetime, opening: Opening, now: datetime) -> int:
    """How many are let in between now and a turn."""
    return max(-((now - max(turn, now)) // step(opening)), 0)


def roughly(people: int) -> int:
    """Rounded up to two digits: enough for who waits, and few different pages."""
    unit: int = 10 ** max(len(str(people)) - 2, 0)
    return -(-people // unit) * unit


def may_enter(turn: datetime, now: datetime) -> bool:
    """Whether the turn has come and is not over."""
    return turn <= now < turn + SHOPPING
