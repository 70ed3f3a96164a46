"""Numbers and amounts of money; full-width digits and thousands separators are accepted."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from madoguchi.foundation.messages import marked
from madoguchi.foundation.money import yen
from madoguchi.foundation.numbers import NumberRefused, read_number, read_yen, with_unit

from ...problems import Refused
from ..base import Answer, Finding, Question, Schema, Words, least_first
from ..drawing import FormField, Pen
from ..telling import Landmarks

DIGITS = 15  # what a double holds exactly


def parsed(value: Answer, decimals: int, read: Callable[[str], Decimal | None] = read_number) -> Answer | None:
    """A number as typed or as JSON. Raises Refused when it is none, or has more decimals than asked."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Refused("wrong-type", expected="number")
    try:
        number = read(_written(value))
    except NumberRefused as refused:
        raise Refused("not-a-number") from refused
    if number is None:
        return None
    if abs(number) >= 10 ** (DIGITS - decimals):
        raise Refused("not-a-number")
    if number != round(number, decimals):
        raise Refused("too-many-decimals" if decimals else "not-whole", decimals=decimals)
    return int(number) if decimals == 0 else float(number) + 0.0  # no negative zero


def _written(value: str | int | float) -> str:
    if isinstance(value, int):  # Python will not write out an endless number
        return str(value) if abs(value) < 10**DIGITS else "endless"
    return str(value)


class Number(Question):
    """A number with its unit; `decimals` digits after the point."""

    empty: ClassVar[Answer] = 0
    sentences: ClassVar[Mapping[str, str]] = {
        "not-a-number": marked(
            "数字で入力してください。使えるのは、数字、小数点、3桁ごとの区切りのコンマだけです。例：120、1,200、52.5"
        ),
        "not-whole": marked("小数のない数字で入力してください。例：120、1,200"),
        "too-many-decimals": marked("小数点以下は%(decimals)s桁までで入力してください。"),
    }
    type: Literal["number"]
    min: float | None = None
    max: float | None = None
    decimals: int = Field(0, ge=0, le=4)
    unit: str = ""

    def schema(self) -> Schema:  # type: ignore[override]
        schema: Schema = {"type": "number" if self.decimals else "integer"}
        if self.min is not None:
            schema["minimum"] = self.min
        if self.max is not None:
            schema["maximum"] = self.max
        return schema

    def clean(self, value: Answer) -> Answer | None:
        return parsed(value, self.decimals)

    def in_rules(self, value: Answer | None) -> Answer:
        # CEL does not mix whole and decimal numbers, so the blank has the kind of the answers.
        return (0.0 if self.decimals else 0) if value is None else value

    def show(self, value: Answer, words: Words) -> str:
        return with_unit(f"{value:,}", words.text("unit", self.unit))

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.unit = words.text("unit", self.unit)
        field.attrs = {"inputmode": "decimal" if self.decimals else "numeric"}

    def texts(self) -> dict[str, str]:
        return {**super().texts(), **({"unit": self.unit} if self.unit else {})}

    def faults(self) -> Iterator[Finding]:
        return least_first(self, "min", "max")

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        return numbers(marks, self.min, self.max, self.decimals)


class Money(Question):
    """An amount in yen."""

    empty: ClassVar[Answer] = 0
    attrs: ClassVar[Mapping[str, str]] = {"inputmode": "numeric"}
    type: Literal["money"]
    min: int = 0
    max: int = 1_000_000_000_000

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "integer", "minimum": self.min, "maximum": self.max}

    def clean(self, value: Answer) -> Answer | None:
        return parsed(value, 0, read_yen)

    def show(self, value: Answer, words: Words) -> str:
        return yen(value, words.language)

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.unit = pen.say(marked("円"))

    def faults(self) -> Iterator[Finding]:
        return least_first(self, "min", "max")

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        return numbers(marks, self.min, self.max, 0)


def numbers(marks: Landmarks, least: float | None, most: float | None, decimals: int) -> list[Answer]:
    """Numbers at which an expression can change its mind: the limits, those it names, and their neighbours."""
    bound = 10 ** (DIGITS - decimals) - 1
    low = -bound if least is None else least
    high = bound if most is None else most
    steps = {-1, 0, 1, *({10.0**-decimals, -(10.0**-decimals)} if decimals else ())}
    near = {number + step for number in marks.numbers for step in steps}
    found = sorted(number for number in {low, high, low + 1, -1, 0, 1, 2, *near} if low <= number <= high)
    shaped = (round(float(number), decimals) if decimals else int(number) for number in found)
    return list(dict.fromkeys(shaped))
