"""Reads a CSV or XLSX file as texts in rows, as its spreadsheet shows them. Pure, without Django.

What hides beside the table (comments, hidden sheets, rows and columns, properties) is handed over as `outside`, to be
searched for personal data like the table itself. What a program broke before is told as a fault with its cell.
"""

from collections.abc import Iterator

from .cell_text import clean, damage, is_garbled
from .delimited import read_delimited
from .readability import Fault, cell
from .reading import LONGEST_CELL, MOST_BYTES, Sheet, SheetRefused, few_of_each, hint, trimmed
from .workbook import read_workbook

__all__ = ["Sheet", "SheetRefused", "read"]


def read(content: bytes) -> Sheet:
    """The table of a file; its content says which kind it is, never its name. Raises SheetRefused."""
    if not content.strip():
        raise SheetRefused("empty")
    if len(content) > MOST_BYTES:
        raise SheetRefused("too-large")
    if content.startswith(b"PK\x03\x04"):
        sheet = read_workbook(content)
    elif content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x89PNG")):
        raise SheetRefused("not-csv")
    else:
        sheet = read_delimited(content)
    sheet.outside = [
        (where, text[at : at + LONGEST_CELL])
        for where, text in sheet.outside
        for at in range(0, len(text), LONGEST_CELL)
    ]
    faults = list(_cleaned(sheet.rows))
    sheet.faults = few_of_each([*sheet.faults, *faults])
    sheet.rows = trimmed(sheet.rows)
    if not sheet.rows:
        raise SheetRefused("empty")
    return sheet


def _cleaned(rows: list[list[str]]) -> Iterator[Fault]:
    """Clean every cell in its place; what was done, and what is broken."""
    for number, row in enumerate(rows, 1):
        for place, raw in enumerate(row):
            if not raw:
                continue
            row[place], hints = clean(raw)
            for code in hints:
                yield hint(code, cell(number, place + 1), row[place])
            if code := damage(row[place]) or ("garbled" if is_garbled(raw) else ""):
                yield Fault(code, cell(number, place + 1), row[place])
