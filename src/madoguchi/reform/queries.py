"""What the pages of the reform office show: projects with their reports and ratings, indicators, the two boards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from madoguchi.figures.queries import LEAST
from madoguchi.platform.calendar import today

from .format import KEYWORDS, Indicator, Keyword, Project
from .kept import kept
from .measures import MEASURES, Part
from .models import Entry, Report, Voice
from .rules import Quarter, days_late, ended, months_before

MONTHS = 12


@dataclass(frozen=True)
class Quarterly:
    """A quarter's report as it stands, and how late its first version was (or is, when there is none yet)."""

    quarter: Quarter
    report: Report | None
    revisions: tuple[Report, ...]
    late: int


def quarters(ref: str) -> list[Quarterly]:
    """Every quarter since the fictional edition began that has ended or been reported on, newest first."""
    return quarters_of([ref])[ref]


def quarters_of(refs: Sequence[str]) -> dict[str, list[Quarterly]]:
    """The same for several projects in one query."""
    written: dict[tuple[str, Quarter], list[Report]] = {}
    for row in Report.objects.filter(project__in=refs).select_related("by").order_by("revision"):
        written.setdefault((row.project, Quarter(row.fiscal_year, row.quarter)), []).append(row)
    return {ref: _quarters(ref, written) for ref in refs}


def _quarters(ref: str, written: dict[tuple[str, Quarter], list[Report]]) -> list[Quarterly]:
    edition = kept().edition_of(ref)
    since = parse_date(edition.published)
    if not edition.fictional or since is None:
        return []
    wanted = {*ended(since, today()), *(quarter for project, quarter in written if project == ref)}
    return [_quarter(quarter, written.get((ref, quarter), [])) for quarter in sorted(wanted, reverse=True)]


def _quarter(quarter: Quarter, revisions: list[Report]) -> Quarterly:
    came = timezone.localdate(revisions[0].at) if revisions else None
    last = revisions[-1] if revisions else None
    return Quarterly(quarter, last, tuple(revisions), days_late(quarter, came, today()))


@dataclass(frozen=True)
class Score:
    """The ratings of a project; the mean only when enough people rated."""

    n: int
    mean: float | None

    @property
    def shown(self) -> float | None:
        """The mean as it may be published."""
        return self.mean if self.n >= LEAST else None


def scores(refs: Iterable[str]) -> dict[str, Score]:
    """The ratings of several projects in one query."""
    rows = Voice.objects.filter(project__in=list(refs)).values("project").annotate(n=Count("pk"), mean=Avg("score"))
    return {row["project"]: Score(row["n"], row["mean"]) for row in rows}


def evidence_matrix(projects: Iterable[Project]) -> list[tuple[Project, dict[Keyword, int | None]]]:
    """For each project and keyword: how many pieces of evidence; 0 is claimed only, None not claimed."""
    rows = []
    for project in projects:
        claims = {claim.tag: len(claim.evidence) for claim in project.keywords}
        rows.append((project, {tag: claims.get(tag) for tag in KEYWORDS}))
    return rows


@dataclass(frozen=True)
class Point:
    """One value of an indicator, and what stands behind it."""

    as_of: str
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    note: Any = None
    source: str = ""
    fault: bool = False


def points(indicator: Indicator, bureau: str = "") -> list[Point]:
    """The values in order of time. Computed ones are by month; a month with fewer than five cases has no value."""
    if indicator.history:
        return [Point(v.as_of, v.value, v.numerator, v.denominator, v.note, v.source) for v in indicator.history]
    months = months_before(today().replace(day=1), MONTHS)
    if indicator.entered:
        return _entered(indicator, bureau, months)
    return monthly(computed(indicator, months), months, bureau, least=least_of(indicator))


def least_of(indicator: Indicator) -> int:
    """Shares of cases are published from five on; procedures are no persons."""
    return 1 if indicator.compute.startswith("procedures-") else LEAST


def computed(indicator: Indicator, months: Sequence[date]) -> list[Part]:
    """The parts of a computed indicator."""
    return MEASURES[indicator.compute](months[0], months[-1])


def monthly(parts: Iterable[Part], months: Sequence[date], bureau: str = "", *, least: int = LEAST) -> list[Point]:
    """Shares in percent by month, of one bureau or of all together."""
    sums = {month: [0, 0] for month in months}
    for part in parts:
        if part.month in sums and bureau in ("", part.bureau):
            sums[part.month][0] += part.numerator
            sums[part.month][1] += part.denominator
    return [share(f"{month:%Y-%m}", *sums[month], least=least) for month in months]


def share(as_of: str, numerator: int, denominator: int, *, least: int = LEAST) -> Point:
    """A share in percent with its numbers; without them where they stand for one to four people, on either side."""
    small = 0 < numerator < least or 0 < denominator < least or 0 < denominator - numerator < least
    if small or not denominator:
        return Point(as_of, None, fault=small)
    return Point(as_of, round(100 * numerator / denominator, 1), numerator, denominator)


def latest_entries(codes: Iterable[str], months: Sequence[date]) -> list[Entry]:
    """The valid revision of every entered value."""
    found = Entry.objects.filter(indicator__in=list(codes), month__in=months)
    return list(found.order_by("indicator", "bureau", "month", "-revision").distinct("indicator", "bureau", "month"))


def _entered(indicator: Indicator, bureau: str, months: Sequence[date]) -> list[Point]:
    sums: dict[date, float] = {}
    for entry in latest_entries([indicator.code], months):
        if bureau in ("", entry.bureau):
            sums[entry.month] = sums.get(entry.month, 0.0) + float(entry.value)
    return [Point(f"{month:%Y-%m}", sums.get(month)) for month in months]


def revisions(indicator: Indicator) -> QuerySet[Entry]:
    """The log of an entered indicator, newest first."""
    return Entry.objects.filter(indicator=indicator.code).select_related("by").order_by("-at", "-pk")
