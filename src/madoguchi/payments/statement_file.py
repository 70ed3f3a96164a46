"""The rows of a file that a bank or an acquirer sent: CSV with a heading. Pure; runs in a child (quarantine)."""

import csv
import io
from dataclasses import dataclass, field
from typing import Final

MOST_LINES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line (1 is the heading): a code that the page turns into a sentence, and the value."""

    line: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Each line's number with its cells by heading; or why there are none."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def rows_of(content: bytes, columns: list[str]) -> Rows:
    """The lines of a file in UTF-8 or Shift_JIS that must have these columns; empty lines are left out."""
    text = _text(content)
    if text is None:
        return _faulty(1, "not-text")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        if missing := [name for name in columns if name not in heading]:
            return Rows(faults=[Fault(1, "column-missing", name) for name in missing])
        found = [
            (reader.line_num, {name: cell.strip() for name, cell in zip(heading, row, strict=False)})
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        return _faulty(reader.line_num, "not-csv")
    if not found or len(found) > MOST_LINES:
        return _faulty(1, "too-many-lines" if found else "empty")
    return Rows(found)


def _faulty(line: int, code: str) -> Rows:
    return Rows(faults=[Fault(line, code)])


def _text(content: bytes) -> str | None:
    for coding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    return None
