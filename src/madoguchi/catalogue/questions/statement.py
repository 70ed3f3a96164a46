"""Texts in the form: a declaration (誓約) that must be agreed to, and information that asks nothing."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from ..problems import Refused
from .base import Answer, Question, Schema, Words


class Declaration(Question):
    """A statement the applicant makes; only agreement can be submitted."""

    control: ClassVar[str] = "declaration"
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

    def texts(self) -> dict[str, str]:
        return {**super().texts(), "text": self.text}


class Information(Question):
    """A text between questions."""

    control: ClassVar[str] = "information"
    type: Literal["information"]
    text: str = Field(min_length=1, max_length=2000)
    required: bool = False

    def texts(self) -> dict[str, str]:
        return {**super().texts(), "text": self.text}
