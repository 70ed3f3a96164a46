"""One procedure as the checks see it: definition, wordings, the lines of both, and the town and flows around it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from madoguchi.platform.definitions import Fault, Source

from ..format import Procedure, Section
from ..questions import Question

Place = tuple[str | int, ...]
"""A key path in `procedure.yaml`."""


@dataclass(frozen=True)
class FlowFacts:
    """What a definition must agree with of a flow: kinds served, ids of the steps that officers take, decisions."""

    code: str
    kinds: tuple[str, ...]
    steps: tuple[str, ...]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A CEL expression at its place. `readable` are the questions it may read, `later` those asked too late."""

    kind: Literal["when", "constraint", "fee"]
    place: Place
    source: str
    readable: Sequence[Question]
    later: frozenset[str] = frozenset()
    at: str = ""


@dataclass(frozen=True)
class Subject:
    """A definition that fits the format; `wordings` are the files that could be read, by language."""

    folder: Path
    source: Source
    procedure: Procedure
    common: Section
    wordings: Mapping[str, Source]
    town: Mapping[str, Any]
    flows: Mapping[str, FlowFacts]

    def fault(self, place: Iterable[str | int], sentence: str, remedy: str) -> Fault:
        """A fault of `procedure.yaml` at a key path."""
        return Fault(self.source.file, self.source.line(place), sentence, remedy)

    @cached_property
    def placed(self) -> list[tuple[Place, Question]]:
        """The questions of the form in order, each with its place; groups are not opened."""
        return [
            (("form", number, "questions", index), question)
            for number, section in enumerate(self.procedure.form)
            for index, question in enumerate(section.questions)
        ]

    @cached_property
    def opened(self) -> list[tuple[Place, Question]]:
        """The same with the questions of each group after it."""
        return [pair for place, question in self.placed for pair in _with_rows(place, question)]

    @cached_property
    def answered(self) -> dict[str, Question]:
        """Every question that has an answer, the common ones too, by id."""
        questions = [question for _, question in self.placed] + list(self.common.questions)
        return {question.id: question for question in questions if question.asks}

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every CEL expression of the definition."""
        return (*self._conditions(), *self._constraints(), *self._fee())

    def _conditions(self) -> Iterator[Rule]:
        before: list[Question] = []
        for place, question in self.placed:
            yield from self._condition(place, question, before)
            row: list[Question] = []
            for index, inner in enumerate(question.rows.questions if question.rows else ()):
                yield from self._condition((*place, "questions", index), inner, before + row)
                row += [inner] if inner.asks else []
            before += [question] if question.asks else []

    def _condition(self, place: Place, question: Question, readable: list[Question]) -> Iterator[Rule]:
        if question.when:
            known = {one.id for one in readable}
            later = frozenset(self.answered.keys() - known)
            yield Rule("when", (*place, "when"), question.when, tuple(readable), later)

    def _constraints(self) -> Iterator[Rule]:
        for index, constraint in enumerate(self.procedure.constraints):
            at = constraint.at.split(".")[0]
            yield Rule("constraint", ("constraints", index, "rule"), constraint.rule, (*self.answered.values(),), at=at)

    def _fee(self) -> Iterator[Rule]:
        if self.procedure.fee:
            yield Rule("fee", ("fee", "amount"), self.procedure.fee.amount, (*self.answered.values(),))


def _with_rows(place: Place, question: Question) -> Iterator[tuple[Place, Question]]:
    yield place, question
    for index, inner in enumerate(question.rows.questions if question.rows else ()):
        yield from _with_rows((*place, "questions", index), inner)
