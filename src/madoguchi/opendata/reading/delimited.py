"""Reads text with separators (CSV) by RFC 4180, and says where it breaks the rule. Pure, without Django.

A quotation mark may stand only around a cell, or doubled within one that has them; the spreadsheets' own way to keep a
code a text, ="0600042", is read too.
"""

import re
from collections.abc import Iterator
from typing import Final

from .reading import MOST_CELLS, Sheet, SheetRefused, hint, must_fit, trimmed_width

_EUC_LEADS: Final = re.compile("[､･]")
_HALF_KANA: Final = re.compile("[\uff61-\uff9f]")


def read_delimited(content: bytes) -> Sheet:
    """The rows as texts. Raises SheetRefused, with line and column where a quotation mark stands wrongly."""
    text, codec = decoded(content)
    delimiter = _delimiter(text)
    sheet = Sheet([])
    if codec != "utf-8-sig":
        sheet.faults.append(hint("not-utf8", "", codec))
    if delimiter != ",":
        sheet.faults.append(hint("not-comma", "", delimiter.replace("\t", "TAB")))
    cells = passed = 0
    for record in records(text, delimiter):
        row = record[: trimmed_width(record)]
        cells, passed = cells + len(row), passed + len(record)
        if cells > MOST_CELLS or passed > MOST_CELLS * 4:
            raise SheetRefused("too-many-cells")
        must_fit(row)
        sheet.rows.append(row)
    return sheet


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and the encoding it was in. Raises SheetRefused."""
    codecs = ["utf-8-sig"]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codecs = ["utf-16"]
    elif b"\x1b$" in content:
        codecs = ["iso2022_jp"]
    else:
        codecs += ["cp932", "euc_jp"]
    for codec in codecs:
        try:
            text = content.decode(codec)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        if codec == "cp932" and _is_euc(text):
            continue
        return text, codec
    raise SheetRefused("not-text")


def _is_euc(text: str) -> bool:
    """Whether the text looks like EUC-JP read as Shift_JIS: half-width marks where hiragana and katakana begin."""
    kana = _HALF_KANA.findall(text)
    return len(kana) > 8 and len(_EUC_LEADS.findall(text)) * 4 > len(kana)


def _delimiter(text: str) -> str:
    head = re.sub(r'"(?:[^"]|"")*"', "", text[:20_000]).lstrip("\n\r").partition("\n")[0]
    return "," if "," in head else next((one for one in "\t;" if one in head), ",")


def records(text: str, delimiter: str = ",") -> Iterator[list[str]]:
    """The rows. Raises SheetRefused("stray-quote", line, column): the line of the text, the cell in its row."""
    mark = re.escape(delimiter)
    field = re.compile(
        rf'(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"|(?P<trick>="[^"\r\n]*")|(?P<bare>[^"\r\n{mark}]*))'
        rf"(?P<end>{mark}|\r\n|\n|\r|\Z)"
    )
    row: list[str] = []
    at, whole = 0, len(text)
    while at < whole or row:
        found = field.match(text, at)
        if found is None:
            raise SheetRefused("stray-quote", _line(text, at), len(row) + 1)
        quoted = found["quoted"]
        row.append(quoted.replace('""', '"') if quoted is not None else found["trick"] or found["bare"])
        at = found.end()
        if found["end"] != delimiter:
            yield row
            row = []


def _line(text: str, at: int) -> int:
    """The line of a cell's stray mark: of the first that is neither its opening one nor doubled."""
    if text.startswith('"', at):
        closed = re.compile(r'"[^"]*(?:""[^"]*)*"').match(text, at)
        at = closed.end() if closed else at
    return len(re.findall(r"\r\n|\n|\r", text[:at])) + 1
