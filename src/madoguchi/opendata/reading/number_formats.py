"""A number as its spreadsheet shows it, by the cell's number format. Pure, without Django.

`Shown.plain` says the same for machines: a whole date by ISO 8601, digits without separators of thousands, a minus for
▲, △ or brackets.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from .date_formats import shown_date
from .digit_formats import general_number, shown_number
from .format_codes import Section, Shown, Unshown, parsed

__all__ = ["Shown", "Unshown", "shown", "shown_text"]
PRECISION: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_TOO_LARGE: Final = Decimal(10) ** 30


def shown_text(text: str, code: str) -> str:
    """A text under a format: most formats leave it alone; a fourth section, or one with @, may add to it."""
    if code in ("General", "@"):
        return text
    sections = parsed(code)
    section = sections[3] if len(sections) == 4 else sections[-1]
    if not section.has("text"):
        if len(sections) == 4:
            raise Unshown("value-hidden")
        return text
    return "".join(text if piece.kind == "text" else piece.text for piece in section.pieces).strip()


def shown(value: float, code: str, *, from_1904: bool = False) -> Shown:
    """A number or the serial number of a day under a format. Raises Unshown."""
    if code in ("General", "@", ""):
        return general_number(exact(value))
    number = exact(value)
    section, is_negative_part = _chosen(parsed(code), number)
    if section.has("date", "elapsed", "noon"):
        return shown_date(number, section, from_1904=from_1904)
    return shown_number(number, section, is_negative_part=is_negative_part)


def exact(value: float) -> Decimal:
    """The number to the 15 digits that a spreadsheet keeps. Raises Unshown for one beyond all tables."""
    number = PRECISION.create_decimal(repr(value))
    if not number.is_finite() or abs(number) >= _TOO_LARGE:
        raise Unshown("hash")
    return number


def _chosen(sections: Sequence[Section], number: Decimal) -> tuple[Section, bool]:
    """The section that applies, and whether it is the one for negative numbers, which shows no minus of its own."""
    numeric = [one for one in sections[:3] if not one.has("text")] or list(sections[:1])
    if any(one.condition for one in numeric):
        return _by_condition(numeric, number), False
    if number < 0 and len(numeric) > 1:
        return numeric[1], True
    return numeric[2 if number == 0 and len(numeric) > 2 else 0], False


def _by_condition(sections: Sequence[Section], number: Decimal) -> Section:
    if number < 0:
        raise Unshown("format-unknown")
    for section in sections:
        if section.condition is None or _fits(number, *section.condition):
            return section
    raise Unshown("hash")


def _fits(number: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": number < limit, ">": number > limit, "=": number == limit,
        "<=": number <= limit, ">=": number >= limit, "<>": number != limit,
    }[sign]  # fmt: skip
