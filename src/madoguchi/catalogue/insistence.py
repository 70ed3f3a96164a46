"""What a person says of a value that only looks wrong: it is meant as it is written. Recorded with the answers.

The refusal stays the rule. An entry names one problem by code and place, exactly as it was told; it lifts nothing else,
and only entries that lifted something are kept.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from .problems import Problem

KEY: Final = "as-written"
"""Where it stands among the answers; no question can have this id."""

MAY_BE_MEANT: Final = ("my-number", "prefecture-elsewhere", "town-elsewhere", "unknown-postal-code")
MOST: Final = 100

SCHEMA: Final[dict[str, Any]] = {
    "type": "array",
    "maxItems": MOST,
    "title": "Values that look wrong and are meant as they are written, each named by the problem that was told.",
    "items": {
        "type": "object",
        "properties": {"code": {"enum": list(MAY_BE_MEANT)}, "pointer": {"type": "string", "maxLength": 300}},
        "required": ["code", "pointer"],
        "additionalProperties": False,
    },
}


def entry(problem: Problem) -> dict[str, str]:
    """What is kept of a problem that was lifted."""
    return {"code": problem.code, "pointer": problem.pointer}


class Insistence:
    """What somebody insists on; `used` is what has lifted a problem so far."""

    def __init__(self, given: Any) -> None:
        self._said = {(one["code"], one["pointer"]) for one in given} if is_well_formed(given) else set()
        self.faults = [] if given is None or is_well_formed(given) else [Problem((KEY,), "wrong-type")]
        self.used: list[dict[str, str]] = []

    def left(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems that nobody has lifted."""
        left = []
        for problem in problems:
            if problem.code in MAY_BE_MEANT and (problem.code, problem.pointer) in self._said:
                self.used.append(entry(problem))
            else:
                left.append(problem)
        return left


def is_well_formed(given: Any) -> bool:
    """Whether the entries have the shape of `SCHEMA`."""
    return (
        isinstance(given, list)
        and len(given) <= MOST
        and all(isinstance(one, dict) and set(one) == {"code", "pointer"} for one in given)
        and all(isinstance(text, str) for one in given for text in one.values())
    )


def from_form(fields: Iterable[str]) -> list[dict[str, str]]:
    """Entries from the checkboxes of a page, whose values are `<code> <pointer>`."""
    pairs = (field.partition(" ") for field in fields)
    return [{"code": code, "pointer": pointer} for code, _space, pointer in pairs][:MOST]


def places(answers: Any) -> Iterator[tuple[str, str]]:
    """(code, name of the HTML field) of everything insisted on in these answers."""
    given = answers.get(KEY)
    for one in given if is_well_formed(given) else ():
        yield one["code"], one["pointer"].strip("/").replace("/", ".")
