"""The national inventory of procedures (行政手続等の棚卸調査, 令和7年度): its 46 columns, read tolerantly.

Source of the names: デジタル庁「行政手続等の棚卸調査結果等」 and the field dictionary of its reader
(digital-go-jp/administrative-procedures-mcp, datasets/procedures-survey-r7). Real files differ in brackets, width and
encoding, so that headers are compared folded.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from madoguchi.foundation.folding import fold
from madoguchi.foundation.later import Later
from madoguchi.foundation.text import narrow

from .columns import Column, Row, RowsRefused

openpyxl: Any = Later("openpyxl")

COUNTS: Final = ("総手続件数", "オンライン手続件数", "非オンライン手続件数")
NAMES: Final = (
    "手続ID", "所管府省庁", "手続名", "法令名", "根拠条項号", "関連条項号", "関連する根拠法令", "手続類型", "手続主体",
    "手続の受け手", "手続(類型、主体、受け手等)に関する補足", "経由機関", "独立行政法人等の名称", "事務区分",
    "府省共通手続", "実施府省庁", "実施府省庁(府省共通手続)", "オンライン化の実施状況",
    "オンライン化の実施予定及び検討時の懸念点", "オンライン化の実施状況に関する補足", "オンライン化実施時期",
    "申請等における本人確認手法", "手数料等の納付有無", "手数料等の納付方法", "手数料等に関する補足",
    "手数料等のオンライン納付時の優遇措置", "処理期間(オンライン)", "処理期間(非オンライン)", "情報システム(申請)",
    "情報システム（申請）複数ある場合", "情報システム(事務処理)", *COUNTS, "申請書等に記載させる情報",
    "申請時に添付させる書類", "添付書類等提出の撤廃/省略状況", "添付書類等の提出方法", "添付書類等への電子署名",
    "添付形式等が定められた規定", "添付書類等に関する補足", "手続が行われるイベント(個人)",
    "手続が行われるイベント(法人)", "申請に関連する士業", "申請を提出する機関", "士業、機関に関する補足",
)  # fmt: skip
COLUMNS: Final = tuple(Column(name, "integer" if name in COUNTS else "string") for name in NAMES)
KEY: Final = ("手続ID",)
_HEADER_ROWS: Final = 5
_ENCODINGS: Final = ("utf-8-sig", "cp932", "utf-16")


def read(path: Path) -> list[Row]:
    """The rows of a national file (CSV in any usual encoding, or XLSX), in the order of `NAMES`.

    Raises `RowsRefused` when no line has the inventory's headers, or a row has no id.
    """
    lines = _of_book(path) if path.suffix.lower() == ".xlsx" else _of_csv(path.read_bytes())
    places, start = _places(lines)
    rows: list[Row] = [
        tuple(_value(name, line, places.get(_folded(name))) for name in NAMES)
        for line in lines[start:]
        if any(cell.strip() for cell in line)
    ]
    for number, row in enumerate(rows, 1):
        if not row[0]:
            raise RowsRefused(f"row {number} has no 手続ID")
    return rows


def _of_csv(content: bytes) -> list[list[str]]:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        return [list(line) for line in csv.reader(io.StringIO(text, newline=""))]
    raise RowsRefused("the file is neither UTF-8 nor Shift_JIS nor UTF-16")


def _of_book(path: Path) -> list[list[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        return [
            ["" if cell is None else str(cell) for cell in line] for line in _first(book).iter_rows(values_only=True)
        ]
    finally:
        book.close()


def _first(book: Any) -> Any:
    return book.worksheets[0]


def _places(lines: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """Where each column stands, and the first line below the headers: some files have a line of groups above."""
    wanted = {_folded(name) for name in NAMES}
    for number, line in enumerate(lines[:_HEADER_ROWS]):
        found = {_folded(cell): place for place, cell in enumerate(line) if _folded(cell) in wanted}
        if len(found) > len(NAMES) // 2 and _folded(NAMES[0]) in found:
            return found, number + 1
    raise RowsRefused("no line has the headers of 行政手続等の棚卸 (手続ID, 手続名, …)")


def _folded(name: str) -> str:
    return re.sub(r"\s", "", fold(name))


def _value(name: str, line: Sequence[str], place: int | None) -> str | int | None:
    text = line[place].strip() if place is not None and place < len(line) else ""
    if name not in COUNTS:
        return text or None
    digits = narrow(text).replace(",", "").removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, as the inventory writes them."""
    return "; ".join(dict.fromkeys(values))
