"""What an answer can be: for each question a few telling values, so that conditions and fees can be tried out.

The values are those at which an expression can change its mind: every option, both kinds of party, the literals that
the expressions name and their neighbours, the question's own limits, and no answer where none is required.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product
from typing import Any

from madoguchi.foundation import dates

MOST_SHAPES = 60
SOME_TEXTS = ("甲", "乙")


@dataclass(frozen=True)
class Landmarks:
    """What the expressions mention: their literals, their functions and the paths they read."""

    strings: frozenset[str]
    numbers: frozenset[int | float]
    paths: frozenset[tuple[str, ...]]
    functions: frozenset[str]

    def parts_of(self, name: str) -> set[tuple[str, ...]]:
        """The parts that are read of an answer."""
        return {path[1:] for path in self.paths if path[0] == name and len(path) > 1}

    def inside(self, name: str) -> "Landmarks":
        """The same as the questions in the rows of an answer see them."""
        return Landmarks(self.strings, self.numbers, frozenset(self.parts_of(name)), self.functions)


def texts(marks: Landmarks, longest: int) -> Iterator[str]:
    """Texts at which an expression can change its mind, each once."""
    found = {**dict.fromkeys(SOME_TEXTS), **dict.fromkeys(sorted(marks.strings - {""}))}
    if marks.functions & {"contains", "startsWith", "endsWith"}:
        found.update(dict.fromkeys(text for one in list(found) for text in (f"{one}甲", f"甲{one}")))
    if "size" in marks.functions:
        bases = ("", *sorted(marks.strings))
        found.update(dict.fromkeys(base.ljust(count, "甲") for base in bases for count in counts(marks, 1, longest)))
    if marks.functions & {"int", "double"}:
        found.update(dict.fromkeys(str(number) for number in marks.numbers))
    return (text for text in found if len(text) <= longest)


def counts(marks: Landmarks, least: int, most: int) -> list[int]:
    """How many there can be: the limits, and what the expressions compare with."""
    near = {int(number) + step for number in marks.numbers for step in (-1, 0, 1)}
    return sorted({count for count in {least, *near, min(most, 1000)} if least <= count <= most})


def days(marks: Landmarks, anchors: Iterable[date]) -> list[date]:
    """Days at which an expression can change its mind: around today, the limits and the dates it names."""
    fixed = {dates.today(), *anchors, *(day for text in marks.strings if (day := as_day(text)))}
    spans = [int(number) for number in marks.numbers if number < 40_000]
    found = set(fixed)
    spans += [-span for span in spans]
    if "age" in marks.functions:
        found |= {dates.add_years(day, span) for day in fixed for span in spans if abs(span) < 200}
    if "days" in marks.functions:
        found |= {day + timedelta(span) for day in fixed for span in spans}
    return sorted({day + timedelta(step) for day in found for step in (-1, 0, 1)})


def as_day(text: str) -> date | None:
    """The day of an ISO date; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def with_parts(whole: Mapping[str, Any], values: Mapping[tuple[str, ...], list[Any]]) -> Iterator[dict[str, Any]]:
    """An answer of several parts with every combination of the values of those that are read."""
    for chosen in islice(product(*values.values()), MOST_SHAPES):
        answer = dict(whole)
        for path, value in zip(values, chosen, strict=True):
            answer[path[0]] = value if len(path) == 1 else {**answer[path[0]], path[1]: value}
        yield answer
