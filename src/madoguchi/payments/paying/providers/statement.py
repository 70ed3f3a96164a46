"""Files that acquirers and banks send about payments (消込): CSV with a heading, in UTF-8 or Shift_JIS.

Columns: 照会番号 (what our code or slip carries), 金額 (yen), 入金日時 (YYYY-MM-DD or with a time, Japan), 取引番号
(unique at the sender), and where the sender knows it 収納方法 (`WAYS`). The whole file is read before anything is
booked; every faulty line is told.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from madoguchi.foundation.numbers import NumberRefused, read_yen
from madoguchi.platform import quarantine

from ...statement_file import Fault, Rows, rows_of
from .base import Notice

COLUMNS: Final = ("照会番号", "金額", "入金日時", "取引番号")
WAY: Final = "収納方法"
WAYS: Final = {"現金": "cash", "口座": "account", "カード": "card", "電子マネー": "e-money", "コード決済": "code"}
"""What an optional column says of how it was paid; where it is silent, the provider's own code stands."""
MOST_BYTES: Final = 8_000_000
TOKYO: Final = ZoneInfo("Asia/Tokyo")


class BadFile(ValueError):
    """Nothing of the file was booked; `faults` say why, at most a hundred."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"line {one.line}: {one.code} {one.value}".strip() for one in faults[:5]))
        self.faults = faults[:100]


def read_statement(content: bytes, *, method: str) -> list[Notice]:
    """The payments of a file. Raises BadFile."""
    rows = _rows(content)
    notices: list[Notice] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        wrong = _faults(line, row, seen)
        faults += wrong
        if not wrong:
            notices.append(_notice(row, method))
    if faults:
        raise BadFile(faults)
    return notices


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(content) > MOST_BYTES:
        raise BadFile([Fault(1, "too-large")])
    try:
        read = quarantine.examine(rows_of, content, COLUMNS, returns=Rows)
    except quarantine.NotExamined as no:
        raise BadFile([Fault(1, "busy" if isinstance(no, quarantine.Busy) else "too-large")]) from no
    if read.faults:
        raise BadFile(read.faults)
    return read.rows


def _faults(line: int, row: dict[str, str], seen: dict[str, int]) -> list[Fault]:
    found = [Fault(line, "empty-cell", name) for name in COLUMNS if not row.get(name)]
    if found:
        return found
    if _yen(row["金額"]) is None:
        found.append(Fault(line, "amount", row["金額"][:40]))
    if _moment(row["入金日時"]) is None:
        found.append(Fault(line, "date", row["入金日時"][:40]))
    if row.get(WAY) and row[WAY] not in WAYS:
        found.append(Fault(line, "way", row[WAY][:40]))
    if row["取引番号"] in seen:
        found.append(Fault(line, "there-twice", row["取引番号"][:40]))
    seen[row["取引番号"]] = line
    return found


def _yen(text: str) -> int | None:
    try:
        yen = read_yen(text)
    except NumberRefused:
        return None
    return int(yen) if yen is not None and yen == int(yen) and 0 < yen < 10**9 else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=TOKYO)


def _notice(row: dict[str, str], method: str) -> Notice:
    yen, at = _yen(row["金額"]), _moment(row["入金日時"])
    assert yen is not None and at is not None
    event, how = f"file:{row['取引番号'][:180]}", WAYS.get(row.get(WAY, ""), method)
    return Notice(event, row["照会番号"].upper()[:200], "paid", yen, at, how, separate=True)
