"""A source: what the system itself publishes, as a function that yields rows and the columns it declares."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..columns import Column, Value


@dataclass(frozen=True, slots=True)
class Source:
    """One dataset of the system's. Texts are (ja, en, ja-easy); `rows` reads the record when it is called."""

    code: str
    title: tuple[str, str, str]
    description: tuple[str, str, str]
    office: str
    theme: str
    columns: Sequence[Column]
    key: Sequence[str]
    rows: Callable[[], Iterable[Sequence[Value]]]
    tags: Sequence[str] = ()
    frequency: str = "daily"


Register = Sequence[Callable[[], Iterable[Source]]]
"""Functions that tell the sources there are now: definitions come and go."""
