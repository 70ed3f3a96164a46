"""Questions in themselves: ids, limits that contradict each other, and texts nobody reads to the end."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from madoguchi.platform.definitions import Fault

from ..questions import Declaration, Group, Party, Question
from ..questions.choice import Choice, Choices
from ..questions.date import Date
from ..questions.number import Money, Number
from ..questions.party import ONLY
from ..questions.text import Text
from .subject import Place, Subject

RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"}
    | {"null", "package", "namespace", "return", "true", "var", "void", "while"}
    | {"all", "exists", "exists_one", "filter", "map", "has", "size", "contains", "matches"}
    | {"string", "int", "uint", "double", "bytes", "type", "dyn", "age", "days"}
)
"""Words of CEL and its functions, which cannot name a question."""
LONGEST_DECLARATION = 600
"""Characters that a person can be said to have read before agreeing: about a minute."""


def ids(subject: Subject) -> Iterator[Fault]:
    """Ids used twice, also by the common questions and inside rows, and names that CEL keeps for itself."""
    sections = [section.id for section in (subject.common, *subject.procedure.form)]
    for number, section in enumerate(subject.procedure.form):
        if sections.count(section.id) > 1:
            yield subject.fault(("form", number, "id"), f"section {section.id} exists twice", "choose another id.")
    count = Counter(question.id for question in subject.common.questions)
    for place, question in subject.opened:
        count[question.id] += not _in_row(place)
        yield from _id(subject, place, question)
    for place, question in subject.placed:
        if count[question.id] > 1:
            remedy = "choose another id; the contact questions of every form keep theirs."
            yield subject.fault((*place, "id"), f"question {question.id} exists twice", remedy)
    for kind, items in _listed(subject):
        yield from _repeated(subject, kind, items)


def _in_row(place: Place) -> bool:
    return place.count("questions") > 1


def _id(subject: Subject, place: Place, question: Question) -> Iterator[Fault]:
    if question.id in RESERVED:
        yield subject.fault((*place, "id"), f"{question.id} is a word of CEL", "choose another id.")
    if isinstance(question, Group):
        inner = [one.id for one in question.questions]
        conditions = " ".join(one.when for one in question.questions)
        for index, one in enumerate(question.questions):
            unclear = one.id in subject.answered and re.search(rf"\b{one.id}\b", conditions)
            if inner.count(one.id) > 1 or unclear:
                sentence = f"question {one.id} in {question.id} has the id of another question"
                yield subject.fault((*place, "questions", index, "id"), sentence, "choose another id.")
            if isinstance(one, Group):
                remedy = "put its questions into the outer group, or beside it."
                yield subject.fault((*place, "questions", index), f"{one.id} is a group inside a group", remedy)


def _listed(subject: Subject) -> Iterator[tuple[Place, list[str]]]:
    procedure = subject.procedure
    yield ("constraints",), [one.id for one in procedure.constraints]
    yield ("refusal_reasons",), [one.id for one in procedure.refusal_reasons]
    yield from ((("checklist", step), [one.id for one in items]) for step, items in procedure.checklist.items())
    for place, question in subject.opened:
        if isinstance(question, (Choice, Choices)):
            yield (*place, "options"), [option.id for option in question.options]


def _repeated(subject: Subject, place: Place, items: list[str]) -> Iterator[Fault]:
    for index, one in enumerate(items):
        if one in items[:index]:
            yield subject.fault((*place, index), f"{one} exists twice under {place[-1]}", "choose another id.")


def limits(subject: Subject) -> Iterator[Fault]:
    """Questions that nobody could answer, and statements too long to be read."""
    for place, question in subject.opened:
        for key, sentence, remedy in (*_condition(question), *_limits(question)):
            yield subject.fault((*place, key), f"{question.id}: {sentence}", remedy)


Finding = tuple[str, str, str]


def _condition(question: Question) -> Iterator[Finding]:
    if question.when and not question.when_text.strip():
        yield "when", "a condition that is not put into words", "add when_text, which is shown where scripts are off."
    if question.when_text and not question.when:
        yield "when_text", "says when, yet it is always asked", "add when, or remove when_text."


def _limits(question: Question) -> Iterable[Finding]:
    match question:
        case Number() | Money():
            yield from _order(question, "min", "max")
        case Choices():
            yield from _choices(question)
        case Group():
            yield from _order(question, "min_rows", "max_rows")
            if question.required and question.min_rows == 0:
                yield "min_rows", "may have no rows, yet is required", "write required: false, or min_rows: 1."
        case Date():
            if question.not_before and question.not_after and "today" not in (question.not_before, question.not_after):
                yield from _order(question, "not_before", "not_after")
        case Party():
            yield from _party(question)
        case Text():
            yield from _pattern(question)
        case Declaration() if len(question.text) > LONGEST_DECLARATION:
            sentence = f"the statement has {len(question.text)} characters, more than a person reads before agreeing"
            remedy = f"keep it under {LONGEST_DECLARATION}: one declaration for each thing that is declared."
            yield "text", sentence, remedy


def _order(question: Any, low: str, high: str) -> Iterator[Finding]:
    least, most = getattr(question, low), getattr(question, high)
    if least is not None and most is not None and least > most:
        yield high, f"{low} {least} is more than {high} {most}", "exchange or correct the limits."


def _choices(question: Choices) -> Iterator[Finding]:
    most = len(question.options) if question.max is None else question.max
    if question.min > min(most, len(question.options)) or most > len(question.options) or most < 1:
        sentence = f"of {len(question.options)} options {question.min} to {most} are to be chosen"
        yield "max", sentence, "correct min and max."


def _party(question: Party) -> Iterator[Finding]:
    if len(set(question.kinds)) != len(question.kinds) or not question.kinds:
        yield "kinds", "kinds are named once each, and at least one", "write person, corporation, or both."
    for part in question.ask:
        if part in ONLY and ONLY[part] not in question.kinds:
            yield "ask", f"{part} is asked of a {ONLY[part]} only", f"remove {part}, or add {ONLY[part]} to kinds."


def _pattern(question: Text) -> Iterator[Finding]:
    try:
        re.compile(question.pattern)
    except re.error as fault:
        yield "pattern", f"not a regular expression: {fault}", "correct the pattern."
    if question.pattern and not question.pattern_text:
        yield "pattern", "a pattern that is not put into words", "add pattern_text, which says the form and an example."
