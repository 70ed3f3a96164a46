"""Trying an expression out over the answers a form can give."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from madoguchi.foundation.expressions import Expression, ExpressionFailed, compile_expression

from ..questions import Question
from ..questions.base import Rows, answers_to
from ..questions.telling import Landmarks
from .expression import Reading

MOST = 20_000
SEED = 20_260_401
Context = Mapping[str, Any]


@dataclass(frozen=True)
class Trials:
    """The answers an expression was tried with; `sampled`: there were too many to try all."""

    contexts: Sequence[Context]
    sampled: bool

    @property
    def extent(self) -> str:
        """How thorough the trial was, for a fault's sentence."""
        kind = "sampled" if self.sampled else "possible"
        return f"{len(self.contexts):,} {kind} combination{'s' if len(self.contexts) != 1 else ''} of answers"


def trials(expression: Expression, readable: Sequence[Question], also: str = "") -> Trials:
    """Combinations of answers to the questions that the expression depends on (and `also`, which is then answered)."""
    questions = _depended_on(expression, readable, also)
    conditions = [compile_expression(question.when) for question in questions if question.when]
    functions = expression.functions.union(*(condition.functions for condition in conditions))
    marks = landmarks([expression.source, *(condition.source for condition in conditions)], functions)
    domains = [answers_to(question, marks) for question in questions]
    sampled = prod(map(len, domains)) > MOST
    seen: dict[tuple[int, ...], Context] = {}
    for chosen in _sample(domains) if sampled else product(*map(_numbered, domains)):
        context, visible = _context(questions, chosen)
        if not also or also in visible:
            # Answers that the expression does not read itself only decide what is visible.
            read = tuple(visible.get(question.id, -1) for question in questions if question.id in expression.names)
            seen.setdefault(read, context)
    return Trials(list(seen.values()), sampled)


def landmarks(sources: Iterable[str], functions: frozenset[str]) -> Landmarks:
    """What several expressions together mention."""
    readings = [Reading(source) for source in sources]
    return Landmarks(
        frozenset(text for one in readings for text in one.strings),
        frozenset(number for one in readings for number in one.numbers),
        frozenset(path for one in readings for path in one.paths),
        functions,
    )


def _numbered(values: Sequence[Any]) -> list[tuple[int, Any]]:
    return list(enumerate(values))


def _depended_on(expression: Expression, readable: Sequence[Question], also: str) -> list[Question]:
    needed = {*expression.names, also}
    for question in reversed(readable):
        if question.id in needed:
            needed |= _names_read_by(question)
    return [question for question in readable if question.id in needed]


def _names_read_by(question: Question) -> frozenset[str]:
    """The answers on which it depends what is asked here, in the rows of a group too."""
    rows = question.rows.by_id if question.rows else {}
    inside = frozenset[str]().union(*(compile_expression(one.when).names for one in rows.values() if one.when))
    return (inside - rows.keys()) | (compile_expression(question.when).names if question.when else frozenset())


def _sample(domains: Sequence[Sequence[Any]]) -> Iterator[tuple[tuple[int, Any], ...]]:
    chance = random.Random(SEED)  # noqa: S311 - a repeatable sample, no secret
    numbered = [_numbered(values) for values in domains]
    return (tuple(values[int(chance.random() * len(values))] for values in numbered) for _ in range(MOST))


def _context(questions: Sequence[Question], chosen: Sequence[tuple[int, Any]]) -> tuple[Context, dict[str, int]]:
    """What CEL reads, where a hidden question is blank; and which of its values each answered question has."""
    context: dict[str, Any] = {question.id: question.in_rules(None) for question in questions}
    answered: dict[str, int] = {}
    for question, (number, value) in zip(questions, chosen, strict=True):
        if value is not None and (not question.when or holds(compile_expression(question.when), context)):
            shown_value = _visible_rows(question.rows, value, context) if question.rows else value
            context[question.id] = question.in_rules(shown_value)
            answered[question.id] = number
    return context, answered


def _visible_rows(group: Rows, rows: Sequence[Mapping[str, Any]], outer: Context) -> list[dict[str, Any]]:
    if not any(question.when for question in group.by_id.values()):
        return [dict(row) for row in rows]
    seen = {id(row): _visible(group, row, outer) for row in {id(row): row for row in rows}.values()}
    return [seen[id(row)] for row in rows]


def _visible(group: Rows, row: Mapping[str, Any], outer: Context) -> dict[str, Any]:
    """The row without the answers of questions that are not asked in it."""
    context, seen = {**outer, **group.row_in_rules({})}, {}
    for question in group.by_id.values():
        if question.id in row and (not question.when or holds(compile_expression(question.when), context)):
            seen[question.id] = row[question.id]
            context[question.id] = question.in_rules(row[question.id])
    return seen


def holds(expression: Expression, context: Context) -> bool | None:
    """Whether it is true; None where it gives neither yes nor no."""
    try:
        return expression.holds(context)
    except ExpressionFailed:
        return None


def shown(context: Context) -> str:
    """The answers of a trial, for a fault's sentence."""
    return ", ".join(f"{name} = {_short(value)}" for name, value in context.items()) or "any answers"


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{part}: {_short(one)}" for part, one in value.items() if one and one != "甲") + "}"
    if isinstance(value, list) and len(value) > 2:
        return f"[{len(value)} items]"
    return repr(value).lower() if isinstance(value, bool) else repr(value)
