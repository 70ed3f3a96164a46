"""The number under which something stands in a register (許可番号など), as its paper prints it."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from ..base import Answer, Question, Schema, cleaned_code

LONGEST = 40


class Holding(Question):
    """A number of a register, half-width. Whether the register has it the desk tells: filing never waits for it."""

    attrs: ClassVar[Mapping[str, str]] = {"autocomplete": "off"}
    type: Literal["holding"]

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "minLength": 1, "maxLength": LONGEST}

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_code(value, maximum=LONGEST)
