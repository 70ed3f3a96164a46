"""What the rows of a bureau's own list would become: judged by the register's columns, each row with its fate. Pure.

`mapping` says which heading fills what: `number`, `since`, `until`, a column, or a part of one (`operator.kana`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from madoguchi.catalogue.problems import Problem, Refused
from madoguchi.catalogue.questions import Question
from madoguchi.catalogue.questions.base import cleaned_code
from madoguchi.catalogue.questions.date import as_in_lists, cleaned_date, examined
from madoguchi.foundation import dates
from madoguchi.foundation.folding import fold
from madoguchi.foundation.text import has_my_number, is_blank

from .format import LONGEST_NUMBER, Register
from .load import Defined

Fate = Literal["new", "known", "doubled", "faulty"]
NUMBER, SINCE, UNTIL = "number", "since", "until"
OWN: Final = (NUMBER, SINCE, UNTIL)
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    NUMBER: ("番号", "許可番号", "登録番号", "届出番号", "number"),
    SINCE: ("許可年月日", "許可日", "開始日", "登録年月日", "since"),
    UNTIL: ("有効期限", "満了日", "満了年月日", "有効期間満了日", "until"),
}
"""What lists usually call them."""


@dataclass(frozen=True)
class Row:
    """A row of a list: its line in the file (from 2), what it would enter, its fate and what is wrong with it."""

    line: int
    number: str = ""
    since: str = ""
    until: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    fate: Fate = "new"
    problems: Sequence[Problem] = ()


def targets(register: Register) -> list[str]:
    """All that a heading can fill."""
    return [*OWN, *(name for one in register.columns for name in _with_parts(one))]


def _with_parts(column: Question) -> list[str]:
    return [column.id, *(f"{column.id}.{part}" for part in column.cell_parts())]


def guess(defined: Defined, header: Sequence[str]) -> dict[str, str]:
    """Target → heading, where a heading is called like it."""
    found = {}
    folded = {fold(heading).replace(" ", ""): heading for heading in header}
    for target in targets(defined.register):
        names = NAMES.get(target) or (target, defined.label(target, "ja") if "." not in target else target)
        if heading := next((folded[one] for name in names if (one := fold(name).replace(" ", "")) in folded), ""):
            found[target] = heading
    return found


def judge(
    register: Register,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    mapping: Mapping[str, str],
    known: Collection[str],
) -> Iterator[Row]:
    """Each row with its fate. `known` are the numbers that the register has."""
    place = {heading: index for index, heading in enumerate(header)}
    seen: set[str] = set()
    for line, cells in enumerate(rows, 2):
        if not any(cells):
            continue
        given = {
            target: cells[place[heading]] if heading in place and place[heading] < len(cells) else ""
            for target, heading in mapping.items()
        }
        row = _row(register, line, given)
        told = _with_fate(row, known, seen)
        yield told
        seen |= {told.number} if told.fate in ("new", "known") else set()


def _with_fate(row: Row, known: Collection[str], seen: Collection[str]) -> Row:
    if row.problems:
        fate: Fate = "faulty"
    elif row.number in seen:
        fate = "doubled"
    else:
        fate = "known" if row.number in known else "new"
    return Row(row.line, row.number, row.since, row.until, row.values, fate, row.problems)


def _row(register: Register, line: int, given: Mapping[str, str]) -> Row:
    problems: list[Problem] = []
    number = _cleaned(NUMBER, given.get(NUMBER, ""), problems, lambda cell: cleaned_code(cell, maximum=LONGEST_NUMBER))
    since = _cleaned(SINCE, as_in_lists(given.get(SINCE, "")), problems, cleaned_date)
    until = _cleaned(UNTIL, as_in_lists(given.get(UNTIL, "")), problems, cleaned_date)
    problems += [one for key, day in ((SINCE, since), (UNTIL, until)) if day for one in _beyond(key, day)]
    problems += _missing({NUMBER: number, SINCE: since}, problems)
    if since and until and until < since:
        problems.append(Problem((UNTIL,), "too-early", {"limit": date.fromisoformat(since)}))
    values = {one.id: value for one in register.columns if (value := _value(one, given, problems)) is not None}
    problems += _missing({key: values.get(key) for key in (register.name_column, register.holder)}, problems)
    problems += _of_persons(register, values, problems)
    return Row(line, number, since, until, values, problems=problems)


def _beyond(key: str, day: str) -> Iterator[Problem]:
    """Days that nobody remembers, or plans for."""
    return examined(day, (key,), dates.EARLIEST, dates.latest(dates.today()))


def _of_persons(register: Register, values: Mapping[str, Any], told: Sequence[Problem]) -> Iterator[Problem]:
    """A holder without a name, and a My Number (番号法第20条), which no register may keep."""
    holder, wrong = register.holder, {problem.path[0] for problem in told}
    parties = register.by_id[holder].parties(values[holder]) if holder in values else ()
    if holder in values and holder not in wrong and not any(party.get("name") for party in parties):
        yield Problem((holder,), "missing")
    for name, value in values.items():
        if any(has_my_number(text) for _at, text in register.by_id[name].free_texts(value, (name,))):
            yield Problem((name,), "my-number")


def _missing(needed: Mapping[str, Any], told: Sequence[Problem]) -> list[Problem]:
    """What is empty, where nothing else is wrong with it."""
    wrong = {problem.path[0] for problem in told}
    return [Problem((key,), "missing") for key, value in needed.items() if not value and key not in wrong]


def _cleaned(key: str, cell: str, problems: list[Problem], clean: Any) -> str:
    try:
        return "" if is_blank(cell) else str(clean(cell) or "")
    except Refused as refused:
        if isinstance(right := refused.params.get("right"), date):  # 平成36年: the day is clear
            return right.isoformat()
        problems += refused.all_at((key,))
        return ""


def _value(question: Question, given: Mapping[str, str], problems: list[Problem]) -> Any:
    parts = {part: given.get(f"{question.id}.{part}", "") for part in question.cell_parts()}
    whole = given.get(question.id, "")
    if all(map(is_blank, (whole, *parts.values()))):
        return None
    try:
        return question.clean(question.from_cells(whole, parts))
    except Refused as refused:
        problems += refused.all_at((question.id,))
        return None
