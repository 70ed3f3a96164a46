"""Figures read from the rollups: nobody types a statistic. What they cost depends on the cells, not on the cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from django.db.models import Q, Sum

from .held import held
from .models import ArrowCount, Cell, Cursor, DayCount, QuestionCount
from .rollup import MEASURES

LEAST = 5  # fewer than this is not published: it could point at persons
SCORES: Final = (1, 2, 3, 4, 5)
ONLINE: Final = ("online", "api")
"""The channels that count as online: what a program sends came without paper as well."""
Axis = Literal["procedure", "office", "channel", "month"]
COUNTS: Final = ("received", "online", "corrected", "decided", "promised", "in_time", "withdrawn", "timed", "ratings")
ADDED: Final = (
    "received", "online", "corrected", "decided", "promised", "in_time", "withdrawn", "issued", "fetched", "timed",
    "seconds",
)  # fmt: skip
PARTS: Final = (("received", "online"), ("received", "corrected"), ("promised", "in_time"))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures of one cell or of several added up; an axis that was added up is "" (or None for the month).

    Arrivals, their minutes and corrections belong to the month of arrival; decisions, withdrawals and ratings to the
    month in which they happened. Days are calendar days, rounded up, without the time waiting for the applicant.
    """

    procedure: str = ""
    office: str = ""
    channel: str = ""
    month: date | None = None
    received: int = 0
    online: int = 0
    corrected: int = 0
    decided: int = 0
    promised: int = 0
    in_time: int = 0
    withdrawn: int = 0
    issued: int = 0
    fetched: int = 0
    timed: int = 0
    seconds: int = 0
    scores: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    median_days: int | None = None
    p90_days: int | None = None

    @property
    def ratings(self) -> int:
        """How many people rated."""
        return sum(self.scores)

    @property
    def score(self) -> float | None:
        """The mean rating, 1 to 5; None without one."""
        return _share(sum(n * one for one, n in zip(SCORES, self.scores, strict=True)), self.ratings)

    @property
    def minutes(self) -> float | None:
        """Mean minutes from the form's first touch to submission, of those that told; None without one."""
        return _share(self.seconds / 60, self.timed)

    @property
    def online_share(self) -> float | None:
        """Share of arrivals that came online (by a page or by a program), 0 to 1."""
        return _share(self.online, self.received)

    @property
    def correction_rate(self) -> float | None:
        """Share of arrivals that needed a correction so far, 0 to 1."""
        return _share(self.corrected, self.received)

    @property
    def kept_share(self) -> float | None:
        """Share of promised decisions made by the promised day, 0 to 1."""
        return _share(self.in_time, self.promised)

    @property
    def completion(self) -> float | None:
        """Share of ended cases that were decided and not withdrawn, 0 to 1."""
        return _share(self.decided, self.decided + self.withdrawn)

    @property
    def days_known(self) -> bool:
        """Whether enough cases were decided to publish their days."""
        return self.decided >= LEAST

    @property
    def score_known(self) -> bool:
        """Whether enough people rated to publish the mean."""
        return self.ratings >= LEAST

    def published(self) -> dict[str, float | int | None]:
        """Every figure that may be shown to everybody: None where it stands for one to four cases (0 may be said)."""
        told: dict[str, float | int | None] = {name: publishable(getattr(self, name)) for name in COUNTS}
        for whole, part in PARTS:  # the rest of a whole is a count as well
            if told[whole] is not None and publishable(getattr(self, whole) - getattr(self, part)) is None:
                told[part] = None
        behind = {
            "median_days": self.decided, "p90_days": self.decided, "score": self.ratings, "minutes": self.timed,
            "online_share": self.received, "correction_rate": self.received, "kept_share": self.promised,
            "completion": self.decided + self.withdrawn,
        }  # fmt: skip
        told |= {name: getattr(self, name) if n >= LEAST else None for name, n in behind.items()}
        part_of = {"online_share": "online", "correction_rate": "corrected", "kept_share": "in_time"}
        return told | {share: None for share, part in part_of.items() if told[part] is None}


def added(rows: Iterable[Numbers]) -> Numbers:
    """Several cells as one. Medians do not add up, so days are left out."""
    found = list(rows)
    sums = {name: sum(getattr(row, name) for row in found) for name in ADDED}
    one, two, three, four, five = (sum(row.scores[n] for row in found) for n in range(len(SCORES)))
    return Numbers(**sums, scores=(one, two, three, four, five))


def publishable(n: int) -> int | None:
    """A count as everybody may see it: None for one to four."""
    return n if n == 0 or n >= LEAST else None


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def figures(
    *by: Axis,
    procedure: str | None = None,
    office: str | None = None,
    channel: str | None = None,
    since: date | None = None,
    until: date | None = None,
    days: bool = True,
) -> list[Numbers]:
    """One row for each value of the axes `by` (none: one row for all), in their order.

    `since` and `until` are first days of months, both included. Without `days` (they are most of the work) the median
    and the 90th percentile are not read.
    """
    given = {"procedure": procedure, "office": office, "channel": channel, "month__gte": since, "month__lte": until}
    where = tuple((name, value) for name, value in given.items() if value is not None)
    return list(_figures(by, where, days))


