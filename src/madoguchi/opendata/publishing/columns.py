"""Columns of published rows and the values that may stand in them: pure, without Django.

Types are those of Frictionless' Table Schema. An empty text is an empty cell: files cannot tell them apart.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from math import isfinite
from typing import Any, Final, Literal

from madoguchi.platform.spreadsheet import MARK, runs

Type = Literal["string", "integer", "number", "boolean", "date", "datetime"]
Value = str | int | float | bool | date | datetime | None
Row = tuple[Value, ...]

MOST_COLUMNS: Final = 250
NAME_BYTES: Final = 400
"""Official headings are sentences (39 characters, 117 bytes); PostgreSQL's 63 bytes are `identifier`'s matter."""
IDENTIFIER_BYTES: Final = 63
SORTABLE_BYTES: Final = 2000  # a B-tree takes no longer entries
_PYTHON: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "date": (date,),
    "datetime": (datetime,),
}
_BIGINT: Final = 2**63


class RowsRefused(ValueError):
    """The columns or rows cannot be published; the sentence says where and why."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in files and in the API, and what it means. `titles` holds further languages."""

    name: str
    type: Type = "string"
    title: str = ""
    description: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def as_field(self) -> dict[str, Any]:
        """The field of a Table Schema, without what is empty."""
        told = {"name": self.name, "type": self.type, "title": self.title, "description": self.description}
        return {key: value for key, value in told.items() if value} | (
            {"titles": dict(self.titles)} if self.titles else {}
        )


def check_columns(columns: Sequence[Column], key: Sequence[str]) -> None:
    """Raise `RowsRefused` unless the names can be names in CSV, Parquet and PostgreSQL alike."""
    names = [column.name for column in columns]
    if not names or len(names) > MOST_COLUMNS:
        raise RowsRefused(f"a dataset has 1 to {MOST_COLUMNS} columns, this one has {len(names)}")
    for name in names:
        if not name.strip() or name.startswith("_") or '"' in name or len(name.encode()) > NAME_BYTES:
            raise RowsRefused(f"{name!r} cannot be a column's name: 1 to {NAME_BYTES} bytes, no leading _, no quote")
        if not name.isprintable():
            raise RowsRefused(f"{name!r} holds a character that cannot be printed")
    if len({name.casefold() for name in names}) < len(names):
        raise RowsRefused("two columns have the same name")
    if missing := set(key) - set(names):
        raise RowsRefused(f"the key names columns that are not there: {', '.join(sorted(missing))}")


def identifier(name: str) -> str:
    """The column's name in the table: itself, or its beginning and a hash where PostgreSQL would cut it off."""
    if len(name.encode()) <= IDENTIFIER_BYTES:
        return name
    return f"{name.encode()[:40].decode(errors='ignore')}~{sha256(name.encode()).hexdigest()[:16]}"


def in_full(records: str, names: Iterable[str]) -> str:
    """JSON rows of the table with the columns' whole names. (Within a text, a quotation mark is escaped.)"""
    for name in names:
        if (short := identifier(name)) != name:
            records = records.replace(f"{_as_json(short)}:", f"{_as_json(name)}:")
    return records


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def clean_rows(columns: Sequence[Column], key: Sequence[str], rows: Iterable[Sequence[Value]]) -> list[Row]:
    """The rows with their values checked, in the order of the key (of the whole row without one).

    Raises `RowsRefused` with the row's number for a value of another type or a key that stands twice.
    """
    cleaned = [_clean(columns, number, row) for number, row in enumerate(rows, 1)]
    places = [[column.name for column in columns].index(name) for name in key]
    cleaned.sort(key=lambda row: [_order(row[place]) for place in places or range(len(columns))])
    for one, other in pairwise(cleaned) if places else ():
        if all(one[place] == other[place] for place in places):
            raise RowsRefused(f"the key {[one[place] for place in places]} stands twice")
    return cleaned


def _order(value: Value) -> tuple[bool, Any]:
    return value is None, "" if value is None else value


def _clean(columns: Sequence[Column], number: int, row: Sequence[Value]) -> Row:
    if len(row) != len(columns):
        raise RowsRefused(f"row {number} has {len(row)} cells, not {len(columns)}")
    return tuple(_value(column, number, value) for column, value in zip(columns, row, strict=True))


def _value(column: Column, number: int, value: Value) -> Value:
    if value is None or value == "":
        return None
    fits = isinstance(value, _PYTHON[column.type])
    if column.type != "boolean":
        fits = fits and not isinstance(value, bool)
    if column.type == "date":
        fits = fits and not isinstance(value, datetime)
    if isinstance(value, float):
        fits = fits and isfinite(value)
    elif isinstance(value, int):
        fits = fits and -_BIGINT <= value < _BIGINT
    elif isinstance(value, str):
        fits = fits and _is_unicode(value)
    if not fits:
        raise RowsRefused(f"row {number}: {value!r} is no {column.type} ({column.name})")
    return value


def _is_unicode(value: str) -> bool:
    return "\0" not in value and (value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value))


def as_text(value: Value) -> str:
    """The value as it stands in a CSV file: dates by ISO 8601, no exponents, nothing for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def table_schema(columns: Sequence[Column], key: Sequence[str], rows: Sequence[Row]) -> dict[str, Any]:
    """The Table Schema. Marked are fields with longer texts than an index takes (`sortable: false`), and those of which
    the CSV writes a text with an apostrophe in front, lest a spreadsheet runs it (`csvEscape: "'"`).
    """
    fields = [column.as_field() for column in columns]
    for place, column in enumerate(columns):
        if column.type == "string" and any(
            runs(text.lstrip(MARK)) for row in rows if isinstance(text := row[place], str)
        ):
            fields[place]["csvEscape"] = MARK
    for place, column in enumerate(columns):
        if column.type == "string" and any(
            len(text) > SORTABLE_BYTES // 4 and len(text.encode()) > SORTABLE_BYTES
            for row in rows
            if isinstance(text := row[place], str)
        ):
            fields[place]["sortable"] = False
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": list(key)} if key else {})
