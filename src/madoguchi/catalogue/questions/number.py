"""Numbers and amounts of money; full-width digits and thousands separators are accepted."""

import re
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from madoguchi.foundation import text
from madoguchi.foundation.money import yen

from ..problems import Refused
from .base import Answer, Question, Schema, Words

WRITTEN = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


def parsed(value: Answer, decimals: int) -> int | float | None:
    """A number as typed or as JSON. Raises Refused when it is none, or has more decimals than asked."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Refused("wrong-type", expected="number")
    written = text.narrow(str(value)).replace(",", "").replace(" ", "").strip()
    if not written:
        return None
    if not WRITTEN.fullmatch(written):
        raise Refused("not-a-number")
    number = Decimal(written)
    if number != round(number, decimals):
        raise Refused("too-many-decimals" if decimals else "not-whole", decimals=decimals)
    return int(number) if decimals == 0 else float(number)


class Number(Question):
    """A number with its unit; `decimals` digits after the point."""

    control: ClassVar[str] = "text"
    empty: ClassVar[Answer] = 0
    type: Literal["number"]
    min: float | None = None
    max: float | None = None
    decimals: int = Field(0, ge=0, le=4)
    unit: str = ""

    def schema(self) -> Schema:
        schema: Schema = {"type": "number" if self.decimals else "integer"}
        if self.min is not None:
            schema["minimum"] = self.min
        if self.max is not None:
            schema["maximum"] = self.max
        return schema

    def clean(self, value: Answer) -> Answer | None:
        return parsed(value, self.decimals)

    def show(self, value: Answer, words: Words) -> str:
        return f"{value:,}{words.text('unit', self.unit)}"

    def texts(self) -> dict[str, str]:
        return {**super().texts(), **({"unit": self.unit} if self.unit else {})}


class Money(Question):
    """An amount in yen."""

    control: ClassVar[str] = "text"
    empty: ClassVar[Answer] = 0
    type: Literal["money"]
    min: int = 0
    max: int = 1_000_000_000_000
    unit: ClassVar[str] = "円"

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.min, "maximum": self.max}

    def clean(self, value: Answer) -> Answer | None:
        if isinstance(value, str):
            value = re.sub(r"[円¥￥\\]", "", value)
        return parsed(value, 0)

    def show(self, value: Answer, words: Words) -> str:
        return yen(value, words.language)
