"""What a spreadsheet would run when it opens a CSV file, and how such a text is written so that it does not.

A text runs when it begins as a formula does (after spaces, tabs, in full width too): `=` and anything, or `+`, `-`, `@`
with a call, a link to another program (DDE) or another sheet in it. `-5℃以下`, `@みなと広場`, `-` and `+81-3-…` run
nothing and stay themselves.
"""

import re
import unicodedata
from typing import Final

_BEGINS: Final = re.compile(r"[\s\x00-\x20]*[=+\-@＝＋－＠]")
_EQUALS: Final = re.compile(r"=\s*[^\s=]")
_CALLS: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\s*\(|[|!]")
MARK: Final = "'"


def runs(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula and reckon, ask or call something."""
    if not _BEGINS.match(text):
        return False
    one = unicodedata.normalize("NFKC", text).lstrip("".join(map(chr, range(33))) + "\u00a0\u3000")
    return bool(_EQUALS.match(one) if one.startswith("=") else _CALLS.search(one))


def harmless(text: str) -> str:
    """The text with an apostrophe in front where it would run; `original` takes it away again."""
    return f"{MARK}{text}" if runs(text.lstrip(MARK)) else text


def original(text: str) -> str:
    """What was written before `harmless`."""
    return text[1:] if text.startswith(MARK) and runs(text.lstrip(MARK)) else text
