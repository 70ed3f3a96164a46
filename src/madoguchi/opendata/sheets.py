"""Reads a CSV or XLSX file as texts in rows, without being hurt by it. Pure, without Django.

Sizes are looked at before anything is unpacked; what hides beside the table (comments, hidden sheets, rows and
columns, properties) is handed over as `outside`, to be searched for personal data like the table itself.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from .readability import Fault, cell

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_UNPACKED: Final = 80 * 1024 * 1024
MOST_PARTS: Final = 2000
MOST_CELLS: Final = 500_000
MOST_COLUMNS: Final = 250
MOST_MERGED: Final = 20_000
LONGEST_CELL: Final = 10_000
_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_FORMULA: Final = re.compile(r"[=＝][A-Za-z(+\-0-9$]")


class SheetRefused(ValueError):
    """The file cannot be taken in; `code` says why: empty, too-large, too-many-cells, not-text, not-csv, not-xlsx …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Sheet:
    """One table as it stands in the file: row 1 first. `faults` are those that only the file shows."""

    rows: list[list[str]]
    faults: list[Fault] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """The table of a file; its content says which kind it is, never its name. Raises SheetRefused."""
    if not content.strip():
        raise SheetRefused("empty")
    if len(content) > MOST_BYTES:
        raise SheetRefused("too-large")
    if content.startswith(b"PK\x03\x04"):
        found = _xlsx(content)
    elif content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf", b"\x89PNG")):
        raise SheetRefused("not-csv")
    else:
        found = _csv(content)
    found.outside = [
        (where, text[at : at + LONGEST_CELL])
        for where, text in found.outside
        for at in range(0, len(text), LONGEST_CELL)
    ]
    found.rows = _trimmed(found.rows)
    if not found.rows:
        raise SheetRefused("empty")
    return found


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without the empty rows at the end and the empty cells at each row's end."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((place for row in rows for place, text in enumerate(row, 1) if text), default=0)
    return [row[:width] for row in rows]


# ------------------------------------------------------------------ CSV


def _csv(content: bytes) -> Sheet:
    text, faults = _decoded(content)
    head = text.split("\n", 1)[0]
    delimiter = next((one for one in "\t;" if one in head and "," not in head), ",")
    if delimiter != ",":
        faults.append(Fault("not-comma", "A1", delimiter.replace("\t", "TAB")))
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            cells += len(row)
            _must_fit(cells, len(row), row)
            faults += _formulas(row, len(rows) + 1)
            rows.append([one.strip(" \t\u3000") for one in row])
    except csv.Error:
        raise SheetRefused("not-csv") from None
    return Sheet(rows, faults)


def _decoded(content: bytes) -> tuple[str, list[Fault]]:
    for codec in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp932"):
        try:
            text = content.decode(codec)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        return text, [] if codec == "utf-8-sig" else [Fault("not-utf8", "", codec, hint=True)]
    raise SheetRefused("not-text")


def _must_fit(cells: int, width: int, row: list[str]) -> None:
    if cells > MOST_CELLS:
        raise SheetRefused("too-many-cells")
    if width > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
        raise SheetRefused("too-many-columns")
    if any(len(one) > LONGEST_CELL for one in row):
        raise SheetRefused("cell-too-long")


def _formulas(row: list[str], number: int) -> Iterator[Fault]:
    for place, text in enumerate(row, 1):
        if _FORMULA.match(text):
            yield Fault("formula", cell(number, place), text)


# ------------------------------------------------------------------ XLSX


def _xlsx(content: bytes) -> Sheet:
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


def _of_book(formulas: Any, values: Any) -> Sheet:
    first = next((one for one in formulas.worksheets if one.sheet_state == "visible"), formulas.worksheets[0])
    found = Sheet(_rows(values[first.title], first))
    found.faults += _faults_of(first)
    for sheet in formulas.worksheets:
        found.outside += _beside(sheet, values[sheet.title], is_table=sheet is first)
        if sheet is first or (sheet.max_row == 1 and sheet.max_column == 1 and sheet["A1"].value is None):
            continue
        code = "several-sheets" if sheet.sheet_state == "visible" else "hidden-sheet"
        found.faults.append(Fault(code, "", sheet.title))
    about = formulas.properties
    for name in ("creator", "lastModifiedBy", "title", "subject", "description", "keywords"):
        if text := getattr(about, name, None):
            found.outside.append((f"docProps {name}", str(text)))
    return found


def _rows(values: Any, formulas: Any) -> list[list[str]]:
    if values.max_row * values.max_column > MOST_CELLS * 4:
        raise SheetRefused("too-many-cells")
    if values.max_column > MOST_COLUMNS:
        raise SheetRefused("too-many-columns")
    rows = [[_text(one) for one in row] for row in values.iter_rows(values_only=True)]
    for row in rows:
        _must_fit(0, 0, row)
    return rows


def _text(value: object) -> str:
    """A cell as text: dates by ISO 8601, whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip(" \t\u3000")


def _faults_of(sheet: Any) -> Iterator[Fault]:
    for merged in sheet.merged_cells.ranges:
        yield Fault("merged", str(merged))
    for number, about in sheet.row_dimensions.items():
        if about.hidden and number <= sheet.max_row:
            yield Fault("hidden-row", f"{number}:{number}")
    for letter, about in sheet.column_dimensions.items():
        if about.hidden:
            yield Fault("hidden-column", f"{letter}:{letter}")
    for row in sheet.iter_rows():
        for one in row:
            if one.data_type == "f" or (isinstance(one.value, str) and _FORMULA.match(one.value)):
                yield Fault("formula", one.coordinate, str(one.value)[:80])
            if getattr(one, "comment", None):
                yield Fault("comment", one.coordinate)
    if getattr(sheet, "_images", None) or getattr(sheet, "_charts", None):
        yield Fault("drawing", "")


def _beside(sheet: Any, values: Any, *, is_table: bool) -> Iterator[tuple[str, str]]:
    """Texts that are in the file but not in the table: other sheets, comments, formulas, headers and footers."""
    yield "", sheet.title
    for row in sheet.iter_rows():
        for one in row:
            comment = getattr(one, "comment", None)
            if comment:
                yield f"{sheet.title}!{one.coordinate}", f"{comment.author or ''} {comment.text or ''}"
            if not is_table and one.value is not None:
                yield f"{sheet.title}!{one.coordinate}", _text(one.value)
            if one.data_type == "f":
                yield f"{sheet.title}!{one.coordinate}", str(one.value)
            if getattr(one, "hyperlink", None):
                yield f"{sheet.title}!{one.coordinate}", str(one.hyperlink.target or "")
    for name in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        part = getattr(sheet, name)
        for text in (part.left.text, part.center.text, part.right.text):
            if text:
                yield f"{sheet.title} {name}", text
