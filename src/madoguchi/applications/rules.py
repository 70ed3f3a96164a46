"""Pure rules of applications."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from madoguchi.catalogue.compiled import Compiled
from madoguchi.foundation.expressions import compile_expression

UNCLAIMED_FOR = timedelta(hours=24)


def changeable(compiled: Compiled, asked: Iterable[str]) -> set[str]:
    """The questions that a correction opens: those asked about, and those whose condition reads one of them."""
    opened = set(asked)
    for question in compiled.questions:
        if question.when and compile_expression(question.when).names & opened:
            opened.add(question.id)
    return opened


def unchanged(compiled: Compiled, asked: Iterable[str], before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The questions asked about that are still asked and have the answer (or none) that they had."""
    visible = {question.id for question in compiled.visible(now)}
    return [question for question in asked if question in visible and before.get(question) == now.get(question)]
