"""What a person typed, beside what it means: kept where the two differ to the eye, and shown again in the form."""

from collections.abc import Mapping, Sequence
from typing import Any

from madoguchi.foundation import text


def difference(typed: Any, stored: Any) -> Any:
    """The parts of an answer as typed that the stored answer does not say; None where there are none.

    It has the shape of the answer: parts of a party, a row for each row of a group, the four fields of a day. Outer
    spaces, line ends and ways to encode one letter are no difference, because nobody sees them.
    """
    if isinstance(stored, Mapping):
        parts = typed if isinstance(typed, Mapping) else {}
        found = {part: difference(parts.get(part), value) for part, value in stored.items()}
        return {part: other for part, other in found.items() if other is not None} or None
    if _are_rows(stored) and _are_rows(typed) and len(stored) == len(typed):
        rows = [difference(row, value) or {} for row, value in zip(typed, stored, strict=True)]
        return rows if any(rows) else None
    if isinstance(stored, bool) or not isinstance(typed, (str, Mapping)):
        return None
    return None if isinstance(typed, str) and _seen(typed) in {"", str(stored)} else typed


def over(stored: Any, typed: Any) -> Any:
    """An answer as typed, filled up with what is stored where nothing was typed."""
    if isinstance(stored, Mapping) and isinstance(typed, Mapping):
        return {**stored, **{part: over(stored.get(part), value) for part, value in typed.items()}}
    if _are_rows(stored) and _are_rows(typed) and len(stored) == len(typed):
        return [over(value, row) for value, row in zip(stored, typed, strict=True)]
    is_nothing = typed is None or typed == [] or (isinstance(typed, str) and text.is_blank(typed))
    return stored if is_nothing and stored is not None else typed


def _are_rows(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(row, Mapping) for row in value)


def _seen(typed: str) -> str:
    try:
        return text.clean(typed, multiline=True)
    except text.TextRefused:
        return typed
