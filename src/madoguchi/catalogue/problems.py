"""What can be wrong with an answer: a code, a place and the numbers that a sentence needs. Wording lives in `messages.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]


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

    def __init__(self, code: str, /, *, sub: Path = (), **params: object) -> None:
        super().__init__(code)
        self.code, self.sub, self.params = code, sub, params

    def at(self, path: Path) -> Problem:
        """This refusal at its place."""
        return Problem((*path, *self.sub), self.code, self.params)
