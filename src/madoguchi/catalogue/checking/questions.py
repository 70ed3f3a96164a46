"""Questions in themselves: ids, limits that contradict each other, and texts nobody reads to the end."""

import re
from collections import Counter
from collections.abc import Iterator

from madoguchi.platform.definitions import Fault

from ..questions import Question
from ..questions.base import Finding, Rows
from .subject import Place, Subject

RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"}
    | {"null", "package", "namespace", "return", "true", "var", "void", "while"}
    | {"all", "exists", "exists_one", "filter", "map", "has", "size", "contains", "matches"}
    | {"string", "int", "uint", "double", "bytes", "type", "dyn", "age", "days"}
)
"""Words of CEL and its functions, which cannot name a question."""


def ids(subject: Subject) -> Iterator[Fault]:
    """Ids used twice, also by the common questions and inside rows, and names that CEL keeps for itself."""
    sections = [subject.common.id, *(section.id for _place, form in subject.forms for section in form)]
    for place, form in subject.forms:
        for number, section in enumerate(form):
            if sections.count(section.id) > 1:
                sentence = f"section {section.id} exists twice"
                yield subject.fault((*place, number, "id"), sentence, "choose another id.")
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
    if rows := question.rows:
        yield from _inside(subject, place, rows)


def _inside(subject: Subject, place: Place, rows: Rows) -> Iterator[Fault]:
    ids = [one.id for one in rows.questions]
    conditions = " ".join(one.when for one in rows.questions)
    for index, one in enumerate(rows.questions):
        unclear = one.id in subject.answered and re.search(rf"\b{one.id}\b", conditions)
        if ids.count(one.id) > 1 or unclear:
            sentence = f"question {one.id} in {rows.id} has the id of another question"
            yield subject.fault((*place, "questions", index, "id"), sentence, "choose another id.")
        if one.rows:
            remedy = "put its questions into the outer group, or beside it."
            yield subject.fault((*place, "questions", index), f"{one.id} is a group inside a group", remedy)


def _listed(subject: Subject) -> Iterator[tuple[Place, list[str]]]:
    procedure = subject.procedure
    asked = (one for ask in procedure.asks.values() for one in ask.constraints)
    yield ("constraints",), [one.id for one in (*procedure.constraints, *asked)]
    yield ("refusal_reasons",), [one.id for one in procedure.refusal_reasons]
    yield from ((("checklist", step), [one.id for one in items]) for step, items in procedure.checklist.items())
    for place, question in subject.opened:
        yield (*place, "options"), [option.id for option in question.choices()]


def _repeated(subject: Subject, place: Place, items: list[str]) -> Iterator[Fault]:
    for index, one in enumerate(items):
        if one in items[:index]:
            yield subject.fault((*place, index), f"{one} exists twice under {place[-1]}", "choose another id.")


def limits(subject: Subject) -> Iterator[Fault]:
    """Questions that nobody could answer, and statements too long to be read."""
    for place, question in subject.opened:
        for key, sentence, remedy in (*_condition(question), *question.faults()):
            yield subject.fault((*place, key), f"{question.id}: {sentence}", remedy)


def _condition(question: Question) -> Iterator[Finding]:
    if question.when and not question.when_text.strip():
        yield "when", "a condition that is not put into words", "add when_text, which is shown where scripts are off."
    if question.when_text and not question.when:
        yield "when_text", "says when, yet it is always asked", "add when, or remove when_text."
