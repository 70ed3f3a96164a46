"""The registered functions behind computed indicators: parts of a whole, by bureau and month, read from the record.

An indicator's `compute` names one of `MEASURES`; nothing else computes. Sums stay sums, so that bureaus add up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q

from madoguchi.catalogue.checking.lesses import demanded
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.resolved import read_up
from madoguchi.figures.queries import Numbers, figures
from madoguchi.foundation.dates import add_months
from madoguchi.town.offices import town

from .format import LESSES, Less


@dataclass(frozen=True)
class Part:
    """`numerator` of `denominator` in a bureau and a month."""

    bureau: str
    month: date
    numerator: int
    denominator: int


Measure = Callable[[date, date], list[Part]]


def bureau_of(office: str) -> str:
    """The bureau of an office; empty for an office that the town no longer has."""
    return town().offices[office].bureau if office in town().offices else ""


def added(rows: Iterable[tuple[str, date, int, int]]) -> list[Part]:
    """(office, month, part, whole) added up by bureau and month, those without a whole left out."""
    parts: Counter[tuple[str, date]] = Counter()
    wholes: Counter[tuple[str, date]] = Counter()
    for office, month, part, whole in rows:
        parts[bureau_of(office), month] += part
        wholes[bureau_of(office), month] += whole
    return [Part(bureau, month, parts[bureau, month], n) for (bureau, month), n in sorted(wholes.items()) if n]


def _from_figures(part: Callable[[Numbers], int], whole: Callable[[Numbers], int]) -> Measure:
    def measure(since: date, until: date) -> list[Part]:
        rows = figures("office", "month", since=since, until=until, days=False)
        return added((row.office, row.month, part(row), whole(row)) for row in rows if row.month)

    return measure


def _without(less: Less) -> Measure:
    def measure(since: date, until: date) -> list[Part]:
        """The definitions in force at the end of the last month (or today): one part for each bureau."""
        after = add_months(until, 1)
        held = Version.objects.filter(published_at__date__lt=after)
        ids = held.filter(Q(replaced_at__isnull=True) | Q(replaced_at__date__gte=after)).values_list("pk", flat=True)
        return added((_demanded(one)[0], until, less not in _demanded(one)[1], 1) for one in ids)

    return measure


@lru_cache(maxsize=4096)
def _demanded(version: int) -> tuple[str, frozenset[str]]:
    """(office, what it demands). A version never changes, and its texts take milliseconds to read."""
    definition = read_up(Version.objects.values_list("definition", flat=True).get(pk=version))["procedure"]
    return definition["office"], demanded(definition)


MEASURES: Mapping[str, Measure] = {
    "online-share": _from_figures(lambda row: row.online, lambda row: row.received),
    # There is no other way to decide here: an approval is a recorded act of an officer who signed in.
    "electronic-decision": _from_figures(lambda row: row.decided, lambda row: row.decided),
    "promise-kept": _from_figures(lambda row: row.in_time, lambda row: row.promised),
    "electronic-delivery": _from_figures(lambda row: row.fetched, lambda row: row.issued),
    **{f"procedures-without-{less}": _without(less) for less in LESSES},
}
