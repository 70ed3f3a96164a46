"""A line of text (屋号, 氏名 and so on): kept exactly as written, 髙 﨑 𠮷 and variation selectors included."""

import re
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from madoguchi.foundation import text

from ...problems import Refused
from ..base import Answer, Finding, Question, Schema, cleaned_text
from ..telling import Landmarks, texts


class Text(Question):
    """One line. `pattern` is a regular expression over the whole value, `pattern_text` says it in words."""

    is_name: ClassVar[bool] = True
    type: Literal["text"]
    max: int = Field(100, ge=1, le=500)
    pattern: str = ""
    pattern_text: str = ""

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "minLength": 1, "maxLength": self.max}

    def clean(self, value: Answer) -> Answer | None:
        value = cleaned_text(self._as_code(value) if self.pattern else value, maximum=self.max)
        if value and self.pattern and not re.fullmatch(self.pattern, value):
            raise Refused("wrong-form", form=self.pattern_text)
        return value

    def _as_code(self, value: Answer) -> Answer:
        # A number of a permit in full-width digits, or pasted with invisible marks; a name that fits stays as it is.
        if not isinstance(value, str) or len(value) > 4 * self.max or re.fullmatch(self.pattern, value):
            return value
        code = text.as_code(value)
        return code if re.fullmatch(self.pattern, code) else value

    def texts(self) -> dict[str, str]:
        return {**super().texts(), **({"pattern_text": self.pattern_text} if self.pattern_text else {})}

    def faults(self) -> Iterator[Finding]:
        try:
            re.compile(self.pattern)
        except re.error as fault:
            yield "pattern", f"not a regular expression: {fault}", "correct the pattern."
        if self.pattern and not self.pattern_text:
            yield (
                "pattern",
                "a pattern that is not put into words",
                "add pattern_text, which says the form and an example.",
            )

    @property
    def is_patterned(self) -> bool:
        return bool(self.pattern)

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        found = list(texts(marks, self.max))
        return [text for text in found if re.fullmatch(self.pattern, text)] if self.pattern else found
