"""Machine readability (機械可読性) of a table: each fault with its cell. Pure, without Django.

The rules are those that offices are taught for published tables: one table a sheet, one row of titles, one value a
cell, numbers and dates as such. A `hint` does not hold publication up.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from madoguchi.foundation.folding import unify

from ..publishing.columns import NAME_BYTES

MOST_OF_A_KIND: Final = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: which rule (`uploads.words` has its sentences), where, and what stands there."""

    code: str
    place: str
    value: str = ""
    hint: bool = False


def cell(row: int, column: int) -> str:
    """The address as spreadsheets write it, both counted from 1: (7, 28) is AB7."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.I)
_COMMAS: Final = re.compile(r"[-+▲△]?\d{1,3}(,\d{3})+(\.\d+)?")
_UNIT: Final = re.compile(
    r"[-+]?[¥￥$][\d,]+(\.\d+)?|[-+]?[\d,]+(\.\d+)? ?(円|千円|百万円|万円|人|名|件|世帯|戸|"
    r"台|個|本|冊|点|回|歳|才|年|か月|ヶ月|日|時間|分|秒|%|％|"
    r"kg|g|t|トン|km|m|cm|mm|㎡|m2|㎥|m3|ha|ヘクタール|L|kWh|℃|度|か所|箇所|校|園|館|棟)"
)
_ISO: Final = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[-+]\d{2}:\d{2})?)?"
)
_DATE: Final = re.compile(
    r"((令和|平成|昭和|大正|明治|[RHSTM])\.?(元|\d{1,2})|\d{4}|'?\d{2})([-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)"
    r"(\([月火水木金土日]\))?( \d{1,2}:\d{2}(:\d{2})?)?"
)
_NOTE: Final = re.compile(r"※|[(（]注|注[)）:：\d]|\*\d|備考[:：]|[(（](速報|推計|概数|見込|暫定)")
_DITTO: Final = re.compile(r"〃|″|々|同上|同左|[\"”]")
_NOTHING: Final = re.compile(r"[-‐−―－—ー…・*×]{1,3}|n/?a|なし|無し|不明|非公表|\?", re.I)
_REMARK: Final = re.compile(r"※|＊|\*|[(（]?注|資料|出典|備考|単位|[(（]単位")
_TOTAL: Final = re.compile(r"(総?合?計|小計|総数|平均|total)[ 　]*", re.I)
_PLATFORM: Final = re.compile("[①-⑳Ⅰ-Ⅹ㈱㈲㈹℡№㍉㌔㌢㍍㌘㌧㌃㌶㍑㍗㌍㌦㌣㌫㍊㌻㎜㎝㎞㎎㎏㏄㍻㍼㍽㍾㋿]")


def check(rows: Sequence[Sequence[str]]) -> list[Fault]:
    """Every fault of the table whose first row should be the titles; at most `MOST_OF_A_KIND` of each kind."""
    found: list[Fault] = []
    kinds: Counter[str] = Counter()
    for rule in RULES:
        for fault in rule(rows):
            kinds[fault.code] += 1
            if kinds[fault.code] <= MOST_OF_A_KIND:
                found.append(fault)
    return found


def _filled(row: Sequence[str]) -> int:
    return sum(1 for text in row if text)


def _header(rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    first = rows[0]
    if len(rows) > 1 and _filled(first) == 1 and max(map(_filled, rows[1:4])) > 1:
        yield Fault("title-above", "A1", next(filter(None, first)))
        return
    seen: dict[str, int] = {}
    for place, text in enumerate(first, 1):
        if not text:
            if any(len(row) >= place and row[place - 1] for row in rows[1:]):
                yield Fault("header-empty", cell(1, place))
        elif text.casefold() in seen:
            yield Fault("header-twice", cell(1, place), text)
        elif "\n" in text or "\r" in text:
            yield Fault("header-line-break", cell(1, place), text)
        elif _NUMBER.fullmatch(text):
            yield Fault("header-number", cell(1, place), text)
        elif re.search(r"[一-龥] +[一-龥]|　", text):
            yield Fault("header-spaces", cell(1, place), text)
        elif len(text.encode()) > NAME_BYTES or text.startswith("_") or '"' in text or not text.isprintable():
            yield Fault("header-name", cell(1, place), text)
        seen[text.casefold()] = place
    if len(rows) == 1:
        yield Fault("no-rows", "A2")


def _second_header(rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    """A second row of titles: words where everything below is numbers."""
    if len(rows) < 4 or any(map(_numeric, rows[1])):
        return
    for place, text in enumerate(rows[1]):
        below = [row[place] for row in rows[2:] if place < len(row) and row[place]]
        is_word = bool(text) and not _NOTHING.fullmatch(text)
        if is_word and len(below) > 1 and all(map(_NUMBER.fullmatch, below)):
            yield Fault("header-two-rows", cell(2, place + 1), text)
            return


def _numeric(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _blanks(rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    for number, row in enumerate(rows, 1):
        if any(row):
            continue
        if number < len(rows) and _is_titles(rows, number):
            yield Fault("second-table", cell(number + 1, 1), next(filter(None, rows[number]), ""))
        else:
            yield Fault("blank-row", f"{number}:{number}")
    for place in range(max(map(len, rows))):
        if not any(len(row) > place and row[place] for row in rows):
            letter = cell(1, place + 1)[:-1]
            yield Fault("blank-column", f"{letter}:{letter}")


def _is_titles(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether the row after an empty one begins another table."""
    row = rows[place]
    return any(row) and (
        list(row) == list(rows[0]) or (_filled(row) < _filled(rows[0]) - 1) or not any(map(_numeric, row))
    )


