"""What is left on which day: the calendar of a facility's page, the slots of a day, and how full they are in a word."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from ..models import Slot
from .format import Facility, Offer
from .opening import spans

WEEKS = 6
LAST_YEAR = 2200
"""Nobody books later, and the last days of the calendar's own range cannot be reckoned with."""
FEW = 10
"""Fewer places left than this many percent of a day are shown as few."""


class State(NamedTuple):
    """How a slot or a day stands: a code for the look, and what is left."""

    code: str
    """open, few, full, soon (not yet on sale), closed, past."""
    left: int = 0


@dataclass(frozen=True)
class Day:
    """One day of the calendar; `opens_at` is when its sale begins."""

    day: date
    state: State
    opens_at: datetime | None = None

    @property
    def can_be_chosen(self) -> bool:
        """Whether there is a page to go to."""
        return self.state.code in {"open", "few", "full", "soon"}


def state(slots: Iterable[Slot], now: datetime) -> State:
    """How these slots stand together."""
    known = [one for one in slots if not one.is_closed]
    if not known:
        return State("closed")
    ahead = [one for one in known if one.sold_until > now]
    if not ahead:
        return State("past")
    if all(one.opens_at > now for one in ahead):
        return State("soon")
    left, whole = sum(one.left for one in ahead), sum(one.capacity for one in ahead)
    if left <= 0:
        return State("full")
    return State("few" if left * 100 < whole * FEW else "open", left)


def weeks(facility: Facility, offer: Offer, now: datetime) -> list[list[Day | None]]:
    """The next weeks, Sunday first; None before today and after the last day."""
    today = timezone.localdate(now)
    first = today - timedelta(days=(today.weekday() + 1) % 7)
    by_day: dict[date, list[Slot]] = defaultdict(list)
    for one in _slots(facility, today, first + timedelta(weeks=WEEKS)).filter(offer=offer.code):
        by_day[timezone.localdate(one.starts_at)].append(one)
    last = max(by_day, default=today)

    def cell(day: date) -> Day | None:
        if not today <= day <= last:
            return None
        found = by_day.get(day, [])
        return Day(day, state(found, now), found[0].opens_at if found else None)

    rows = [[cell(first + timedelta(days=7 * week + n)) for n in range(7)] for week in range(WEEKS)]
    return [row for row in rows if any(row)]


def day_of(text: str) -> date | None:
    """A day written as 2026-12-01; None for anything else."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and found.year <= LAST_YEAR else None


class Empty(NamedTuple):
    """Why a day has no slots: past, soon (it goes on sale at `opens_at`), closed."""

    code: str
    opens_at: datetime | None = None


def why_empty(facility: Facility, day: date, now: datetime) -> Empty:
    """Of a day without slots. Later than they are made, the definition tells whether it will have any."""
    if day < timezone.localdate(now):
        return Empty("past")
    zone = ZoneInfo(settings.TIME_ZONE)
    ahead = [span.opens_at for offer in facility.offers for span in spans(facility, offer, day, zone)]
    return Empty("soon", min(ahead)) if ahead and min(ahead) > now else Empty("closed")


def slots_of(facility: Facility, day: date) -> list[Slot]:
    """Every slot of a day."""
    return [] if day.year > LAST_YEAR else list(_slots(facility, day, day + timedelta(days=1)))


def _slots(facility: Facility, since: date, until: date) -> QuerySet[Slot]:
    """From the beginning of one day to that of another, in the town's time."""
    zone = timezone.get_default_timezone()
    first, last = (datetime.combine(day, time(), zone) for day in (since, until))
    offers = [offer.code for offer in facility.offers]
    found = Slot.objects.filter(facility=facility.code, offer__in=offers, starts_at__gte=first, starts_at__lt=last)
    return found.order_by("offer", "starts_at")
