"""A table as it stands in a handed-in file, and why a file cannot be read: pure, without Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from .readability import Fault

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_CELLS: Final = 500_000
MOST_COLUMNS: Final = 250
LONGEST_CELL: Final = 10_000


class SheetRefused(ValueError):
    """The file cannot be taken in. `code` says why (`uploads.words.refusal`); line and column where, counted from 1."""

    def __init__(self, code: str, line: int = 0, column: int = 0) -> None:
        super().__init__(code, line, column)
        self.code, self.line, self.column = code, line, column


@dataclass
class Sheet:
    """One table as it stands in the file: row 1 first. `faults` are those that only the file shows.

    `name` is the sheet's, empty for text. `outside` is what stands beside the table ((where, text)).
    """

    rows: list[list[str]]
    faults: list[Fault] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""


def hint(code: str, place: str, value: str = "") -> Fault:
    """Something to know that does not hold publication up."""
    return Fault(code, place, value, hint=True)


def trimmed_width(row: Sequence[str]) -> int:
    """How many cells of a row there are up to the last with something in it."""
    return max((place for place, text in enumerate(row, 1) if text), default=0)


def must_fit(row: Sequence[str]) -> None:
    """Raise SheetRefused for a row that is too wide or a cell that is too long."""
    if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
        raise SheetRefused("too-many-columns")
    if any(len(one) > LONGEST_CELL for one in row):
        raise SheetRefused("cell-too-long")


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without the empty rows at the end and the empty cells at each row's end."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(trimmed_width, rows), default=0)
    return [row[:width] for row in rows]


def few_of_each(faults: Iterable[Fault], most: int = 50) -> list[Fault]:
    """At most so many of each kind, and of each hint the first of each column: a report that can be read."""
    kept: list[Fault] = []
    counts: dict[str, int] = {}
    columns: set[tuple[str, str]] = set()
    for fault in faults:
        column = fault.code, fault.place.rstrip("0123456789")
        if fault.hint and fault.place and column in columns:
            continue
        columns.add(column)
        counts[fault.code] = counts.get(fault.code, 0) + 1
        if counts[fault.code] <= most:
            kept.append(fault)
    return kept
