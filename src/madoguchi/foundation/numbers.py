"""Numbers as people in Japan write them: half-width or full-width digits, a point, commas before groups of three."""

import re
from decimal import Decimal
from typing import Final

from madoguchi.foundation import text

_WRITTEN: Final = re.compile(r"-?(?:[0-9]{1,15}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:[.][0-9]{1,6})?")
_LONGEST: Final = 200
_LATIN: Final = re.compile("[A-Za-z°µ]")
_YEN: Final = re.compile(r"[¥\\]? ?(-?[0-9,.]+) ?円?")


class NumberRefused(ValueError):
    """The text is no number as people write one: 52,5, 1 2, 1,,000, ², ten."""


def read_number(typed: str) -> Decimal | None:
    """The number, None when nothing is seen. Raises NumberRefused rather than guess what a stray sign stands for."""
    if text.is_blank(typed):
        return None
    written = text.as_code(typed) if len(typed) <= _LONGEST else ""
    if _WRITTEN.fullmatch(written) is None:
        raise NumberRefused(typed[:_LONGEST])
    return Decimal(written.replace(",", ""))


def read_yen(typed: str) -> Decimal | None:
    """The amount, with or without ¥ before or 円 after it; None when nothing is seen. Raises NumberRefused."""
    if text.is_blank(typed):
        return None
    amount = _YEN.fullmatch(text.as_code(typed)) if len(typed) <= _LONGEST else None
    number = read_number(amount[1]) if amount else None
    if number is None:
        raise NumberRefused(typed[:_LONGEST])
    return number


def with_unit(figures: str, unit: str) -> str:
    """A number and its unit: 6,630枚, 94%; before a word or sign in Latin letters stands a space: 6,630 sheets."""
    unit = unit.strip()
    return f"{figures} {unit}" if _LATIN.match(unit) else f"{figures}{unit}"
