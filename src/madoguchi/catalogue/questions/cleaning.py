"""Texts as they are stored: what every question type does with what was typed."""

from typing import Any

from madoguchi.foundation import text

from ..problems import Refused


def cleaned_text(value: Any, *, multiline: bool = False, maximum: int) -> str | None:
    """A text answer in NFC without control characters, kept exactly as written otherwise. Raises Refused."""
    if not isinstance(value, str):
        raise Refused("wrong-type", expected="text")
    if len(value) > maximum * 4 + 100:  # do not even normalise a 100 kB name
        raise Refused("too-long", max=maximum, length=len(value))
    try:
        value = text.clean(value, multiline=multiline)
    except text.TextRefused as refused:
        raise Refused(refused.code, place=refused.place) from refused
    if len(value) > maximum:
        raise Refused("too-long", max=maximum, length=len(value))
    return value or None


def cleaned_code(value: Any, *, maximum: int) -> str | None:
    """The same for a number, code or address for mail: half-width, without format characters. Raises Refused."""
    if isinstance(value, str) and len(value) <= maximum * 4 + 100:
        value = text.as_code(value)
    return cleaned_text(value, maximum=maximum)
