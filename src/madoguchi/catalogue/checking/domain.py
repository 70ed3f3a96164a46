"""What an answer can be: for each question a few telling values, so that conditions and fees can be tried out.

The values are those at which an expression can change its mind: every option, both kinds of party, the literals that
the expressions name and their neighbours, the question's own limits, and no answer where none is required.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, islice, product
from typing import Any

from madoguchi.foundation import dates

from ..questions import Group, Question
from ..questions.address import Address
from ..questions.choice import Choice, Choices
from ..questions.date import Date
from ..questions.file import File
from ..questions.number import DIGITS, Money, Number
from ..questions.party import OPTIONAL, Party
from ..questions.statement import Declaration
from ..questions.text import Text
from .expression import Reading

FEW_OPTIONS = 5
MOST_SHAPES = 60
MOST_MIXED = 20
SOME_TEXTS = ("甲", "乙")
ADDRESS = {"postal_code": "100-0001", "prefecture": "東京都", "town": "乙", "street": "1"}
PARTS = {"birth_date": "1990-01-01", "address": ADDRESS}


@dataclass(frozen=True)
class Landmarks:
    """What the expressions mention: their literals, their functions and the paths they read."""

    strings: frozenset[str]
    numbers: frozenset[int | float]
    paths: frozenset[tuple[str, ...]]
    functions: frozenset[str]

    @classmethod
    def of(cls, sources: Iterable[str], functions: frozenset[str]) -> "Landmarks":
        """The landmarks of several expressions together."""
        readings = [Reading(source) for source in sources]
        return cls(
            frozenset(text for one in readings for text in one.strings),
            frozenset(number for one in readings for number in one.numbers),
            frozenset(path for one in readings for path in one.paths),
            functions,
        )

    def parts_of(self, name: str) -> set[tuple[str, ...]]:
        """The parts that are read of an answer."""
        return {path[1:] for path in self.paths if path[0] == name and len(path) > 1}


def domain(question: Question, marks: Landmarks) -> list[Any]:
    """Telling answers in their stored shape; None (no answer) where the question may be left out."""
    values = DOMAINS.get(question.type, _plain_texts)(question, marks)
    return values if question.required else [None, *values]


def _plain_texts(question: Any, marks: Landmarks) -> list[Any]:
    return list(texts(marks, getattr(question, "max", 254)))


def texts(marks: Landmarks, longest: int) -> Iterator[str]:
    """Texts at which an expression can change its mind, each once."""
    found = {**dict.fromkeys(SOME_TEXTS), **dict.fromkeys(sorted(marks.strings - {""}))}
    if marks.functions & {"contains", "startsWith", "endsWith"}:
        found.update(dict.fromkeys(text for one in list(found) for text in (f"{one}甲", f"甲{one}")))
    if "size" in marks.functions:
        bases = ("", *sorted(marks.strings))
        found.update(dict.fromkeys(base.ljust(count, "甲") for base in bases for count in _counts(marks, 1, longest)))
    if marks.functions & {"int", "double"}:
        found.update(dict.fromkeys(str(number) for number in marks.numbers))
    return (text for text in found if len(text) <= longest)


def _counts(marks: Landmarks, least: int, most: int) -> list[int]:
    near = {int(number) + step for number in marks.numbers for step in (-1, 0, 1)}
    return sorted({count for count in {least, *near, min(most, 1000)} if least <= count <= most})


def _text(question: Text, marks: Landmarks) -> list[Any]:
    found = list(texts(marks, question.max))
    return [text for text in found if re.fullmatch(question.pattern, text)] if question.pattern else found


def _numbers(question: Number | Money, marks: Landmarks) -> list[Any]:
    decimals = getattr(question, "decimals", 0)
    bound = 10 ** (DIGITS - decimals) - 1
    low = -bound if question.min is None else question.min
    high = bound if question.max is None else question.max
    steps = {-1, 0, 1, *({10.0**-decimals, -(10.0**-decimals)} if decimals else ())}
    near = {number + step for number in marks.numbers for step in steps}
    found = sorted(number for number in {low, high, low + 1, -1, 0, 1, 2, *near} if low <= number <= high)
    shaped = (round(float(number), decimals) if decimals else int(number) for number in found)
    return list(dict.fromkeys(shaped))


def _choice(question: Choice, marks: Landmarks) -> list[Any]:
    return [option.id for option in question.options]


def _choices(question: Choices, marks: Landmarks) -> list[Any]:
    codes = [option.id for option in question.options]
    low, high = max(question.min, 1), question.max or len(codes)
    every = range(low, min(high, len(codes)) + 1)
    if len(codes) <= FEW_OPTIONS:
        return [list(chosen) for size in every for chosen in combinations(codes, size)]
    named = [code for code in codes if code in marks.strings]
    chosen = [[code] for code in codes]
    chosen += [codes[:size] for size in every]
    chosen += [[code for code in codes if code != without] for without in named]
    return [one for one in chosen if low <= len(one) <= high]


def _yes_no(question: Question, marks: Landmarks) -> list[Any]:
    return [True, False]


def _agreed(question: Declaration, marks: Landmarks) -> list[Any]:
    return [True]


def _dates(question: Date, marks: Landmarks) -> list[Any]:
    today = dates.today()
    limits = [today if text == "today" else _day(text) for text in (question.not_before, question.not_after)]
    earliest, latest = limits
    found = days(marks, [day for day in limits if day])
    return [day.isoformat() for day in found if (earliest or day) <= day <= (latest or day)]


def days(marks: Landmarks, anchors: Iterable[date]) -> list[date]:
    """Days at which an expression can change its mind: around today, the limits and the dates it names."""
    fixed = {dates.today(), *anchors, *(day for text in marks.strings if (day := _day(text)))}
    spans = [int(number) for number in marks.numbers if number < 40_000]
    found = set(fixed)
    spans += [-span for span in spans]
    if "age" in marks.functions:
        found |= {dates.add_years(day, span) for day in fixed for span in spans if abs(span) < 200}
    if "days" in marks.functions:
        found |= {day + timedelta(span) for day in fixed for span in spans}
    return sorted({day + timedelta(step) for day in found for step in (-1, 0, 1)})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _addresses(question: Address, marks: Landmarks) -> list[Any]:
    return list(_with_parts(ADDRESS, marks.parts_of(question.id), marks, ()))


def _parties(question: Party, marks: Landmarks) -> list[Any]:
    found: list[Any] = []
    for kind in question.kinds:
        asked = question.asked(kind)
        whole = {part: PARTS.get(part, "甲") for part in asked} | {"kind": kind}
        read = {path for path in marks.parts_of(question.id) if path[0] in asked and path != ("kind",)}
        found += _with_parts(whole, read, marks, OPTIONAL)
    return found


def _with_parts(
    whole: Mapping[str, Any], read: set[tuple[str, ...]], marks: Landmarks, optional: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """The answer with every telling combination of the parts that are read."""
    paths = sorted(path for path in read if path != ("address",))
    values = [[*([""] if path[0] in optional else []), *_part(path, marks)] for path in paths]
    for chosen in islice(product(*values), MOST_SHAPES):
        answer = dict(whole)
        for path, value in zip(paths, chosen, strict=True):
            answer[path[0]] = value if len(path) == 1 else {**answer[path[0]], path[1]: value}
        yield answer


def _part(path: tuple[str, ...], marks: Landmarks) -> list[Any]:
    if path == ("birth_date",):
        return [day.isoformat() for day in days(marks, ()) if day <= dates.today()]
    return list(texts(marks, 254))


def _files(question: File, marks: Landmarks) -> list[Any]:
    names = [letter * 32 for letter in "abcdefghijklmnopqrstuvwxyz"]
    return [names[:count] for count in _counts(marks, 1, question.max_files)]


def _groups(question: Group, marks: Landmarks) -> list[Any]:
    inner = Landmarks(marks.strings, marks.numbers, _inside(question.id, marks), marks.functions)
    questions = list(question.by_id.values())
    columns = [domain(one, inner) if (one.id,) in {path[:1] for path in inner.paths} else [None] for one in questions]
    shapes = [
        {one.id: value for one, value in zip(questions, chosen, strict=True) if value is not None}
        for chosen in islice(product(*columns), MOST_SHAPES)
    ]
    least = max(question.min_rows, 1)
    alike = [[shape] * least for shape in shapes[1:]]
    mixed = (shapes * least)[: min(question.max_rows, MOST_MIXED)]
    return [[shapes[0]] * count for count in _counts(marks, least, question.max_rows)] + alike + [mixed]


def _inside(name: str, marks: Landmarks) -> frozenset[tuple[str, ...]]:
    return frozenset(marks.parts_of(name))


DOMAINS: Mapping[str, Callable[[Any, Landmarks], list[Any]]] = {
    "text": _text,
    "number": _numbers,
    "money": _numbers,
    "choice": _choice,
    "choices": _choices,
    "yes-no": _yes_no,
    "declaration": _agreed,
    "date": _dates,
    "address": _addresses,
    "party": _parties,
    "file": _files,
    "group": _groups,
}
