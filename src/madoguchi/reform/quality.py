"""The QOS board: each service and channel, and what a published version of a definition changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from madoguchi.catalogue.models import Version
from madoguchi.figures.publishing import BEHIND, Told, published, total
from madoguchi.figures.queries import COUNTS, Numbers, added, figures, service_quality
from madoguchi.platform.calendar import today

from .rules import months_before

MONTHS = 12
AROUND = 3
MOST_SCORES = 8


@dataclass(frozen=True)
class Service:
    """A service in a channel: its figures of twelve months as they may be published, and the mean score before that."""

    numbers: Numbers
    told: Told
    before: float | None

    @property
    def procedure(self) -> str:
        """The service."""
        return self.numbers.procedure

    @property
    def channel(self) -> str:
        """How its cases came."""
        return self.numbers.channel

    @property
    def change(self) -> str:
        """The same with its sign; a dash where there is nothing to compare."""
        return "–" if self.trend is None else f"{self.trend:+.1f}"

    @property
    def trend(self) -> float | None:
        """How the score moved against the twelve months before; None where either may not be published."""
        score = self.told["score"]
        return None if score is None or self.before is None else round(score - self.before, 2)


def services(until: date | None = None) -> list[Service]:
    """Every service and channel that received something in the twelve months up to `until` (or today)."""
    months = months_before((until or today()).replace(day=1), 2 * MONTHS)
    earlier = {(r.procedure, r.channel): r for r in service_quality(since=months[0], until=months[MONTHS - 1])}
    rows = published("channel", since=months[MONTHS], until=months[-1])
    return [Service(r, told, _score(earlier.get((r.procedure, r.channel)))) for r, told in rows]


def whole(services: Iterable[Service]) -> Told:
    """All services of the twelve months together; a figure whose count would tell of one that is not said is None."""
    held = list(services)
    sums = added(one.numbers for one in held)
    counts = {key: total((getattr(one.numbers, key), one.told[key]) for one in held) for key in COUNTS}
    told = sums.published() | counts
    return told | {key: None for key, count in BEHIND.items() if counts.get(count) is None}


def scores(until: date | None = None) -> list[tuple[str, float]]:
    """The mean rating of the services that received the most, where it may be said."""
    months = months_before((until or today()).replace(day=1), MONTHS)
    rows = sorted(figures("procedure", since=months[0], until=months[-1], days=False), key=lambda row: -row.received)
    known = [(row.procedure, row.score) for row in rows if row.score_known and row.score is not None]
    return known[:MOST_SCORES]


def _score(numbers: Numbers | None) -> float | None:
    return numbers.score if numbers is not None and numbers.score_known else None


@dataclass(frozen=True)
class Change:
    """A version of a definition: the figures of up to three whole months before and after the month it appeared in."""

    version: Version
    on: date
    before: Told | None
    after: Told | None


def changes(procedure: str) -> list[Change]:
    """Every published version, newest first. The first has nothing before it."""
    versions = Version.objects.filter(code=procedure).order_by("-published_at").defer("definition", "wordings")
    rows = figures("month", procedure=procedure, days=False)
    return [_change(version, rows) for version in versions]


def _change(version: Version, rows: list[Numbers]) -> Change:
    on = timezone.localdate(version.published_at)
    month = on.replace(day=1)
    before = months_before(month, AROUND + 1)[:-1]
    after = months_before(_later(month, AROUND), AROUND)
    last_whole = today().replace(day=1)
    return Change(version, on, _together(rows, before), _together(rows, [m for m in after if m < last_whole]))


def _later(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def _together(rows: list[Numbers], months: list[date]) -> Told | None:
    """Several months as one. Medians do not add up, so days are left out."""
    found = [row for row in rows if row.month in months]
    if not found:
        return None
    return added(found).published()
