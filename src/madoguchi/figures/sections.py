"""Where forms are begun and where they are left: a counter for each section and day, of nobody (ADR 0028).

The page tells how far a form has come, once for each section; the form's own device remembers what was told. A form
that was sent counts as having reached SENT. Pages that run no scripts tell nothing, so they are in none of the numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from django.db import connection
from django.db.models import Sum

from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.queries import compiled_version
from madoguchi.platform.calendar import today

from .models import SectionCount
from .queries import LEAST

SENT: Final = "*"
DAYS: Final = 90
"""How far back the pages look (this town's choice)."""

# Losing the last moment's counts in a crash is no harm, and no form waits for a disk.
_COUNT: Final = """
WITH relaxed AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO figures_sectioncount AS held (procedure, version, section, day, n)
SELECT %s, %s, section, %s, 1 FROM relaxed, unnest(%s::text[]) AS section
ON CONFLICT (procedure, version, section, day) DO UPDATE SET n = held.n + 1"""


class NoSuchSection(ValueError):
    """The form has no such section, or it comes before the one that was told already."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A section: how many forms reached it and how many were left there. None: not published."""

    section: str
    reached: int | None
    left: int | None


def order(compiled: Compiled) -> list[str]:
    """The sections of a form in their order, with SENT as the last."""
    return [*(section.id for section in compiled.sections), SENT]


def reach(compiled: Compiled, *, section: str, before: str = "") -> None:
    """Count a form that came as far as `section`, having told `before` already (empty: nothing). One statement.

    Sections that were jumped over count as reached. Raises NoSuchSection.
    """
    known = order(compiled)
    if section not in known or (before and before not in known):
        raise NoSuchSection(section)
    new = known[known.index(before) + 1 if before else 0 : known.index(section) + 1]
    if not new:
        raise NoSuchSection(section)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [compiled.procedure.code, compiled.version_id, today(), new])


def abandonment(procedures: Mapping[str, Sequence[str]], since: date | None = None) -> dict[str, list[Reached]]:
    """For each procedure with its sections (see `order`): where forms were left, since a day (or the last DAYS).

    Every version counts with its own sections, and sections that today's form no longer has are left out. Procedures
    whose form fewer than five began are not in it.
    """
    day = since or today() - timedelta(days=DAYS)
    counts = SectionCount.objects.filter(procedure__in=procedures, day__gte=day)
    rows = counts.values_list("procedure", "version", "section").annotate(total=Sum("n"))
    versions: dict[tuple[str, int], dict[str, int]] = {}
    for procedure, version, section, n in rows:
        versions.setdefault((procedure, version), {})[section] = n
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for (procedure, version), reached in versions.items():
        _add(found.setdefault(procedure, {}), _order_of(version), reached)
    return {
        code: published([(one, *found[code].get(one, (0, 0))) for one in procedures[code] if one != SENT])
        for code in procedures
        if code in found and found[code].get(procedures[code][0], (0, 0))[0] >= LEAST
    }


def _order_of(version: int) -> list[str]:
    try:
        return order(compiled_version(version))
    except Version.DoesNotExist:
        return []


def _add(found: dict[str, tuple[int, int]], sections: Sequence[str], reached: Mapping[str, int]) -> None:
    for section, following in pairwise(sections):
        n, left = found.get(section, (0, 0))
        here = reached.get(section, 0)
        found[section] = n + here, left + max(0, here - reached.get(following, 0))


def published(rows: Sequence[tuple[str, int, int]]) -> list[Reached]:
    """(section, reached, left) as everybody may see them.

    A number is told only when it is at least five, or 0, and when the difference to the last one told is so too, so
    that nobody is found by subtraction.
    """
    shown: list[Reached] = []
    last = None
    for section, reached, left in rows:
        is_told = _is_fine(reached) and (last is None or _is_fine(abs(last - reached)))
        last = reached if is_told else last
        is_left_told = is_told and _is_fine(left) and _is_fine(reached - left)
        shown.append(Reached(section, reached if is_told else None, left if is_left_told else None))
    return shown


def _is_fine(n: int) -> bool:
    return n == 0 or n >= LEAST
