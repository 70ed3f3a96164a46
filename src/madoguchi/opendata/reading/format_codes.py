"""Number formats of spreadsheets taken apart (ECMA-376 Part 1, 18.8.31): pure, without Django.

What is not understood for certain raises `Unshown`: nothing is guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

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
