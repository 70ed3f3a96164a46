"""A procedure as invented cases need it: its course, and what people could have answered, by its own examples."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from random import Random
from typing import Any, Final, NamedTuple

from django.conf import settings

from madoguchi.applications.actions import title_of
from madoguchi.cases.queries import flow_under
from madoguchi.catalogue.checking.examples import load_examples
from madoguchi.catalogue.compiled import NOTHING, Compiled
from madoguchi.catalogue.judgement import Answers, Judgement
from madoguchi.catalogue.queries import current
from madoguchi.decisions.rules import chain
from madoguchi.figures.sections import order
from madoguchi.town.offices import town

from .courses import Course, minutes_of
from .names import renamed

PEOPLE: Final = 200
"""So many different applicants a procedure has; each is judged once."""


DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Variant(NamedTuple):
    """What one applicant answered, judged, with what follows from it."""

    answers: Answers
    fee: int | None
    title: str
    electronic: bool


class Source:
    """A published procedure with at least one accepted example."""

    def __init__(self, compiled: Compiled, examples: Sequence[Answers], steps: Mapping[str, Answers] = NOTHING) -> None:
        self.compiled, self.examples, self._steps = compiled, examples, steps
        self.course, self.sections = _course(compiled), order(compiled)
        self._variants: dict[int, Variant] = {}

    def variant(self, number: int) -> Variant:
        """The answers of applicant `number` (0 to PEOPLE), through the judge. The example as it is where they fail."""
        if number not in self._variants:
            chance = Random(f"{self.course.code}/{number}")  # noqa: S311 - to be repeated, not to be secret
            example = chance.choice(self.examples)
            judged = self.compiled.judge(renamed(self.compiled, example, chance))
            if judged.problems:
                judged = self.compiled.judge(example)
            self._variants[number] = self._told(judged)
        return self._variants[number]

    def at_step(self, step: str, day: date) -> Answers | None:
        """What an officer answered on a day to what a step asks, through the judge; None where it asks nothing."""
        if step not in self._steps:
            return None
        days = {name: day.isoformat() for name, value in self._steps[step].items() if DAY.fullmatch(str(value))}
        return self.compiled.at(step).judge({**self._steps[step], **days}).answers

    def _told(self, judged: Judgement) -> Variant:
        answers = judged.answers
        fee, electronic = self.compiled.fee(answers), bool(answers.get("electronic_notice"))
        return Variant(answers, fee, title_of(self.compiled, answers), electronic)


def _course(compiled: Compiled) -> Course:
    procedure, period = compiled.procedure, compiled.procedure.standard_period
    asked = tuple(question.id for question in compiled.questions)
    granting, refusing = (
        tuple(
            (seat.office, seat.position, seat.joint)
            for seat in chain(procedure.approval, procedure.office, refusing=no)
        )
        for no in (False, True)
    )
    return Course(
        code=procedure.code, office=procedure.office, flow=flow_under(compiled),
        period_days=period.days if period else None, period_unit=period.unit if period else "working", questions=asked,
        minutes=minutes_of(len(asked)), granting=granting, refusing=refusing,
        checklist={step: [line.id for line in lines] for step, lines in procedure.checklist.items()},
        asked_offices=tuple(code for code in town().offices if code != procedure.office),
    )  # fmt: skip


@cache
def _accepted(digest: str, code: str, compiled: Compiled) -> tuple[Answers, ...]:
    examples = load_examples(settings.PROCEDURES_DIR / code)
    given = [example.answers for _file, example in examples if example.outcome.accepted]
    return tuple(answers for answers in given if not compiled.judge(answers).problems)


def sources() -> list[Source]:
    """Every published procedure whose examples are accepted today, in the order of their codes."""
    found = []
    for code, listed in sorted(current().items()):
        examples = _accepted(listed.compiled.digest, code, listed.compiled)
        if examples:
            found.append(Source(listed.compiled, examples, _at_steps(listed.compiled.digest, code)))
    return found


@cache
def _at_steps(_digest: str, code: str) -> Mapping[str, Answers]:
    examples = load_examples(settings.PROCEDURES_DIR / code)
    return {step: answers for _file, example in examples for step, answers in example.steps.items()}


def with_files(
    compiled: Compiled, answers: Answers, files: Mapping[tuple[str | int, ...], list[str]]
) -> dict[str, Any]:
    """The answers with these upload ids in the places of their files; a place without any is left out."""
    placed: dict[str, Any] = _placed(answers, (), files, {path for path, _question, _ids in compiled.files_in(answers)})
    return placed


def _placed(
    value: Any, path: tuple[str | int, ...], files: Mapping[tuple[str | int, ...], list[str]], places: set[Any]
) -> Any:
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if (*path, key) not in places or (*path, key) in files}
        return {key: files.get((*path, key)) or _placed(one, (*path, key), files, places) for key, one in kept.items()}
    if isinstance(value, list):
        return [_placed(one, (*path, number), files, places) for number, one in enumerate(value)]
    return value
