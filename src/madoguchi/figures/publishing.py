"""What of a table of figures may be shown to everybody: nothing that stands for one to four cases, also by subtraction.

Whoever knows the total of a row of cells must not find a small one (primary and complementary cell suppression; the
rule of one to four is this town's own choice).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any, Final

from .queries import COUNTS, LEAST, Arrow, Axis, Numbers, by_procedure, figures, publishable

Told = dict[str, float | int | None]
BEHIND: Final = {
    "median_days": "decided", "p90_days": "decided", "kept_share": "in_time", "completion": "decided",
    "minutes": "timed", "score": "ratings", "online_share": "online", "correction_rate": "corrected",
}  # fmt: skip
"""Which count must be known before a share or a mean is said."""


def hide(counts: Sequence[int], also: Sequence[bool] = ()) -> list[bool]:
    """Which counts of a row stay unsaid: one to four, those that `also` says, and the next smallest where a lone one
    would show.

    What is hidden adds up to five or more and is never a single value.
    """
    hidden = [0 < n < LEAST or is_more for n, is_more in zip_longest(counts, also, fillvalue=False)]
    while any(hidden) and (
        sum(hidden) < 2 or sum(n for n, is_hidden in zip(counts, hidden, strict=True) if is_hidden) < LEAST
    ):
        shown = [
            (n, place) for place, (n, is_hidden) in enumerate(zip(counts, hidden, strict=True)) if n and not is_hidden
        ]
        if not shown:
            break
        hidden[min(shown)[1]] = True
    return hidden


def said(counts: Sequence[int]) -> list[int | None]:
    """The counts of a row as everybody may see them."""
    return [None if is_hidden else n for n, is_hidden in zip(counts, hide(counts), strict=True)]


def ways_shown(arrows: Iterable[Arrow]) -> list[Arrow]:
    """The ways out of each step that may be seen; the whole of a step is shown, so a lone small one takes another."""
    by_step: dict[str, list[Arrow]] = {}
    for arrow in arrows:
        by_step.setdefault(arrow.step, []).append(arrow)
    return [
        arrow
        for ways in by_step.values()
        for arrow, n in zip(ways, said([way.n for way in ways]), strict=True)
        if n is not None
    ]


def published(
    axis: Axis,
    procedure: str | None = None,
    since: date | None = None,
    until: date | None = None,
    days: bool = True,
) -> Iterator[tuple[Numbers, Told]]:
    """Each procedure's cells along an axis (month, office, channel) with what may be said of them."""
    held: dict[str, list[Numbers]] = {}
    for row in figures("procedure", axis, procedure=procedure, since=since, until=until, days=days):
        held.setdefault(row.procedure, []).append(row)
    for rows in held.values():
        yield from zip(rows, _told(rows), strict=True)


def _told(rows: Sequence[Numbers]) -> Iterator[Told]:
    hidden = {key: hide([getattr(row, key) for row in rows]) for key in COUNTS}
    for place, row in enumerate(rows):
        told = {key: None if key in hidden and hidden[key][place] else value for key, value in row.published().items()}
        yield told | {key: None for key, count in BEHIND.items() if told[count] is None}


def total(cells: Iterable[tuple[int, float | None]]) -> int | None:
    """The sum of cells, each (its count, what is said of it); None where the sum would tell a cell that is not said."""
    counts = list(cells)
    return publishable(sum(n for n, _told in counts)) if _may_be_added(counts) else None


def _may_be_added(cells: Iterable[tuple[int, float | None]]) -> bool:
    unsaid = [n for n, told in cells if told is None and n]
    return not unsaid or (len(unsaid) > 1 and sum(unsaid) >= LEAST)


def procedures() -> list[tuple[Numbers, Told]]:
    """Every procedure that received something, the most first, with what may be said of it."""
    return [(row, row.published()) for row in by_procedure()]


def totals() -> dict[str, int | None]:
    """What all procedures have together, as far as it tells of none that is not said."""
    rows = procedures()
    return {key: total((getattr(row, key), told[key]) for row, told in rows) for key in COUNTS}


def months() -> list[tuple[date, int | None]]:
    """What all procedures received by month, oldest first; None where a total would tell a cell that is not said.

    Empty where the sum of all months may not be told.
    """
    cells: dict[date, list[tuple[int, float | None]]] = {}
    for row, told in published("month", days=False):
        if row.month and row.received:
            cells.setdefault(row.month, []).append((row.received, told["received"]))
    if totals()["received"] is None:
        return []
    names = sorted(cells)
    sums = [sum(n for n, _told in cells[month]) for month in names]
    hidden = hide(sums, [not _may_be_added(cells[month]) for month in names])
    return [(month, None if is_hidden else n) for month, n, is_hidden in zip(names, sums, hidden, strict=True)]


def along(axis: Axis) -> list[tuple[str, Told]]:
    """Each office, or each channel, with the sums of what may be said of its procedures: they tell nothing more.

    None where nothing of it may be said.
    """
    sums: dict[str, dict[str, Any]] = {}
    for row, told in published(axis, days=False):
        kept = sums.setdefault(getattr(row, axis), dict.fromkeys(COUNTS))
        for key in COUNTS:
            if (n := told[key]) is not None:
                kept[key] = (kept[key] or 0) + n
    whole = {getattr(row, axis): row.published() for row in figures(axis)}
    for value, kept in sums.items():
        kept |= {key: whole[value][key] for key in ("median_days", "p90_days", "score")}
    return sorted(sums.items(), key=lambda one: (-(one[1]["received"] or 0), one[0]))
