"""What judging answers comes to."""

from dataclasses import dataclass, field
from typing import Any

from . import typed as as_typed
from .problems import Problem

Answers = dict[str, Any]


@dataclass(frozen=True)
class Judgement:
    """Cleaned answers of the visible questions, and everything wrong with them.

    `typed` is what was typed where that differs from the cleaned answers (see `typed.difference`).
    """

    answers: Answers
    problems: tuple[Problem, ...]
    typed: Answers = field(default_factory=dict, compare=False)

    @property
    def as_typed(self) -> Answers:
        """The answers as typed: judged again, they are the same answers."""
        return dict(as_typed.over(self.answers, self.typed))
