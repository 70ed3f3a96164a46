"""One of several, several of several, and yes or no."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any, ClassVar, Literal

from pydantic import Field

from madoguchi.foundation.folding import fold
from madoguchi.foundation.messages import marked

from ...problems import Refused
from ..base import Answer, Finding, FormData, Option, Question, Schema, Words
from ..drawing import CHECKBOXES, RADIOS, SELECT, Control, FormField, OptionField, Pen
from ..telling import Landmarks

MOST_BUTTONS = 7
FEW_OPTIONS = 5


class _WithOptions(Question):
    options: tuple[Option, ...] = Field(min_length=2)

    def choices(self) -> tuple[Option, ...]:
        return self.options

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of the options."""
        return frozenset(option.id for option in self.options)

    def label_of(self, code: str, words: Words) -> str:
        """An option in the reader's language."""
        label = next((option.label for option in self.options if option.id == code), code)
        return words.text(f"options.{code}", label)

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.options = [
            OptionField(
                option.id,
                words.text(f"options.{option.id}", option.label),
                words.text(f"option_help.{option.id}", option.help),
            )
            for option in self.options
        ]

    def texts(self) -> dict[str, str]:
        found = super().texts()
        for option in self.options:
            found[f"options.{option.id}"] = option.label
            if option.help:
                found[f"option_help.{option.id}"] = option.help
        return found

    def possible(self, inside: Sequence[str]) -> list[str] | None:
        return None if inside else [option.id for option in self.options]

    def _code_of(self, text: str) -> str:
        """The code of an option that a list names by its label; what is none stays as it is written."""
        wanted = fold(text)
        return next((one.id for one in self.options if wanted in (fold(one.label), one.id)), text)


class Choice(_WithOptions):
    """Exactly one option; radio buttons, or a list when there are more than seven."""

    control: ClassVar[Control] = RADIOS
    type: Literal["choice"]

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "enum": [option.id for option in self.options]}

    def clean(self, value: Answer) -> Answer | None:
        if not isinstance(value, str):
            raise Refused("wrong-type", expected="text")
        if value and value not in self.codes:
            raise Refused("not-an-option")
        return value or None

    def from_cells(self, whole: str, parts: Mapping[str, str]) -> Answer:
        return self._code_of(whole)

    def show(self, value: Answer, words: Words) -> str:
        return self.label_of(value, words)

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        super().draw(field, value, words, pen)
        field.control = SELECT if len(self.options) > MOST_BUTTONS else RADIOS

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        return [option.id for option in self.options]


class Choices(_WithOptions):
    """Between `min` and `max` of the options."""

    control: ClassVar[Control] = CHECKBOXES
    empty: ClassVar[Answer] = []
    type: Literal["choices"]
    min: int = 1
    max: int | None = None

    def schema(self) -> Schema:  # type: ignore[override]
        codes = [option.id for option in self.options]
        schema: Schema = {"type": "array", "items": {"type": "string", "enum": codes}, "uniqueItems": True}
        return {**schema, "minItems": max(self.min, 1), "maxItems": self.max or len(codes)}

    def read(self, form: FormData, name: str) -> Answer | None:
        return form.getlist(name) or None

    def clean(self, value: Answer) -> Answer | None:
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            raise Refused("wrong-type", expected="list")
        if len(value) > 2 * len(self.options):
            raise Refused("too-many", limit=self.max or len(self.options))
        if not self.codes.issuperset(value):
            raise Refused("not-an-option")
        return value or None

    def from_cells(self, whole: str, parts: Mapping[str, str]) -> Answer:
        return [self._code_of(one) for one in re.split("[、，,;；・\\n]", whole) if one.strip()]

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return {"": value if isinstance(value, list) else []}

    def show(self, value: Answer, words: Words) -> str:
        separator = ", " if words.language == "en" else "、"
        return separator.join(self.label_of(code, words) for code in value)

    def faults(self) -> Iterator[Finding]:
        most = len(self.options) if self.max is None else self.max
        if self.min > min(most, len(self.options)) or most > len(self.options) or most < 1:
            sentence = f"of {len(self.options)} options {self.min} to {most} are to be chosen"
            yield "max", sentence, "correct min and max."

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        codes = [option.id for option in self.options]
        low, high = max(self.min, 1), self.max or len(codes)
        every = range(low, min(high, len(codes)) + 1)
        if len(codes) <= FEW_OPTIONS:
            return [list(chosen) for size in every for chosen in combinations(codes, size)]
        named = [code for code in codes if code in marks.strings]
        chosen = [[code] for code in codes]
        chosen += [codes[:size] for size in every]
        chosen += [[code for code in codes if code != without] for without in named]
        return [one for one in chosen if low <= len(one) <= high]


class YesNo(Question):
    """はい or いいえ."""

    control: ClassVar[Control] = RADIOS
    empty: ClassVar[Answer] = False
    type: Literal["yes-no"]

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "boolean"}

    def choices(self) -> tuple[Option, ...]:
        return (Option(id="yes", label="はい"), Option(id="no", label="いいえ"))

    def clean(self, value: Answer) -> Answer | None:
        if value in ("yes", "no"):
            return value == "yes"
        if value == "":
            return None
        if not isinstance(value, bool):
            raise Refused("wrong-type", expected="yes-no")
        return value

    def from_cells(self, whole: str, parts: Mapping[str, str]) -> Answer:
        return {"はい": True, "有": True, "○": True, "いいえ": False, "無": False, "×": False}.get(whole.strip(), whole)

    def fields(self, value: Answer) -> Mapping[str, Any]:
        if isinstance(value, bool):
            return {"": "yes" if value else "no"}
        return {"": value if isinstance(value, str) else ""}

    def show(self, value: Answer, words: Words) -> str:
        yes, no = {"en": ("Yes", "No")}.get(words.language, ("はい", "いいえ"))
        return yes if value else no

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.options = [OptionField("yes", pen.say(marked("はい"))), OptionField("no", pen.say(marked("いいえ")))]

    def possible(self, inside: Sequence[str]) -> list[str] | None:
        return None if inside else []

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        return [True, False]
