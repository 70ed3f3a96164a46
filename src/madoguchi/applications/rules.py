"""Pure rules of applications."""

from collections.abc import Iterable
from datetime import timedelta

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
