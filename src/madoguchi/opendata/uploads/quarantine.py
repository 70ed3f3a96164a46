"""A bureau's file is judged in a child (`platform.quarantine`), by a server of its own: nobody else waits for it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from madoguchi.platform.quarantine import MB, Busy, Limits, NotExamined, Server, examine

from ..reading.sheets import SheetRefused
from .judging import Judged, judge

QUARANTINE_LOADS: Final = ("openpyxl",)
DESK: Final = Server()


@dataclass(frozen=True)
class Answer:
    """What the child found: a table, or why there is none (code, line, column)."""

    judged: Judged | None = None
    refused: tuple[str, int, int] | None = None


def answer(content: bytes, facility_columns: list[str]) -> Answer:
    """What the child does."""
    try:
        return Answer(judged=judge(content, facility_columns))
    except SheetRefused as no:
        return Answer(refused=(no.code, no.line, no.column))


def limits_for(size: int) -> Limits:
    """The limits for a file of so many bytes: 3 s and 320 MB, and more for more, since an honest table may be long.

    100,000 cells take 5 s and 320 MB as XLSX (0.6 MB), 5 s as CSV (1.3 MB); half a million are taken.
    """
    seconds = min(3 + 20 * size // MB, 60)
    return Limits(memory=min(320 * MB + 320 * size, 1536 * MB), processor=seconds, wall=seconds + 0.5)


def judge_apart(content: bytes, facility_columns: Collection[str] = ()) -> Judged:
    """The table and everything found. Raises SheetRefused, also "too-demanding" and "busy"."""
    given, limits = list(facility_columns), limits_for(len(content))
    try:
        found = examine(answer, content, given, returns=Answer, limits=limits, server=DESK)
    except NotExamined as no:
        raise SheetRefused("busy" if isinstance(no, Busy) else "too-demanding") from no
    if found.judged is None:
        raise SheetRefused(*(found.refused or ("not-csv", 0, 0)))
    return found.judged
