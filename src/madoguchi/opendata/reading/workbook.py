"""Reads an XLSX workbook: its first visible sheet as it is shown, and what hides beside. Pure, without Django.

Sizes are looked at before anything is unpacked. A table ends with its last cell that holds something: a cell that is
only coloured or framed is none.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from .number_formats import Unshown, shown, shown_text
from .readability import Fault, cell
from .reading import MOST_CELLS, MOST_COLUMNS, Sheet, SheetRefused, hint, must_fit

MOST_UNPACKED: Final = 80 * 1024 * 1024
MOST_PARTS: Final = 2000
MOST_MERGED: Final = 20_000
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_DAY, _MONTH, _TIME = "yyyy/m/d", 'm"月"d"日"', 'h"時"mm"分"'
JAPANESE_FORMATS: Final = {
    27: _DAY, 28: _DAY, 29: _DAY, 30: _DAY, 31: _DAY, 32: _TIME, 33: f'{_TIME}ss"秒"', 34: 'yyyy"年"m"月"', 35: _MONTH,
    36: _DAY, 50: _DAY, 51: _DAY, 52: 'yyyy"年"m"月"', 53: _MONTH, 54: _DAY, 55: 'yyyy"年"m"月"', 56: _MONTH, 57: _DAY,
    58: _DAY,
}  # fmt: skip
"""What Japanese spreadsheets show under the numbers 27 to 58 (ECMA-376 Part 1, 18.8.30); whole days all alike."""


def read_workbook(content: bytes) -> Sheet:
    """The first visible sheet. Raises SheetRefused."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _must_be_harmless(parts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            formulas = openpyxl.load_workbook(io.BytesIO(content))
            values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, ParseError, NotImplementedError, RuntimeError):
        raise SheetRefused("not-xlsx") from None
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
        zipfile.LargeZipFile,
    ) as bad:
        if isinstance(bad, SheetRefused):
            raise
        raise SheetRefused("not-xlsx") from None
    if not formulas.worksheets:
        raise SheetRefused("not-xlsx")
    return _of_book(formulas, values)


def _must_be_harmless(parts: zipfile.ZipFile) -> None:
    """Refuse what would unpack to too much: the sizes that the archive states, and those that really come out."""
    entries = parts.infolist()
    if len(entries) > MOST_PARTS or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise SheetRefused("too-large")
    if any(one.flag_bits & 1 for one in entries):
        raise SheetRefused("encrypted")
    unpacked = cells = 0
    for entry in entries:
        if entry.filename.endswith("vbaProject.bin"):
            raise SheetRefused("macros")
        with parts.open(entry) as file:
            body = file.read(MOST_UNPACKED - unpacked + 1)
        unpacked += len(body)
        if unpacked > MOST_UNPACKED:
            raise SheetRefused("too-large")
        if b"<!DOCTYPE" in body.replace(b"\0", b"") or b"<!ENTITY" in body.replace(b"\0", b""):
            raise SheetRefused("not-xlsx")
        cells += len(_CELL.findall(body))
        if cells > MOST_CELLS or _merged_area(body) > MOST_MERGED:
            raise SheetRefused("too-many-cells")


