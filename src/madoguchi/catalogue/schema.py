"""Errors of the JSON Schema validator in our words."""

from collections.abc import Iterator
from typing import Any

from .problems import Problem

CODES = {
    "required": "missing",
    "minLength": "missing",
    "maxLength": "too-long",
    "minimum": "too-small",
    "maximum": "too-large",
    "enum": "not-an-option",
    "const": "not-agreed",
    "minItems": "too-few",
    "maxItems": "too-many",
    "uniqueItems": "repeated",
    "additionalProperties": "unknown-part",
    "type": "wrong-type",
}


def from_schema(error: Any) -> Iterator[Problem]:
    """A schema validator's error in our words; for `oneOf` (a party) the branch with the right kind speaks."""
    keyword, path = error.kind.name, tuple(error.instance_path)
    if keyword == "oneOf" and getattr(error.kind, "context", None):
        for inner in min(error.kind.context, key=_strangeness):
            yield from from_schema(inner)
        return
    if keyword == "required":
        path = (*path, error.kind.property)
    if keyword == "additionalProperties":
        path = (*path, error.kind.unexpected[0])
    yield Problem(path, CODES.get(keyword, "wrong-form"), {"limit": getattr(error.kind, "limit", None)})


def _strangeness(branch: list[Any]) -> tuple[bool, int]:
    return any(error.kind.name == "const" for error in branch), len(branch)
