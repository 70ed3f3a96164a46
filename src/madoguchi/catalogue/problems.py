"""What can be wrong with an answer: a code, a place and the numbers of its sentence. Wording lives in `messages.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

Path = tuple[str | int, ...]
MAX_PROBLEMS = 200
"""Faults that one judgement tells at most."""


@dataclass(frozen=True)
class Problem:
    """One fault of an answer. `path` leads from the answers' root; `code` names the sentence; `params` fill it."""

    path: Path
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901), from the answers' root."""
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)

    @property
    def name(self) -> str:
        """The place as the name of an HTML field (`members.0.name`)."""
        return ".".join(str(part) for part in self.path)


class Refused(Exception):
    """A value that cannot be an answer; raised by a question type, caught where the path is known."""

    partial: Any = None
    """What could be cleaned of an answer with several parts, so that the other parts are judged too."""

    def __init__(self, code: str, /, *, sub: Path = (), **params: object) -> None:
        super().__init__(code)
        self.code, self.sub, self.params = code, sub, params
        self.more: tuple[Refused, ...] = ()

    def at(self, path: Path) -> Problem:
        """This refusal at its place."""
        return Problem((*path, *self.sub), self.code, self.params)

    def all_at(self, path: Path) -> list[Problem]:
        """This refusal and those of the answer's other parts, at their places."""
        return [self.at(path), *(other.at(path) for other in self.more)]

    def under(self, part: str) -> Self:
        """The same refusal, seen from the answer that `part` belongs to."""
        inner = type(self)(self.code, sub=(part, *self.sub), **self.params)
        inner.more = tuple(other.under(part) for other in self.more)
        return inner


def clean_parts(parts: Iterable[str], given: Mapping[str, Any], clean: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Every part cleaned, empty ones left out. Raises one Refused: all wrong parts, and the good ones as `partial`."""
    cleaned: dict[str, Any] = {}
    refusals: list[Refused] = []
    for part in parts:
        try:
            value = clean(part, given.get(part) or "")
        except Refused as refused:
            refusals += [refused.under(part)]
            value = refused.partial
        if value:
            cleaned[part] = value
    if refusals:
        raise _together(refusals, cleaned)
    return cleaned


def _together(refusals: list[Refused], cleaned: dict[str, Any]) -> Refused:
    first = refusals[0]
    first.more += tuple(one for refused in refusals[1:] for one in (refused, *refused.more))
    first.partial = cleaned or None
    return first


def unknown(path: Path, given: Mapping[str, Any], known: Mapping[str, Any]) -> list[Problem]:
    """Keys that are no question, shortened and made printable, because they are shown and logged."""
    keys = [key for key in given if key not in known][:MAX_PROBLEMS]
    return [Problem((*path, str(key)[:60].encode(errors="replace").decode()), "unknown-question") for key in keys]