def _lengths(rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    width = max((place for place, text in enumerate(rows[0], 1) if text), default=0)
    for number, row in enumerate(rows[1:], 2):
        if any(row[width:]) and all(rows[0][:1]):
            yield Fault("row-longer", cell(number, width + 1), next(filter(None, row[width:])))


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    for place in range(len(rows[0])):
        cells = [(number, row[place]) for number, row in enumerate(rows[1:], 2) if place < len(row) and row[place]]
        if not cells:
            continue
        if _share(cells, _is_number_like) >= 0.6:
            yield from _numbers(cells, place + 1)
        elif _share(cells, _is_date_like) >= 0.6:
            yield from _dates(cells, place + 1)
        else:
            yield from _texts(cells, place + 1)


def _share(cells: Sequence[tuple[int, str]], rule: Callable[[str], bool]) -> float:
    telling = [text for _row, text in cells if not _NOTHING.fullmatch(text)]
    return sum(map(rule, telling)) / len(telling) if telling else 0


def _is_number_like(text: str) -> bool:
    one = unify(text).replace("約", "")
    return bool(
        _NUMBER.fullmatch(one) or _COMMAS.fullmatch(one) or _UNIT.fullmatch(one) or re.fullmatch(r"[▲△]\d.*", one)
    )


def _is_date_like(text: str) -> bool:
    return bool(_DATE.fullmatch(unify(text)) or _ISO.fullmatch(text))


def _numbers(cells: Sequence[tuple[int, str]], column: int) -> Iterator[Fault]:
    for row, text in cells:
        if _NUMBER.fullmatch(text) and text.isascii():
            continue
        one = unify(text)
        code = (
            "wide-digits" if _NUMBER.fullmatch(one)
            else "comma" if _COMMAS.fullmatch(one)
            else "unit" if _UNIT.fullmatch(one)
            else "nothing" if _NOTHING.fullmatch(text)
            else "ditto" if _DITTO.fullmatch(text)
            else "note" if _NOTE.search(text)
            else "not-a-number"
        )  # fmt: skip
        yield Fault(code, cell(row, column), text)


def _dates(cells: Sequence[tuple[int, str]], column: int) -> Iterator[Fault]:
    for row, text in cells:
        if not _ISO.fullmatch(text):
            code = "nothing" if _NOTHING.fullmatch(text) else "date" if _is_date_like(text) else "not-a-date"
            yield Fault(code, cell(row, column), text)


def _texts(cells: Sequence[tuple[int, str]], column: int) -> Iterator[Fault]:
    for row, text in cells:
        place = cell(row, column)
        if _DITTO.fullmatch(text):
            yield Fault("ditto", place, text)
        elif not text.isprintable() and not re.fullmatch(r"[^\x00-\x09\x0b\x0c\x0e-\x1f]*", text):
            yield Fault("control", place)
        elif "\n" in text:
            yield Fault("line-break", place, text, hint=True)
        elif _NOTE.search(text):
            yield Fault("note", place, text, hint=True)
        elif column == 1 and _TOTAL.fullmatch(text):
            yield Fault("total-row", place, text, hint=True)
        elif _PLATFORM.search(text):
            yield Fault("platform", place, text, hint=True)


def _remarks(rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    """Remarks under the table: rows with one text that says where the figures are from, or what to mind."""
    width = _filled(rows[0])
    for number in range(len(rows), 1, -1):
        row = rows[number - 1]
        if width < 2 or _filled(row) != 1 or not _REMARK.match(next(filter(None, row))):
            return
        place = next(place for place, text in enumerate(row, 1) if text)
        yield Fault("remark-row", cell(number, place), row[place - 1])


RULES: Final = (_header, _second_header, _blanks, _lengths, _columns, _remarks)
