"""Names: what expressions, document lines and published columns call by name must exist, and in time."""

from collections.abc import Iterator

from madoguchi.foundation.expressions import ExpressionRefused, compile_expression
from madoguchi.platform.definitions import Fault

from ..questions import Question
from .expression import Reading
from .subject import Rule, Subject


def rule_names(subject: Subject) -> Iterator[Fault]:
    """CEL that cannot be read, and names in it that are no question, are asked too late, or have no such part."""
    for rule in subject.rules:
        try:
            names = compile_expression(rule.source).names
        except ExpressionRefused as refused:
            yield subject.fault(rule.place, f"not CEL: {refused.detail}", "correct the expression; texts stand in ''.")
            continue
        yield from _unknown(subject, rule, names)
        yield from _strange_parts(subject, rule)
        yield from _strange_options(subject, rule)


def _unknown(subject: Subject, rule: Rule, names: frozenset[str]) -> Iterator[Fault]:
    known = [question.id for question in rule.readable]
    for name in sorted(names - set(known)):
        if name in rule.later:
            sentence = f"the condition reads {name}, which is asked later"
            yield subject.fault(rule.place, sentence, f"move {name} before this question, or turn the condition round.")
        else:
            remedy = f"use one of: {', '.join(known) or 'no question stands before this one'}."
            yield subject.fault(rule.place, f"{name} is no question of this procedure", remedy)


def _strange_parts(subject: Subject, rule: Rule) -> Iterator[Fault]:
    by_id = {question.id: question for question in rule.readable}
    for path in sorted(Reading(rule.source).paths):
        question = by_id.get(path[0])
        if question and len(path) > 1 and path[1:] not in question.parts():
            yield subject.fault(rule.place, f"{'.'.join(path)} does not exist", _known_parts(question))


def _strange_options(subject: Subject, rule: Rule) -> Iterator[Fault]:
    by_id = {question.id: question for question in rule.readable}
    for path, text in Reading(rule.source).compared():
        question = by_id.get(path[0])
        options = question.possible(path[1:]) if question else None
        if options is not None and text not in (*options, ""):
            sentence = f"{'.'.join(path)} is never {text!r}"
            remedy = f"use one of: {', '.join(options)}." if options else f"write {path[0]} or !{path[0]}."
            yield subject.fault(rule.place, sentence, remedy)


def _known_parts(question: Question) -> str:
    known = sorted(".".join((question.id, *part)) for part in question.parts())
    return f"use one of: {', '.join(known)}." if known else f"{question.id} has no parts: write its id alone."


def places_named(subject: Subject) -> Iterator[Fault]:
    """Constraints, document lines and published columns that point at no question, or at no part of one."""
    for index, constraint in enumerate(subject.procedure.constraints):
        yield from _pointed(subject, ("constraints", index, "at"), constraint.at)
    for step, ask in subject.procedure.asks.items():
        for index, constraint in enumerate(ask.constraints):
            yield from _pointed(subject, ("asks", step, "constraints", index, "at"), constraint.at)
    for index, fact in enumerate(subject.procedure.outcome.facts):
        yield from _pointed(subject, ("outcome", "facts", index, "value"), fact.value)
    for column, path in (subject.procedure.open_data.columns if subject.procedure.open_data else {}).items():
        yield from _pointed(subject, ("open_data", "columns", column), path)


def _pointed(subject: Subject, place: tuple[str | int, ...], dotted: str) -> Iterator[Fault]:
    name, *inside = dotted.split(".")
    question = subject.answered.get(name)
    if question is None:
        known = ", ".join(subject.answered)
        yield subject.fault(place, f"{name} is no question of this procedure", f"use one of: {known}.")
    elif inside and (question.rows or tuple(inside) not in question.parts()):
        yield subject.fault(place, f"{dotted} does not exist", _known_parts(question))
