"""Several lines of text."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from ..base import Answer, Question, Schema, cleaned_text
from ..drawing import Control


class LongText(Question):
    """Free text up to `max` characters; line breaks are kept."""

    control: ClassVar[Control] = Control("questions/long_text/control.html")
    attrs: ClassVar[Mapping[str, str]] = {"rows": "5"}
    type: Literal["long-text"]
    max: int = Field(1000, ge=1, le=10_000)

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "minLength": 1, "maxLength": self.max}

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_text(value, multiline=True, maximum=self.max)
