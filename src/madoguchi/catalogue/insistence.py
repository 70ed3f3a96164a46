"""What a person says of a value that only looks wrong: it is meant as it is written. Recorded with the answers.

The refusal stays the rule. An entry names one problem by code and place, exactly as it was told; it lifts nothing else,
and only entries that lifted something are kept, each with the mark of the value that it was said of: of another value
at the same place nobody has said anything.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from madoguchi.foundation.record import canonical

from .problems import Path, Problem

KEY: Final = "as-written"
"""Where it stands among the answers; no question can have this id."""

MAY_BE_MEANT: Final = ("my-number", "prefecture-elsewhere", "town-elsewhere", "unknown-postal-code")
BY_ITSELF: Final = "my-number"
"""What is wrong with one text; the others are wrong together with the parts of the address beside them."""
MARK: Final = "of"
MOST: Final = 100

SCHEMA: Final[dict[str, Any]] = {
    "type": "array",
    "maxItems": MOST,
    "title": "Values that look wrong and are meant as they are written, each named by the problem that was told.",
    "items": {
        "type": "object",
        "properties": {
            "code": {"enum": list(MAY_BE_MEANT)},
            "pointer": {"type": "string", "maxLength": 300},
            MARK: {
                "type": "string",
                "maxLength": 64,
                "title": "Mark of the value it is said of; without it, of the value beside it.",
            },
        },
        "required": ["code", "pointer"],
        "additionalProperties": False,
    },
}


def mark(code: str, path: Path, answers: Mapping[str, Any]) -> str:
    """A digest of what a problem of this code at this place was told about. It goes with the answers, in no event."""
    value: Any = answers
    try:
        for part in path if code == BY_ITSELF else path[:-1] or path:
            value = value[part]
    except LookupError:  # of a row's question that is not asked nothing is kept
        value = None
    return hashlib.sha256(canonical(value)).hexdigest()[:32]


class Insistence:
    """What somebody insists on; `used` is what has lifted a problem so far."""

    def __init__(self, given: Any) -> None:
        entries = given if is_well_formed(given) else []
        self._said = {(one["code"], one["pointer"], one.get(MARK, "")) for one in entries}
        self.faults = [] if given is None or is_well_formed(given) else [Problem((KEY,), "wrong-type")]
        self.used: list[dict[str, str]] = []

    def left(self, problems: Iterable[Problem], answers: Mapping[str, Any]) -> list[Problem]:
        """The problems that nobody has lifted; what may be lifted carries the mark of its value."""
        return [one for problem in problems for one in self._left(problem, answers)]

    def _left(self, problem: Problem, answers: Mapping[str, Any]) -> Iterator[Problem]:
        if problem.code not in MAY_BE_MEANT:
            yield problem
            return
        of = mark(problem.code, problem.path, answers)
        if self._said & {(problem.code, problem.pointer, said) for said in (of, "")}:
            self.used.append({"code": problem.code, "pointer": problem.pointer, MARK: of})
        else:
            yield replace(problem, params={**problem.params, MARK: of})


def is_well_formed(given: Any) -> bool:
    """Whether the entries have the shape of `SCHEMA`."""
    return (
        isinstance(given, list)
        and len(given) <= MOST
        and all(isinstance(one, dict) and set(one) - {MARK} == {"code", "pointer"} for one in given)
        and all(isinstance(text, str) for one in given for text in one.values())
    )


def from_form(fields: Iterable[str]) -> list[dict[str, str]]:
    """Entries from the checkboxes of a page, whose values are `<code> <pointer> <mark>`."""
    entries = []
    for field in fields:
        code, _space, rest = field.partition(" ")
        pointer, _space, of = rest.partition(" ")
        entries.append({"code": code, "pointer": pointer, MARK: of} if of else {"code": code, "pointer": pointer})
    return entries[:MOST]


def without_marks(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the record may say: which problem and where."""
    entries: list[dict[str, str]] = answers.get(KEY) or []
    return [{"code": one["code"], "pointer": one["pointer"]} for one in entries]


def places(answers: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(code, name of the HTML field, mark) of everything insisted on in these answers."""
    given: Any = answers.get(KEY)
    for one in given if is_well_formed(given) else ():
        yield one["code"], one["pointer"].strip("/").replace("/", "."), one.get(MARK, "")
