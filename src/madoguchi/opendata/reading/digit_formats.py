"""A number as its spreadsheet shows it: digits in their places, with what stands around them. Pure, without Django."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from .format_codes import Piece, Section, Shown, Unshown

GENERAL_DIGITS: Final = 11
"""Whole numbers with more digits are shown with an exponent by the format General."""
MINUS: Final = frozenset({"-", "−", "▲", "△", "▼"})
_DASHES: Final = frozenset({"-", "−", "–", "—", "ー"})
_GENERAL: Final = ("general", "text")


def general_number(number: Decimal) -> Shown:
    """A number under the format General. Raises Unshown where its digits would not all be shown."""
    is_long = number == number.to_integral_value() and abs(number) >= 10**GENERAL_DIGITS
    if is_long and number != Context(prec=6).create_decimal(number):
        raise Unshown("exponent")
    text = written(number)
    return Shown(text, text)


def written(number: Decimal) -> str:
    """The number in digits, never with an exponent."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shown_number(number: Decimal, section: Section, *, is_negative_part: bool) -> Shown:
    """A number under the section that applies to it. Raises Unshown."""
    if section.has("slash", "exponent"):
        raise Unshown("exponent" if section.has("exponent") else "format-unknown")
    before, digits, after = _parts(section.pieces)
    if not digits:
        return _literal_only(number, before)
    if section.has(*_GENERAL):
        body = plain = general_number(abs(number)).text
    else:
        body, plain = _digits(abs(number), digits, section)
    if not body:
        return _literal_only(number, before + after)
    return _signed(number, is_negative_part, before, (body, plain), after)


def _hidden() -> Shown:
    raise Unshown("value-hidden")


def _literal_only(number: Decimal, text: str) -> Shown:
    if number == 0 and text in _DASHES:
        return Shown(text, "0", is_told=True)
    if not text:
        return Shown("", "", is_told=True) if number == 0 else _hidden()
    return Shown(text, text)


def _parts(pieces: Sequence[Piece]) -> tuple[str, Sequence[Piece], str]:
    """What stands before the first digit, from there to the last, and after it."""
    places = [place for place, piece in enumerate(pieces) if piece.kind in ("digit", *_GENERAL)]
    if not places:
        return "".join(piece.text for piece in pieces).strip(), (), ""
    first, last = places[0], places[-1] + 1
    if first and pieces[first - 1].kind == "dot":
        first -= 1
    before = "".join(piece.text for piece in pieces[:first]).strip()
    after = "".join(piece.text for piece in pieces[last:] if piece.kind not in ("comma", "dot")).strip()
    return before, pieces[first:last], after


def _digits(number: Decimal, pieces: Sequence[Piece], section: Section) -> tuple[str, str]:
    """(as shown, without separators of thousands)."""
    dot = next((place for place, piece in enumerate(pieces) if piece.kind == "dot"), len(pieces))
    whole, rest = pieces[:dot], [piece for piece in pieces[dot + 1 :] if piece.kind == "digit"]
    if len(rest) != len(pieces[dot + 1 :]):
        raise Unshown("format-unknown")
    scaled = number * 100 ** sum(piece.kind == "percent" for piece in section.pieces)
    scaled /= 1000 ** _trailing_commas(section.pieces)
    rounded = f"{scaled.quantize(Decimal(1).scaleb(-len(rest)), ROUND_HALF_UP, Context(prec=60)):f}"
    integer, _dot, fraction = rounded.partition(".")
    fraction = _fraction(fraction, rest)
    text, plain = _whole(integer.lstrip("0"), whole)
    return (f"{text}.{fraction}", f"{plain or '0'}.{fraction}") if fraction else (text, plain)


def _trailing_commas(pieces: Sequence[Piece]) -> int:
    """Commas right after the last digit, or after the last one before the point, divide by a thousand each."""
    kinds = [piece.kind for piece in pieces]
    dot = kinds.index("dot") if "dot" in kinds else len(kinds)
    return _commas_after(kinds[:dot]) + (_commas_after(kinds) if "digit" in kinds[dot:] else 0)


def _commas_after(kinds: Sequence[str]) -> int:
    """How many commas follow the last digit."""
    rest = kinds[len(kinds) - [*kinds[::-1], "digit"].index("digit") :]
    return next((at for at, kind in enumerate(rest) if kind != "comma"), len(rest))


def _fraction(digits: str, places: Sequence[Piece]) -> str:
    """The decimals, without the zeros that # and ? leave out."""
    kept = list(digits)
    for place in reversed(range(len(kept))):
        if kept[place] != "0" or places[place].text == "0":
            break
        kept.pop()
    return "".join(kept)


def _whole(digits: str, pieces: Sequence[Piece]) -> tuple[str, str]:
    """The digits laid into their places from the right; the first place takes what is left over."""
    slots = [place for place, piece in enumerate(pieces) if piece.kind == "digit"]
    is_grouped = bool(slots) and any(piece.kind == "comma" for piece in pieces[slots[0] : slots[-1]])
    told: dict[int, str] = {}
    left = digits
    for place in reversed(slots):
        left, one = left[:-1], left[-1:]
        told[place] = one or ("0" if pieces[place].text == "0" else "")
    if slots:
        told[slots[0]] = left + told[slots[0]]
    plain = "".join(told[place] for place in slots) if slots else digits
    if is_grouped:
        if any(piece.kind == "literal" for piece in pieces):
            raise Unshown("format-unknown")
        return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", plain), plain
    text = "".join(told.get(place, piece.text if piece.kind == "literal" else "") for place, piece in enumerate(pieces))
    text = text if slots else digits
    return text, plain if text == plain else text


def _signed(number: Decimal, is_negative_part: bool, before: str, body: tuple[str, str], after: str) -> Shown:
    text, plain = body
    is_zero = not re.search("[1-9]", text)
    if number < 0 and not is_negative_part and not is_zero:
        seen = f"-{before}{text}{after}"
        return Shown(seen, f"-{plain}" if not before + after else seen)
    if number < 0 and is_negative_part:
        return _negative(before, text, plain, after)
    if before == "+" and not after:
        return Shown(before + text, plain, is_told=True)
    return Shown(before + text + after, plain if not before + after else before + text + after)


def _negative(before: str, text: str, plain: str, after: str) -> Shown:
    seen = before + text + after
    if not re.search("[1-9]", plain):
        return Shown(seen, plain, is_told=True)
    if (before in MINUS and not after) or (before, after) == ("(", ")"):
        return Shown(seen, f"-{plain}", is_told=before != "-")
    if not re.search(r"[-−▲△▼(]", before + after):
        raise Unshown("sign-hidden")
    return Shown(seen, seen)
