"""A procedure made ready to serve: validators and conditions compiled once, then only looked up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import jsonschema_rs

from madoguchi.catalogue.schema import from_schema
from madoguchi.foundation.expressions import Expression, ExpressionFailed, compile_expression
from madoguchi.foundation.text import has_my_number

from . import printing, typed
from .format import Constraint, Procedure, Section
from .insistence import KEY, SCHEMA, Insistence
from .judgement import Answers, Judgement
from .problems import MAX_PROBLEMS, Path, Problem, Refused, unknown
from .questions import Question
from .questions.base import Rows, Uploads
from .wording import LanguageOf, Texts

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(eq=False)
class Compiled:
    """One version of one procedure, ready: `sections` include the questions common to all procedures.

    `flow` is the course of its cases as the version keeps it (`cases.queries.flow_under` reads it). `step` is empty
    for the application itself; `at` gives the form of a step, whose rules also read what was answered before.
    """

    procedure: Procedure
    wordings: Mapping[str, Texts]
    common: Section
    flow: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    version_id: int = 0
    step: str = ""
    _conditions: dict[str, Expression] = field(default_factory=dict)
    _steps: dict[str, "Compiled"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for question in self.questions:
            for one in (question, *(question.rows.questions if question.rows else ())):
                if one.when:
                    self._conditions[one.when] = compile_expression(one.when)
        self._rules = [(c.id, tuple(c.at.split(".")), compile_expression(c.rule)) for c in self.constraints]
        fee = None if self.step else self.procedure.fee
        only_if = self.procedure.asks[self.step].only_if if self.step else {}
        self._only_if = {outcome: compile_expression(rule) for outcome, rule in only_if.items()}
        self._fee = compile_expression(fee.amount) if fee else None

    def at(self, step: str) -> "Compiled":
        """What a step asks, judged like the application; the application itself for "". Raises KeyError."""
        if not step:
            return self
        if step not in self._steps:
            self._steps[step] = replace(self, step=step, _conditions={}, _steps={})
        return self._steps[step]

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The rules across the answers of this form."""
        return (self.procedure.asks[self.step] if self.step else self.procedure).constraints

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """All parts of the form; of an application the common one last."""
        return self.procedure.asks[self.step].form if self.step else (*self.procedure.form, self.common)

    @cached_property
    def earlier(self) -> tuple[Question, ...]:
        """The questions of other forms of the case that a step's rules may read; none for the application."""
        if not self.step:
            return ()
        forms = (ask.form for step, ask in self.procedure.asks.items() if step != self.step)
        sections = (*self.procedure.form, self.common, *(section for form in forms for section in form))
        return tuple(_answered(sections))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions that can have an answer, in order."""
        return tuple(_answered(self.sections))

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Question by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def every(self) -> dict[str, Question]:
        """The questions of all forms of a case, those of steps too, by id."""
        forms = [form.by_id for form in map(self.at, self.procedure.asks)]
        return {name: question for form in (*forms, self.by_id) for name, question in form.items()}

    @cached_property
    def _examined(self) -> list[Question]:
        return [question for question in self.questions if type(question).examine is not Question.examine]

    @cached_property
    def _with_parties(self) -> list[Question]:
        return [question for question in self.questions if type(question).parties is not Question.parties]

    @cached_property
    def _printed(self) -> frozenset[str]:
        """The questions that a line of the document shows."""
        return frozenset(fact.value.partition(".")[0] for fact in self.procedure.outcome.facts)

    @cached_property
    def blank(self) -> Answers:
        """What CEL sees of a question without an answer."""
        return {question.id: question.in_rules(None) for question in (*self.earlier, *self.questions)}

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of the answers, as published; conditions stand beside it as `x-when`."""
        properties = {question.id: self._described(question) for question in self.questions} | {KEY: SCHEMA}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.procedure.name,
            "type": "object",
            "properties": properties,
            "required": [question.id for question in self.questions if question.required and not question.when],
            "additionalProperties": False,
        }

    def _described(self, question: Question) -> dict[str, Any]:
        extra = {"x-when": question.when} if question.when else {}
        return {**question.schema(), "title": question.label, **extra}

    @cached_property
    def _validator(self) -> Any:
        return jsonschema_rs.Draft202012Validator(self.schema, validate_formats=True)

    def words(self, language: str) -> LanguageOf:
        """The texts in a language; Japanese is the source and needs no table."""
        return LanguageOf(language, self.wordings.get(language, {}))

    def asked(self, question: Question, context: Mapping[str, Any]) -> bool:
        """Whether the question is asked, given the answers so far (CEL context with blanks filled in)."""
        if not question.when:
            return True
        try:
            return self._conditions[question.when].holds(context)
        except ExpressionFailed:
            return False

    def visible(self, answers: Mapping[str, Any], before: Mapping[str, Any] = NOTHING) -> list[Question]:
        """The questions that whoever gave these (cleaned) answers was asked, answered or not."""
        context = self.context(answers, before)
        return [question for question in self.questions if self.asked(question, context)]

    def judge(self, given: Mapping[str, Any], before: Mapping[str, Any] = NOTHING) -> Judgement:
        """Clean the answers, drop those of hidden questions, and tell every fault. Never raises on bad input.

        `before` is what was answered in the case before a step's form, for its rules.
        """
        meant = Insistence(given.get(KEY))
        answers, context, problems = self._cleaned(given, before)
        problems = meant.faults + meant.left(problems, answers)
        if len(problems) < MAX_PROBLEMS:
            problems += self._against_schema(answers, {problem.path for problem in problems})
        beyond = self._beyond_schema(answers, context, {problem.path[0] for problem in problems})
        problems += meant.left(beyond, answers)
        if meant.used:
            answers[KEY] = meant.used
        return Judgement(answers, tuple(problems[:MAX_PROBLEMS]), typed.difference(given, answers) or {})

    def _cleaned(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[Answers, Answers, list[Problem]]:
        problems = unknown((), given, {**self.by_id, KEY: None})
        answers: Answers = {}
        context = self.blank | self._before(before)
        decided = {"": True}  # a condition reads earlier answers only, so it is tried once
        for question in self.questions:
            if question.when not in decided:
                decided[question.when] = self.asked(question, context)
            if not decided[question.when]:
                continue
            value = self._clean_one(question, given.get(question.id), (question.id,), problems, context)
            if value is not None:
                answers[question.id] = value
                context[question.id] = question.in_rules(value)
            elif question.required and not any(p.path[0] == question.id for p in problems):
                problems.append(Problem((question.id,), "missing"))
        return answers, context, problems

    def _clean_one(
        self, question: Question, value: Any, path: Path, problems: list[Problem], context: Mapping[str, Any]
    ) -> Any:
        if value is None:
            return None
        try:
            cleaned = question.clean(value)
        except Refused as refused:
            problems += refused.all_at(path)
            cleaned = refused.partial
        if cleaned:
            texts = question.free_texts(cleaned, path)
            problems += [Problem(at, "my-number") for at, text in texts if has_my_number(text)]
            if question.is_name or path[0] in self._printed:
                problems += printing.unprintable(question, cleaned, path)
        if cleaned and (rows := question.rows):
            return [self._clean_row(rows, row, (*path, n), problems, context) for n, row in enumerate(cleaned)]
        return cleaned

    def _clean_row(
        self, rows: Rows, row: Mapping[str, Any], path: Path, problems: list[Problem], outer: Mapping[str, Any]
    ) -> Answers:
        problems += unknown(path, row, rows.by_id)
        answers: Answers = {}
        context = {**outer, **rows.row_in_rules({})}
        for question in rows.by_id.values():
            if not self.asked(question, context):
                continue
            before = len(problems)
            value = self._clean_one(question, row.get(question.id), (*path, question.id), problems, context)
            if value is not None:
                answers[question.id] = value
                context[question.id] = question.in_rules(value)
            elif question.required and len(problems) == before:
                problems.append(Problem((*path, question.id), "missing"))
        return answers

    def _against_schema(self, answers: Answers, told: set[Path]) -> list[Problem]:
        if self._validator.is_valid(answers):
            return []
        found: dict[Path, Problem] = {}
        for error in self._validator.iter_errors(answers):
            for problem in from_schema(error):
                if not any(path[: len(problem.path)] == problem.path for path in told):
                    found.setdefault(problem.path, problem)
        return list(found.values())

    def _beyond_schema(self, answers: Answers, context: Answers, wrong: set[str | int]) -> list[Problem]:
        """What only rules can tell, about answers that are well-formed themselves."""
        problems: list[Problem] = []
        for question in self._examined:
            if question.id in answers and question.id not in wrong:
                problems += question.examine(answers[question.id], (question.id,))
        for identifier, at, rule in self._rules:
            if at[0] in answers and at[0] not in wrong and wrong.isdisjoint(rule.names) and not _holds(rule, context):
                problems.append(Problem(at, "constraint", {"constraint": identifier}))
        return problems

    def context(self, answers: Mapping[str, Any], before: Mapping[str, Any] = NOTHING) -> dict[str, Any]:
        """Cleaned answers as CEL reads them: what was not answered is blank, parts and rows too."""
        own = {question.id: question.in_rules(answers.get(question.id)) for question in self.questions}
        return self.blank | self._before(before) | own if self.step else own

    def _before(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {one.id: one.in_rules(answers[one.id]) for one in self.earlier if one.id in answers}

    def told(self, problem: Problem) -> Problem:
        """A problem with the words of its constraint filled in."""
        if problem.code != "constraint":
            return problem
        message = next(c.message for c in self.constraints if c.id == problem.params["constraint"])
        return Problem(problem.path, problem.code, {**problem.params, "message": message})

    def fee(self, answers: Mapping[str, Any]) -> int | None:
        """The fee in yen for these answers; None where nothing is charged. Raises ExpressionFailed."""
        return None if self._fee is None else self._fee.amount(self.context(answers))

    def allows(self, outcome: str, answers: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
        """Whether a step that was answered so may end with this outcome."""
        return outcome not in self._only_if or _holds(self._only_if[outcome], self.context(answers, before))

    def files_in(self, answers: Mapping[str, Any]) -> Iterator[tuple[Path, Uploads, Sequence[str]]]:
        """Every question for files that was answered: (path, question, upload ids)."""
        for key, value in answers.items():
            question = self.by_id.get(key)
            if question is None:
                continue
            if uploads := question.uploads:
                yield (key,), uploads, value
            elif rows := question.rows:
                for index, row in enumerate(value):
                    for inner in rows.questions:
                        if (uploads := inner.uploads) and inner.id in row:
                            yield (key, index, inner.id), uploads, row[inner.id]

    def parties_in(self, answers: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """The persons and corporations of an application in the order in which they are asked, rows left out."""
        for question in self._with_parties:
            if question.id in answers:
                yield from question.parties(answers[question.id])


def _answered(sections: Iterable[Section]) -> Iterator[Question]:
    return (q for section in sections for q in section.questions if q.asks)


def _holds(rule: Expression, context: Mapping[str, Any]) -> bool:
    try:
        return rule.holds(context)
    except ExpressionFailed:
        return False