def _merged_area(body: bytes) -> int:
    return sum(
        (int(bottom) - int(top) + 1) * (_column(right) - _column(left) + 1)
        for left, top, right, bottom in _MERGED.findall(body)
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# ------------------------------------------------------------------ the table


def _filled(sheet: Any) -> list[Any]:
    """The cells that hold something, in their order. (A walk over rows would make all the cells between.)"""
    return [one for _place, one in sorted(sheet._cells.items()) if one.value not in (None, "")]


def _of_book(formulas: Any, values: Any) -> Sheet:
    first = next((one for one in formulas.worksheets if one.sheet_state == "visible"), formulas.worksheets[0])
    found = _table(values[first.title], formulas)
    found.faults += _faults_of(first, len(found.rows), max(map(len, found.rows), default=0))
    for sheet in formulas.worksheets:
        found.outside += _beside(sheet, is_table=sheet is first)
        if sheet is not first and _filled(sheet):
            code = "several-sheets" if sheet.sheet_state == "visible" else "hidden-sheet"
            found.faults.append(Fault(code, "", sheet.title))
    about = formulas.properties
    for name in ("creator", "lastModifiedBy", "title", "subject", "description", "keywords"):
        if text := getattr(about, name, None):
            found.outside.append((f"docProps {name}", str(text)))
    return found


def _table(values: Any, book: Any) -> Sheet:
    filled = _filled(values)
    height = max((one.row for one in filled), default=0)
    width = max((one.column for one in filled), default=0)
    if width > MOST_COLUMNS:
        raise SheetRefused("too-many-columns")
    if height * width > MOST_CELLS * 4:
        raise SheetRefused("too-many-cells")
    found = Sheet([[""] * width for _row in range(height)], name=values.title)
    for one in filled:
        text, faults = _seen(one, book)
        found.rows[one.row - 1][one.column - 1] = text
        found.faults += faults
    for row in found.rows:
        must_fit(row)
    return found


def _seen(one: Any, book: Any) -> tuple[str, list[Fault]]:
    """A cell as its spreadsheet shows it, and what has to be told about that."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    code = JAPANESE_FORMATS.get(one._style.numFmtId) or one.number_format
    try:
        if isinstance(one.value, bool):
            return ("true" if one.value else "false"), []
        if isinstance(one.value, str):
            return (one.value if one.data_type == "e" else shown_text(_unescaped(one.value), code)), []
        serial = _serial(one.value, book)
        if serial is None:
            return one.value.isoformat(), []
        told = shown(serial, code, from_1904=book.epoch == CALENDAR_MAC_1904)
    except Unshown as no:
        return str(one.value), [Fault(no.code, one.coordinate, str(one.value)[:40])]
    return told.plain, [hint("shown-otherwise", one.coordinate, f"{told.text} → {told.plain}")] if told.is_told else []


def _unescaped(text: str) -> str:
    from openpyxl.utils.escape import unescape

    return str(unescape(text))


def _serial(value: Any, book: Any) -> float | None:
    """The number behind a cell; None for a day that the file itself writes by ISO 8601."""
    from openpyxl.utils.datetime import to_excel

    if isinstance(value, datetime | date | time | timedelta):
        return float(to_excel(value, book.epoch))
    if isinstance(value, int | float):
        return value
    raise Unshown("format-unknown")


# ------------------------------------------------------------------ beside the table


def _faults_of(sheet: Any, height: int, width: int) -> Iterator[Fault]:
    """What the sheet hides or holds that a table may not, within the part that holds something."""
    for merged in sheet.merged_cells.ranges:
        yield Fault("merged", str(merged))
    for number, about in sheet.row_dimensions.items():
        if (about.hidden or about.height == 0) and number <= height:
            yield Fault("hidden-row", f"{number}:{number}")
    for letter, about in sheet.column_dimensions.items():
        if (about.hidden or about.width == 0) and (about.min or _column(letter.encode())) <= width:
            yield Fault("hidden-column", f"{letter}:{letter}")
    for one in _filled(sheet):
        if one.data_type == "f":
            yield Fault("formula", one.coordinate, str(one.value)[:80])
    for row, column in sorted(place for place, one in sheet._cells.items() if getattr(one, "comment", None)):
        yield Fault("comment", cell(row, column))
    if getattr(sheet, "_images", None) or getattr(sheet, "_charts", None):
        yield Fault("drawing", "")


def _beside(sheet: Any, *, is_table: bool) -> Iterator[tuple[str, str]]:
    """Texts that are in the file but not in the table: other sheets, comments, formulas, headers and footers."""
    yield "", sheet.title
    for _place, one in sorted(sheet._cells.items()):
        comment = getattr(one, "comment", None)
        if comment:
            yield f"{sheet.title}!{one.coordinate}", f"{comment.author or ''} {comment.text or ''}"
        if (not is_table or one.data_type == "f") and one.value is not None:
            yield f"{sheet.title}!{one.coordinate}", str(one.value)
        if getattr(one, "hyperlink", None):
            yield f"{sheet.title}!{one.coordinate}", str(one.hyperlink.target or "")
    for name in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        part = getattr(sheet, name)
        for text in (part.left.text, part.center.text, part.right.text):
            if text:
                yield f"{sheet.title} {name}", text
