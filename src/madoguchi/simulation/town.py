"""Invented towns: planned from a seed, written in chunks, each in one transaction with its chains, ledger and numbers.

`simulate` fills an empty database at any size; `fill` makes the demo town's past beside its running pages, goes on
where it was stopped, and never touches a town in which somebody else's cases lie (ADR 39).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache
from itertools import count
from multiprocessing import get_context
from random import Random
from typing import Final, NamedTuple

import django
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone

from madoguchi.cases.models import Case, DocumentNumber, InventedPast
from madoguchi.figures.rollup import rebuild, roll
from madoguchi.payments.closing.comparing import compare_the_nights
from madoguchi.platform.calendar import today
from madoguchi.town.offices import town

from . import deciding, matter, money
from .dossier import Dossier, Rows, Writer
from .forms import count_forms
from .plans import Entry, Plan
from .requests import write_requests
from .rows import load, reserve
from .sources import sources
from .staff import Staff, make_stand_ins
from .visitors import Visitors

CHUNK: Final = 500
SMALL: Final = 25
"""Cases in one transaction while people use the pages: half a second with their signatures."""
YEARS: Final = 3
MONTHS_OF_DEMO: Final = 14
WRITERS: Final[Mapping[str, Writer]] = {**matter.WRITERS, **money.WRITERS, **deciding.WRITERS}
Key = tuple[str, int]
Progress = Callable[[int], object]


class SimulationRefused(Exception):
    """The database must not be filled with invented cases; the text says why."""


class _Chunk(NamedTuple):
    """What one transaction writes: which stories, their ids, the first document number of each office and year."""

    plan: tuple[int, int, date, int]
    stories: Sequence[int]
    ids: Mapping[type[models.Model], Sequence[int]]
    numbers: Mapping[Key, int]
    whole: bool


def simulate(
    cases: int, seed: int, *, until: date | None = None, processes: int = 1, whole: bool = False,
    progress: Progress = lambda done: None,
) -> None:  # fmt: skip
    """Fill an empty database with invented cases and count them. `until` is the last day (yesterday).

    `whole`: with files and signed documents. The same number, seed, day and definitions give the same town, whatever
    the number of processes. `progress` is told how many cases are done. Raises SimulationRefused.
    """
    _must_be_empty()
    make_stand_ins()
    given = (seed, cases, until or today() - timedelta(days=1), 365 * YEARS)
    with _pool(processes) as pool:
        entries = sorted(each for some in pool.map(_entries, _spans(given, cases)) for each in some)
        done = 0
        for written in pool.map(_write, _chunks(given, entries, CHUNK, whole)):
            done += written
            progress(done)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rebuild()


def fill(cases: int, seed: int, *, whole: bool = True, progress: Progress = lambda done: None) -> bool:
    """Make the past of the demo town, or the rest of it; whether there was anything to do. Raises SimulationRefused."""
    past = _begun(cases, seed)
    if past is None:
        return False
    make_stand_ins()
    given = (past.seed, past.cases, past.day - timedelta(days=1), 30 * MONTHS_OF_DEMO)
    entries = sorted(_entries((given, 0, past.cases)))[past.made :]
    for start in range(0, len(entries), SMALL):
        with transaction.atomic():
            (chunk,) = _chunks(given, entries[start : start + SMALL], SMALL, whole)
            InventedPast.objects.filter(pk=past.pk).update(made=F("made") + _write(chunk))
        progress(past.made + start + len(chunk.stories))
    _finish(past)
    return True


def _begun(cases: int, seed: int) -> InventedPast | None:
    past = InventedPast.known()
    if past is not None:
        return None if past.ended_at else past
    if settings.PRODUCTION or not town().demo:
        raise SimulationRefused("this is no demonstration: invented cases never go into a real town's record.")
    if Case.objects.exists():
        raise SimulationRefused("there are cases already: no past is invented around them.")
    return InventedPast.objects.create(seed=seed, cases=cases, day=today(), begun_at=timezone.now())


@transaction.atomic
def _finish(past: InventedPast) -> None:
    """Visitors and requests; then count the figures and compare the providers' lists, as every night does."""
    load(Visitors(past.seed, past.day).write())
    write_requests(past.day)
    roll()
    compare_the_nights(today())
    InventedPast.objects.filter(pk=past.pk).update(ended_at=timezone.now())


def _must_be_empty() -> None:
    if settings.PRODUCTION:
        raise SimulationRefused("this is production: invented cases never go into a real town's record.")
    if Case.objects.exists():
        raise SimulationRefused("there are cases already: simulate in an empty database (its own MADOGUCHI_HOME).")


class _Here:
    """A pool of this process alone."""

    map = staticmethod(map)

    def __enter__(self) -> "_Here":
        return self

    def __exit__(self, *fault: object) -> None: ...


def _pool(processes: int) -> "_Here | ProcessPoolExecutor":
    if processes == 1:
        return _Here()
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup)


def _spans(given: tuple[int, int, date, int], cases: int) -> Iterator[tuple[tuple[int, int, date, int], int, int]]:
    for start in range(0, cases, CHUNK):
        yield given, start, min(start + CHUNK, cases)


@cache
def _plan(seed: int, cases: int, until: date, days: int) -> Plan:
    return Plan(sources(), seed, cases, until, days)


def _entries(span: tuple[tuple[int, int, date, int], int, int]) -> list[Entry]:
    given, start, end = span
    plan = _plan(*given)
    return [plan.entry(index) for index in range(start, end)]


def _chunks(given: tuple[int, int, date, int], entries: Sequence[Entry], size: int, whole: bool) -> Iterator[_Chunk]:
    """The stories in the order in which they ended, so that documents are numbered as the days go."""
    for start in range(0, len(entries), size):
        some = entries[start : start + size]
        needs: Counter[type[models.Model]] = Counter()
        for one in some:
            needs.update(one.needs)
        numbers = _take_numbers(Counter(one.number_of for one in some if one.number_of))
        yield _Chunk(given, [one.number for one in some], reserve(needs), numbers, whole)


@transaction.atomic
def _take_numbers(wanted: Mapping[Key, int]) -> dict[Key, int]:
    """The first of so many document numbers that each office takes in a year, as `decisions` takes them."""
    first = {}
    for office, year in sorted(wanted):
        DocumentNumber.objects.get_or_create(office=office, fiscal_year=year)
        row = DocumentNumber.objects.filter(office=office, fiscal_year=year)
        row.update(last=F("last") + wanted[office, year])
        first[office, year] = row.values_list("last", flat=True).get() - wanted[office, year] + 1
    return first


def _write(chunk: _Chunk) -> int:
    """Write a chunk; how many cases."""
    plan, staff = _plan(*chunk.plan), Staff()
    ids = {model: iter(some) for model, some in chunk.ids.items()}
    numbers = {key: count(first) for key, first in chunk.numbers.items()}
    rows: Rows = defaultdict(list)
    for index in chunk.stories:
        chance = Random(f"{plan.seed}/{index}/rows")  # noqa: S311 - to be repeated, not to be secret
        written = Dossier(plan.story(index), staff, ids, numbers, chance, chunk.whole).write(WRITERS)
        for model, some in written.items():
            rows[model] += some
    with transaction.atomic():
        load(rows)
        count_forms(plan.sources, rows[Case], Random(f"{plan.seed}/{chunk.stories[0]}/forms"), plan.until)  # noqa: S311
    return len(chunk.stories)