@held
def _figures(by: tuple[Axis, ...], given: tuple[tuple[str, Any], ...], has_days: bool) -> list[Numbers]:
    where = dict(given)
    days = _days(by, where) if has_days else {}
    cells = Cell.objects.filter(**where).values(*by).order_by(*by)
    sums = {f"{name}_": Sum(name) for name in MEASURES}
    rows = cells.annotate(online_=Sum("received", filter=Q(channel__in=ONLINE)), **sums)
    return [_numbers(by, row, days.get(_key(by, row), [])) for row in rows]


def _key(by: Sequence[str], row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in by)


def _days(by: Sequence[str], where: Mapping[str, Any]) -> dict[tuple[Any, ...], list[tuple[int, int]]]:
    """(days, how many) in order, for each value of the axes."""
    found: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for row in DayCount.objects.filter(**where).values(*by, "days").annotate(total=Sum("n")).order_by(*by, "days"):
        found.setdefault(_key(by, row), []).append((row["days"], row["total"]))
    return found


def _numbers(by: Sequence[str], row: Mapping[str, Any], days: Sequence[tuple[int, int]]) -> Numbers:
    plain = {name: row[f"{name}_"] for name in MEASURES if not name.startswith("score_")}
    scores = tuple(row[f"score_{one}_"] for one in SCORES)
    axes = {name: row[name] for name in by}
    return Numbers(
        **axes, **plain, online=row["online_"] or 0, scores=scores,
        median_days=quantile(days, 0.5), p90_days=quantile(days, 0.9),
    )  # fmt: skip


def quantile(counts: Sequence[tuple[int, int]], part: float) -> int | None:
    """The smallest value within which at least `part` of all lie, from (value, how many) in order; None of nothing."""
    needed, so_far = part * sum(n for _value, n in counts), 0
    for value, n in counts:
        so_far += n
        if n and so_far >= needed:
            return value
    return None


def by_procedure(procedure: str | None = None) -> list[Numbers]:
    """Every procedure that received something (or one), most received first."""
    return sorted(figures("procedure", procedure=procedure), key=lambda row: (-row.received, row.procedure))


def monthly(procedure: str | None = None, office: str | None = None, channel: str | None = None) -> list[Numbers]:
    """Month by month, oldest first, without days; a month in which nothing happened has no row."""
    return figures("month", procedure=procedure, office=office, channel=channel, days=False)


def service_quality(since: date | None = None, until: date | None = None) -> list[Numbers]:
    """Each procedure and channel: score, its n, completion, minutes, days, promise kept (the QOS board)."""
    return figures("procedure", "channel", since=since, until=until)


def forecast(procedure: str) -> Numbers | None:
    """What decided cases of this procedure took: the honest forecast beside the promise; None when too few."""
    found = by_procedure(procedure)
    return found[0] if found and found[0].days_known else None


@held
def day_distribution(procedure: str) -> list[tuple[int, int]]:
    """(days, how many decisions took so many) in order."""
    return _days((), {"procedure": procedure}).get((), [])


@held
def questions(procedure: str) -> list[tuple[str, int]]:
    """(question id, how often its correction was asked for), the most asked first."""
    rows = QuestionCount.objects.filter(procedure=procedure).values_list("question").annotate(total=Sum("n"))
    return [(question, total) for question, total in rows.order_by("-total", "question")]


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way out of a step: how often it was taken, and the median hours that the step had lasted (rounded up)."""

    step: str
    outcome: str
    target: str
    n: int
    median_hours: int | None


@held
def arrows(procedure: str) -> list[Arrow]:
    """Every way that cases of the procedure took, the most taken first."""
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    rows = ArrowCount.objects.filter(procedure=procedure).order_by("hours")
    for step, outcome, target, hours, n in rows.values_list("step", "outcome", "target", "hours", "n"):
        found.setdefault((step, outcome, target), []).append((hours, n))
    told = [Arrow(*way, sum(n for _h, n in counts), quantile(counts, 0.5)) for way, counts in found.items()]
    return sorted(told, key=lambda one: (-one.n, one.step, one.outcome))


@held
def step_hours(procedure: str) -> dict[str, tuple[int, int]]:
    """How often each step was left, and its median hours (rounded up)."""
    found: dict[str, list[tuple[int, int]]] = {}
    rows = ArrowCount.objects.filter(procedure=procedure).values("step", "hours").annotate(total=Sum("n"))
    for row in rows.order_by("step", "hours"):
        found.setdefault(row["step"], []).append((row["hours"], row["total"]))
    return {step: (sum(n for _h, n in counts), quantile(counts, 0.5) or 0) for step, counts in found.items()}


def as_of() -> datetime | None:
    """When the worker last read the record; None before the first time."""
    return Cursor.objects.values_list("read_at", flat=True).first()
