"""Texts in the form: a declaration (誓約) that must be agreed to, and information that asks nothing."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from ...problems import Refused
from ..base import Answer, Finding, Question, Schema, Words
from ..drawing import Control, FormField, Pen
from ..telling import Landmarks

LONGEST = 600
"""Characters that a person can be said to have read before agreeing: about a minute."""


class Declaration(Question):
    """A statement the applicant makes; only agreement can be submitted."""

    is_declared: ClassVar[bool] = True
    control: ClassVar[Control] = Control("questions/statement/declaration.html", "set")
    empty: ClassVar[Answer] = False
    type: Literal["declaration"]
    text: str = Field(min_length=1, max_length=2000)

    def schema(self) -> Schema:  # type: ignore[override]
        return {"const": True}

    def clean(self, value: Answer) -> Answer | None:
        if value in ("yes", "on", "true"):
            return True
        if value in ("", False, None):
            return None
        if value is not True:
            raise Refused("wrong-type", expected="true")
        return value

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return {"": "yes" if value in (True, "yes") else ""}

    def show(self, value: Answer, words: Words) -> str:
        return "Agreed" if words.language == "en" else "はい、誓約します"

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.text = words.text("text", self.text)

    def texts(self) -> dict[str, str]:
        return {**super().texts(), "text": self.text}

    def faults(self) -> Iterator[Finding]:
        if len(self.text) > LONGEST:
            sentence = f"the statement has {len(self.text)} characters, more than a person reads before agreeing"
            yield "text", sentence, f"keep it under {LONGEST}: one declaration for each thing that is declared."

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        return [True]


class Information(Question):
    """A text between questions."""

    asks: ClassVar[bool] = False
    control: ClassVar[Control] = Control("questions/statement/information.html", "alone")
    type: Literal["information"]
    text: str = Field(min_length=1, max_length=2000)
    required: bool = False

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.text = words.text("text", self.text)

    def texts(self) -> dict[str, str]:
        return {**super().texts(), "text": self.text}
