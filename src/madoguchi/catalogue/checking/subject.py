"""One procedure as the checks see it: definition, wordings, the lines of both, and the town and flows around it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    """What a definition must agree with of a flow: kinds served, ids of the steps that officers take, decisions.

    `asking` are the steps whose officer can be asked for answers (those that are not ended by a draft or an approval),
    each with its outcomes.
    """

    code: str
    kinds: tuple[str, ...]
    steps: tuple[str, ...]
    decisions: tuple[str, ...]
    asking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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
    def forms(self) -> list[tuple[Place, Sequence[Section]]]:
        """The application's form and those of steps, each with its place."""
        asks: list[tuple[Place, Sequence[Section]]]
        asks = [(("asks", step, "form"), ask.form) for step, ask in self.procedure.asks.items()]
        return [(("form",), self.procedure.form), *asks]

    @cached_property
    def placed(self) -> list[tuple[Place, Question]]:
        """The questions of all forms in order, each with its place; groups are not opened."""
        return [pair for place, form in self.forms for pair in _in_form(place, form)]

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
    def applied(self) -> tuple[Question, ...]:
        """Those of them that the application asks."""
        asked = {question.id for question in self.procedure.questions_of_steps()}
        return tuple(question for name, question in self.answered.items() if name not in asked)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every CEL expression of the definition. What a step asks may read all that is answered elsewhere."""
        asked = [rule for step in self.procedure.asks for rule in self._of_step(step)]
        return (*self._conditions(*self.forms[0], []), *self._constraints(), *self._fee(), *asked)

    def _of_step(self, step: str) -> Iterator[Rule]:
        ask = self.procedure.asks[step]
        own = {question.id for section in ask.form for question in section.questions}
        yield from self._conditions(("asks", step, "form"), ask.form, self._elsewhere(own))
        for index, one in enumerate(ask.constraints):
            place = ("asks", step, "constraints", index, "rule")
            yield Rule("constraint", place, one.rule, (*self.answered.values(),), at=one.at.split(".")[0])
        for outcome, rule in ask.only_if.items():
            yield Rule("constraint", ("asks", step, "only_if", outcome), rule, (*self.answered.values(),))

    def _elsewhere(self, own: set[str]) -> list[Question]:
        return [question for name, question in self.answered.items() if name not in own]

    def _conditions(self, form: Place, sections: Sequence[Section], before: list[Question]) -> Iterator[Rule]:
        for place, question in _in_form(form, sections):
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
            yield Rule("constraint", ("constraints", index, "rule"), constraint.rule, self.applied, at=at)

    def _fee(self) -> Iterator[Rule]:
        if self.procedure.fee:
            yield Rule("fee", ("fee", "amount"), self.procedure.fee.amount, self.applied)


def _in_form(place: Place, sections: Sequence[Section]) -> Iterator[tuple[Place, Question]]:
    for number, section in enumerate(sections):
        for index, question in enumerate(section.questions):
            yield (*place, number, "questions", index), question


def _with_rows(place: Place, question: Question) -> Iterator[tuple[Place, Question]]:
    yield place, question
    for index, inner in enumerate(question.rows.questions if question.rows else ()):
        yield from _with_rows((*place, "questions", index), inner)
