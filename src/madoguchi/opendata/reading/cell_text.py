"""What stands in one cell, as it is read: the same for the eye, and nothing that a program broke before. Pure.

`clean` gives the text without what nobody sees; `damage` names what cannot be published because some program has
already lost what stood there.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from madoguchi.foundation.folding import INVISIBLE, without_radicals
from madoguchi.platform.spreadsheet import runs

_UNSEEN: Final = re.compile(f"(?![\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef])[{INVISIBLE}]")
"""What nobody sees, but for what gives a character its shape: selectors of variants and the joiner of emoji."""
_EDGES: Final = " \t\u3000\u00a0"
_TEXT_TRICK: Final = re.compile(r'\s*=\s*"((?:[^"]|"")*)"\s*')
_RADICAL: Final = re.compile("[\u2e80-\u2fdf]")
_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!"
    r"|GETTING_DATA|EXTERNAL!)|(?:Err|エラー):\d{3}|#{3,}",
    re.I,
)
_EXPONENT: Final = re.compile(r"[-+]?\d+(?:\.\d+)?E[-+]\d{1,3}", re.I)
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_JAPANESE: Final = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_TRACES: Final = re.compile("(?:[縺繧繝][^\x00-\x7f]?){2}|(?:ã[\x80-\x83‚ƒ€].?){2}")
_HALF_KANA: Final = re.compile("[\uff61-\uff9f]+")
_WESTERN: Final = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


class Cleaned(NamedTuple):
    """The text to go on with, and which hints say what was done to it (`uploads.words.fault`)."""

    text: str
    hints: tuple[str, ...] = ()


def clean(raw: str) -> Cleaned:
    """The same to the eye: without invisible characters and spaces around, radicals as the kanji they look like."""
    if raw.isascii() and raw.isprintable() and not raw.startswith((" ", "=")) and not raw.endswith(" "):
        return Cleaned(raw)
    text, hints = raw.replace("\r\n", "\n").replace("\r", "\n"), []
    if trick := _TEXT_TRICK.fullmatch(text):
        text, hints = trick[1].replace('""', '"'), ["excel-text"]
    for code, change in _CHANGES:
        changed = change(text)
        if changed != text:
            text = changed
            hints.append(code)
    return Cleaned(text if runs(text) else text.strip(_EDGES), tuple(hints))


def _without_invisible(text: str) -> str:
    return _UNSEEN.sub("", text)


def _without_radicals(text: str) -> str:
    return without_radicals(text) if _RADICAL.search(text) else text


def _composed(text: str) -> str:
    """Kana written as a letter and a mark (as some computers name files) as one letter."""
    return re.sub("[\u3041-\u30ff][\u3099\u309a]", lambda found: unicodedata.normalize("NFC", found[0]), text)


_CHANGES: Final = (
    ("invisible", _without_invisible), ("radical", _without_radicals), ("decomposed", _composed)
)  # fmt: skip

# ------------------------------------------------------------------ damage


def damage(text: str) -> str:
    """The fault of a cell that some program has broken; empty where there is none."""
    if (
        text.isascii()
        and not text.startswith(("=", "+", "-", "@", " ", "\t", "#", "E", "e"))
        and not text[:1].isdigit()
    ):
        return ""
    return next((code for code, rule in _RULES if rule(text)), "")


def is_garbled(text: str) -> bool:
    """Whether text was read in another encoding than it was written in: it reads well the other way round."""
    if text.isascii():
        return False
    return bool(_TRACES.search(text)) or any(map(_reads, _other_ways(text)))


def _other_ways(text: str) -> Iterator[str]:
    with suppress(UnicodeError):
        if not _HALF_KANA.fullmatch(text):
            yield text.encode("cp932").decode()
    if not _JAPANESE.search(text) and len(_WESTERN.findall(text)) > 1:
        content = _as_western(text)
        with suppress(UnicodeError):
            yield content.decode()
        if re.search(rb"[\x81-\x9f]", content):
            with suppress(UnicodeError):
                yield content.decode("cp932")


def _as_western(text: str) -> bytes:
    """The bytes that Windows' western encoding (or ISO 8859-1 where that has none) shows so."""
    found = b""
    for one in text:
        try:
            found += one.encode("cp1252")
        except UnicodeError:
            found += one.encode("latin-1", "replace")
    return found


def _reads(text: str) -> bool:
    return len(_JAPANESE.findall(text)) > (1 if len(text) > 1 else 0)


_RULES: Final[tuple[tuple[str, Callable[[str], object]], ...]] = (
    ("formula", runs),
    ("error-value", _ERROR.fullmatch),
    ("exponent", _EXPONENT.fullmatch),
    ("replacement", re.compile("\ufffd").search),
    ("private-use", _PRIVATE.search),
    ("radical-unknown", _RADICAL.search),
    ("garbled", is_garbled),
)
CODES: Final = ("excel-text", *(code for code, _change in _CHANGES), *(code for code, _rule in _RULES))
"""Every code that a cell can get here."""
