"""A reading in katakana; half-width kana and hiragana are accepted and turned into katakana."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from madoguchi.foundation import text
from madoguchi.foundation.messages import marked

from ...problems import Refused
from ..base import Answer, Question, Schema, cleaned_text


def cleaned_kana(value: Answer, maximum: int) -> str | None:
    """The reading in full-width katakana. Raises Refused("not-kana")."""
    cleaned = cleaned_text(value, maximum=maximum)
    if cleaned is None:
        return None
    cleaned = text.katakana(cleaned)
    if not text.is_katakana(cleaned):
        raise Refused("not-kana")
    return cleaned


class Kana(Question):
    """フリガナ."""

    is_name: ClassVar[bool] = True
    sentences: ClassVar[Mapping[str, str]] = {"not-kana": marked("カタカナで入力してください。例：ミナトノ タロウ")}
    type: Literal["kana"]
    max: int = Field(100, ge=1, le=200)

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "minLength": 1, "maxLength": self.max}

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_kana(value, self.max)
