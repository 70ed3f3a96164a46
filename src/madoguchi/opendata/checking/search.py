"""Personal data in a table, before anything is published: pure, without Django.

What is found blocks publication until a second officer lifts it, with a reason. Kinds that can be mistaken (an
office's number looks like a person's) are told apart from those that hardly can. Columns in which the office tells how
its facilities are reached may hold fixed telephone numbers, e-mail and postal addresses; a mobile number or a person's
name is found there too.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from typing import Any, Final

from madoguchi.foundation.folding import unify
from madoguchi.foundation.text import narrow
from madoguchi.platform.failpoints import switched_off

from .names import births, looks_like_a_name, names
from .things import OF_NUMBERS, serial_numbers, standard_contacts, telling_title
from .values import Hit, hits

OF_FACILITIES: Final = frozenset({"phone", "email", "address"})
_ABOUT_PERSONS: Final = re.compile(
    r"(?:^|(?<!対象)[者人児徒方族員]の?)(?:満|現在)?(?:年齢|性別)(?:\(.*\))?$|^(?:age|sex|gender)$", re.I
)
"""A person's age; not the ages that a nursery takes in (受入年齢, 対象年齢)."""
_COORDINATE: Final = re.compile(r"[-+]?\d{1,3}\.\d{5,}")
MASK: Final = "●"
_LONGEST_IN_GROUP: Final = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in one cell. `row` counts the rows of the file from 1; 0 is outside the table (a comment …)."""

    kind: str
    column: str
    row: int
    place: str
    shown: str
    mistakable: bool

    @property
    def group(self) -> str:
        """What is lifted together: one kind in one column."""
        column = (
            self.column
            if len(self.column) <= _LONGEST_IN_GROUP
            else f"{self.column[:60]}#{sha256(self.column.encode()).hexdigest()[:16]}"
        )
        return f"{self.kind}:{'?' if self.mistakable else '!'}:{column}"


def masked(text: str) -> str:
    """The text with its second half hidden, so that a report does not spread what it warns of."""
    short = text[:24]
    kept = len(short) // 2
    return short[:kept] + MASK * (len(short) - kept)


def scan(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    first_row: int = 2,
    facility_columns: Collection[str] = (),
    outside: Iterable[tuple[str, str]] = (),
) -> list[Finding]:
    """Everything of persons: in the cells, the header, and `outside` the table ((where, text): comments, sheets …).

    `first_row` is the number of the first data row in its file.
    """
    if switched_off("personal-data"):
        return []
    tokenizer = _tokenizer()
    rows = [list(row) for row in rows]
    columns = [[row[place] for row in rows if place < len(row)] for place in range(len(header))]
    said = [unify(title) for title in header]
    titles = [
        telling_title(title, cells, partial(looks_like_a_name, tokenizer=tokenizer))
        for title, cells in zip(said, columns, strict=True)
    ]
    serial = [serial_numbers(title, cells) for title, cells in zip(said, columns, strict=True)]
    allowed = {*facility_columns, *(header[said.index(title)] for title in standard_contacts(said))}
    found = [one for where, text in outside for one in _in_cell("", text, "", 0, where, tokenizer)]
    found += [one for title in header for one in _in_cell("", title, title, first_row - 1, "", tokenizer)]
    for number, row in enumerate(rows, first_row):
        for title, name, text, counted in zip(titles, header, row, serial, strict=False):
            if text:
                hit = _in_cell(title, text, name, number, "", tokenizer)
                found += (one for one in hit if one.kind not in OF_NUMBERS or text not in counted)
    found += _precise_places(titles, header, rows, found, first_row)
    return [one for one in found if not _is_allowed(one, allowed)]


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small")


def _tokenizer() -> Any:
    """A tokenizer of this scan's own: one is not shared by threads."""
    from sudachipy import SplitMode

    return _dictionary().tokenizer(mode=SplitMode.C)


def _in_cell(title: str, text: str, column: str, row: int, where: str, tokenizer: Any) -> Iterator[Finding]:
    every: list[Hit] = [*hits(title, text), *births(title, text), *names(title, text, tokenizer)]
    for hit in every:
        yield Finding(hit.kind, column, row, where, masked(hit.text), hit.mistakable)


def _precise_places(
    titles: Sequence[str], header: Sequence[str], table: Sequence[Sequence[str]], found: Sequence[Finding], first: int
) -> Iterator[Finding]:
    """Coordinates to the house (five decimals and more) in rows about persons: where somebody lives."""
    all_rows = any(_ABOUT_PERSONS.search(title) for title in titles)
    persons = {one.row for one in found if one.kind in {"birth-date", "name"} and not one.mistakable}
    for number, row in enumerate(table, first):
        if not (all_rows or number in persons):
            continue
        for name, text in zip(header, row, strict=False):
            if _COORDINATE.fullmatch(narrow(text).strip()) and _is_in_japan(text):
                yield Finding("home-coordinates", name, number, "", masked(text), False)


def _is_in_japan(text: str) -> bool:
    value = float(narrow(text))
    return 20 <= value <= 46 or 122 <= value <= 154


def _is_allowed(one: Finding, facility_columns: Collection[str]) -> bool:
    return one.mistakable and one.kind in OF_FACILITIES and one.column in facility_columns


def address_of(finding: Finding, header: Sequence[str]) -> str:
    """The cell as spreadsheets name it: B7; or where it is outside of the table."""
    from ..reading.readability import cell

    if finding.place or finding.column not in header:
        return finding.place
    return cell(finding.row, list(header).index(finding.column) + 1)


def placed(findings: Iterable[Finding], header: Sequence[str]) -> list[Finding]:
    """The findings with the cell's address."""
    return [replace(one, place=address_of(one, header)) for one in findings]
