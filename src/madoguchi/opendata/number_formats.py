"""A number as its spreadsheet shows it, by the cell's number format (ECMA-376 Part 1, 18.8.31). Pure, without Django.

What is not understood for certain raises `Unshown`: nothing is guessed. `Shown.plain` says the same for machines: a
whole date by ISO 8601, digits without separators of thousands, a minus for ▲, △ or brackets.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final, NamedTuple

GENERAL_DIGITS: Final = 11
"""Whole numbers with more digits are shown with an exponent by the format General."""
_TOO_LARGE: Final = Decimal(10) ** 30
PRECISION: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_PIECE: Final = re.compile(
    r'(?P<literal>"[^"]*"|\\.)|(?P<pad>_.)|(?P<fill>\*.)|(?P<bracket>\[[^\]]*\])|(?P<general>General|G/標準)'
    r"|(?P<noon>AM/PM|A/P)|(?P<exponent>E[+-])|(?P<digit>[0#?])|(?P<dot>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)"
    r"|(?P<slash>/)|(?P<date>y+|m+|d+|h+|s+|g+|e+|a{3,4})|(?P<plain>[-+$¥():^&'~{}<>= ]|[^\x00-\x7f])",
    re.I,
)
_SECTIONS: Final = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|[^;])*')
_CONDITION: Final = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_COLOUR: Final = re.compile(
    r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|[黒青水緑紫赤白黄]色?|色\d+)\]", re.I
)
_LOCALE: Final = re.compile(r"\[\$([^\]-]*)(?:-([^\]]*))?\]")
_ELAPSED: Final = re.compile(r"\[(h+|m+|s+)\]", re.I)
MINUS: Final = frozenset({"-", "−", "▲", "△", "▼"})
_DASHES: Final = frozenset({"-", "−", "–", "—", "ー"})


class Unshown(ValueError):
    """It cannot be told what the spreadsheet shows, or what it shows is not the value.

    `code`: format-unknown, exponent, value-hidden, sign-hidden, day-hidden, no-such-day, hash.
    """

    @property
    def code(self) -> str:
        """Why."""
        return str(self.args[0])


class Shown(NamedTuple):
    """`text` is what is seen, `plain` the same for machines. `is_told`: they differ by more than separators."""

    text: str
    plain: str
    is_told: bool = False


class Piece(NamedTuple):
    """One piece of a format: its kind (a group of `_PIECE`, or elapsed) and what stands there."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a format between semicolons. `locale` is as written, empty without one."""

    pieces: Sequence[Piece]
    condition: tuple[str, Decimal] | None = None
    locale: str = ""

    def has(self, *kinds: str) -> bool:
        """Whether a piece of such a kind is in it."""
        return any(piece.kind in kinds for piece in self.pieces)


@lru_cache(maxsize=2000)
def parsed(code: str) -> tuple[Section, ...]:
    """The sections of a format. Raises Unshown for what is not understood."""
    texts, at = [], 0
    while at <= len(code):
        found = _SECTIONS.match(code, at)
        texts.append(found[0] if found else "")
        at = (found.end() if found else at) + 1
    if len(texts) > 4:
        raise Unshown("format-unknown")
    return tuple(map(_section, texts))


def _section(text: str) -> Section:
    pieces: list[Piece] = []
    condition, locale, at = None, "", 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if found is None or found.lastgroup is None:
            raise Unshown("format-unknown")
        at, kind, piece = found.end(), found.lastgroup, found[0]
        if kind != "bracket":
            pieces.append(_piece(kind, piece))
        elif limit := _CONDITION.fullmatch(piece):
            condition = limit[1], Decimal(limit[2])
        elif place := _LOCALE.fullmatch(piece):
            locale = place[2] or ""
            pieces.append(Piece("literal", place[1]))
        elif elapsed := _ELAPSED.fullmatch(piece):
            pieces.append(Piece("elapsed", elapsed[1].lower()))
        elif not _COLOUR.fullmatch(piece):
            raise Unshown("format-unknown")
    return Section(tuple(pieces), condition, locale)


def _piece(kind: str, text: str) -> Piece:
    if kind == "literal":
        return Piece("literal", text[1:-1] if text.startswith('"') else text[1])
    if kind == "pad":
        return Piece("literal", " ")
    if kind == "fill":
        return Piece("literal", "")
    return Piece("literal" if kind == "plain" else kind, text.lower() if kind in ("date", "noon") else text)


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
        return _general(exact(value))
    number = exact(value)
    section, is_negative_part = _chosen(parsed(code), number)
    if section.has("date", "elapsed", "noon"):
        from .date_formats import shown_date

        return shown_date(number, section, from_1904=from_1904)
    return _decorated(number, section, is_negative_part)


def exact(value: float) -> Decimal:
    """The number to the 15 digits that a spreadsheet keeps. Raises Unshown for one beyond all tables."""
    number = PRECISION.create_decimal(repr(value))
    if not number.is_finite() or abs(number) >= _TOO_LARGE:
        raise Unshown("hash")
    return number


def _general(number: Decimal) -> Shown:
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


# ------------------------------------------------------------------ numbers


def _decorated(number: Decimal, section: Section, is_negative_part: bool) -> Shown:
    if section.has("slash", "exponent"):
        raise Unshown("exponent" if section.has("exponent") else "format-unknown")
    before, digits, after = _parts(section.pieces)
    if not digits:
        return _literal_only(number, before)
    if section.has("general"):
        body = plain = _general(abs(number)).text
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
    places = [place for place, piece in enumerate(pieces) if piece.kind in ("digit", "general")]
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
