"""What the columns of a table hold: type, gaps, values, and whether a key names each row once. Pure, without Django."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Final

from .columns import Type, Value

_INTEGER: Final = re.compile(r"0|-?[1-9]\d{0,17}")
_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[-+]\d\d:\d\d)")
ORDER: Final[tuple[Type, ...]] = ("boolean", "integer", "number", "date", "datetime", "string")


@dataclass(frozen=True, slots=True)
class Profile:
    """One column. `least` and `most` are of its type; for texts the shortest and longest length in characters."""

    name: str
    type: Type
    filled: int
    empty: int
    distinct: int
    least: str
    most: str


def value_of(kind: Type, text: str) -> Value:
    """The text as a value of this type. Raises ValueError.

    What would come out otherwise stays a text: leading zeros, exponents (1E2 is a code), more digits than are kept.
    """
    if not text:
        return None
    if kind == "string":
        return text
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text) and _is_kept(text):
        return float(text)
    if kind == "date" and _DATE.fullmatch(text):
        return date.fromisoformat(text)
    if kind == "datetime" and _MOMENT.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(UTC)
    raise ValueError(text)


def _is_kept(text: str) -> bool:
    """Whether the number as it is stored says what was written: not of 1.2345678901234567890, nor of -0."""
    number = float(text)
    return isfinite(number) and Decimal(repr(number)) == Decimal(text) and (number != 0 or not text.startswith("-"))


def fits(kind: Type, text: str) -> bool:
    """Whether the text is of this type."""
    with suppress(ValueError, OverflowError):
        value_of(kind, text)
        return True
    return False


def type_of(texts: Sequence[str]) -> Type:
    """The narrowest type that all filled cells have; text for an empty column."""
    filled = [text for text in texts if text]
    if not filled:
        return "string"
    found = next(kind for kind in ORDER if all(fits(kind, text) for text in filled))
    return "string" if found == "number" and _are_labels(filled) else found


def _are_labels(texts: Sequence[str]) -> bool:
    """Whether zeros at the end tell something, as in the sections 1.9 and 1.10: not where all have as many decimals."""
    decimals = {len(text.partition(".")[2]) for text in texts}
    return len(decimals) > 1 and any("." in text and text.endswith("0") for text in texts)


def profile(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Profile]:
    """All columns of a table."""
    return [
        _column(name, [row[place] if place < len(row) else "" for row in rows]) for place, name in enumerate(header)
    ]


def _column(name: str, texts: Sequence[str]) -> Profile:
    filled, kind = [text for text in texts if text], type_of(texts)
    least = most = ""
    if filled and kind == "string":
        lengths = [len(text) for text in filled]
        least, most = str(min(lengths)), str(max(lengths))
    elif filled and kind != "boolean":
        order = sorted(filled, key=lambda text: value_of(kind, text))  # type: ignore[arg-type,return-value]
        least, most = order[0], order[-1]
    return Profile(name, kind, len(filled), len(texts) - len(filled), len(set(filled)), least, most)


def twice(header: Sequence[str], rows: Sequence[Sequence[str]], key: Sequence[str], first_row: int = 2) -> list[int]:
    """The numbers of the rows whose key stands before already, or is empty."""
    places = [list(header).index(name) for name in key]
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[int] = []
    for number, row in enumerate(rows, first_row):
        named = tuple(row[place] if place < len(row) else "" for place in places)
        seen[named] += 1
        if places and (seen[named] > 1 or not any(named)):
            found.append(number)
    return found
