"""What is said of one kind of event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .sentences import Sentence

Measure = Literal["arrival", "step", "correction", "decision", "withdrawal", "rating", "document", "collection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What an event of this kind means (`meaning` and `data` stand in the reference as they are here)."""

    meaning: str
    officer: Sentence
    """In the office's trail."""
    detail: Sentence = ""
    """What else the office reads there: which office, which seat, how much."""
    applicant: Sentence = ""
    """On the applicant's timeline; without it the event does not stand there."""
    data: Mapping[str, str] = field(default_factory=dict)
    """Each key with what it holds, "" where the key says it."""
    letter: str = ""
    """What the letter that follows is about (`sequence.py` sends it); without it nothing is queued."""
    measure: Measure | None = None
    """What the figures count it as."""
