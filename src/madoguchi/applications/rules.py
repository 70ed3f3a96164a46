"""Pure rules of applications."""

from collections.abc import Iterable
from datetime import timedelta

from madoguchi.catalogue.compiled import Compiled
from madoguchi.foundation.expressions import compile_expression

UNCLAIMED_FOR = timedelta(hours=24)


def is_idempotency_key(text: str) -> bool:
    """Whether the text can be a key: 16 to 120 printable characters."""
    return 16 <= len(text) <= 120 and text.isprintable()


def changeable(compiled: Compiled, asked: Iterable[str]) -> set[str]:
    """The questions that a correction opens: those asked about, and those whose condition reads one of them."""
    opened = set(asked)
    for question in compiled.questions:
        if question.when and compile_expression(question.when).names & opened:
            opened.add(question.id)
    return opened
