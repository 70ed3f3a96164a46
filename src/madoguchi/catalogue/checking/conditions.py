"""Conditions that decide nothing and fees that are no amount, found by trying them out."""

from collections.abc import Iterator, Sequence

from madoguchi.foundation.expressions import Expression, ExpressionFailed, ExpressionRefused, compile_expression
from madoguchi.platform.definitions import Fault

from ..questions import Question
from .subject import Rule, Subject
from .trials import Context, holds, shown, trials


def conditions(subject: Subject) -> Iterator[Fault]:
    """Questions that can never be asked or always are, rules that can never hold or always do, fees below zero."""
    for rule in subject.rules:
        expression = _sound(rule)
        if expression is None:
            continue
        yield from _fee(subject, rule, expression) if rule.kind == "fee" else _decides(subject, rule, expression)


def _sound(rule: Rule) -> Expression | None:
    """The expression, if all that it depends on can be tried; the other faults are told by `names`."""
    known: set[str] = set()
    try:
        for question in rule.readable:
            known |= {question.id} if not question.when or compile_expression(question.when).names <= known else set()
        expression = compile_expression(rule.source)
    except ExpressionRefused:
        return None
    return expression if expression.names <= known and rule.at in (*known, "") else None


NEVER = {
    "when": ("this question is never asked", "correct the condition, or remove the question."),
    "constraint": ("this rule can never hold, so nobody could apply", "correct the rule."),
}
ALWAYS = {
    "when": ("this condition always holds", "remove `when` and `when_text`, or correct the condition."),
    "constraint": ("this rule always holds", "remove it, or correct it."),
}
FAILS = "guard what may be blank (`x == '' || …`), and do not mix whole and decimal numbers (`double(x)`)."


def _decides(subject: Subject, rule: Rule, expression: Expression) -> Iterator[Fault]:
    tried = trials(expression, rule.readable, rule.at)
    results = [holds(expression, context) for context in tried.contexts]
    decidable = not _is_a_pattern(expression, rule.readable)
    if None in results and (rule.kind == "constraint" or not any(results)):
        failing = tried.contexts[results.index(None)]
        yield subject.fault(rule.place, f"gives neither yes nor no for {shown(failing)}", FAILS)
    elif decidable and not any(results):
        sentence, remedy = NEVER[rule.kind]
        yield subject.fault(rule.place, f"{sentence} ({tried.extent})", remedy)
    elif decidable and all(results):
        sentence, remedy = ALWAYS[rule.kind]
        yield subject.fault(rule.place, f"{sentence} ({tried.extent})", remedy)


def _is_a_pattern(expression: Expression, readable: Sequence[Question]) -> bool:
    """Whether it depends on the shape of a text, of which no examples can be made up."""
    patterned = {question.id for question in readable if question.is_patterned}
    return "matches" in expression.functions or not patterned.isdisjoint(expression.names)


def _fee(subject: Subject, rule: Rule, expression: Expression) -> Iterator[Fault]:
    tried = trials(expression, rule.readable)
    told: set[str] = set()
    for context in tried.contexts:
        wrong = _wrong_amount(expression, context)
        if wrong and wrong.split(":")[0] not in told:
            told.add(wrong.split(":")[0])
            sentence = f"the fee is {wrong} for {shown(context)}"
            yield subject.fault(rule.place, sentence, "correct it, or set min and max of the numbers in it.")


def _wrong_amount(expression: Expression, context: Context) -> str:
    try:
        amount = expression.amount(context)
    except ExpressionFailed as failed:
        return "no whole number of yen" if "whole" in failed.detail else f"not to be reckoned: {failed.detail}"
    return f"negative: {amount}" if amount < 0 else ""
