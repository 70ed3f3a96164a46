"""A Japanese address; prefecture and town are filled from the postal code as far as its places agree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from madoguchi.foundation.messages import marked

from ...problems import Path, Problem
from ..base import Answer, FormData, Question, Schema, Words
from ..drawing import PARTS, Control, FormField, Pen
from ..personal import of_a_person
from ..telling import Landmarks, texts, with_parts
from .drawing import LABELS, draw_address
from .reading import (
    BLANK,
    LIMITS,
    address_schema,
    cleaned_address,
    examine_address,
    read_address,
    shown_address,
    split_address,
    written_address,
)

__all__ = [
    "BLANK", "LIMITS", "SOMEWHERE", "Address", "address_schema", "cleaned_address", "examine_address", "read_address",
    "shown_address", "split_address", "written_address",
]  # fmt: skip

SOMEWHERE = {"postal_code": "100-0001", "prefecture": "東京都", "town": "乙", "street": "1"}
"""An address to try rules with."""


class Address(Question):
    """郵便番号 and 住所 in five fields."""

    is_name: ClassVar[bool] = True
    control: ClassVar[Control] = PARTS
    empty: ClassVar[Answer] = BLANK
    sentences: ClassVar[Mapping[str, str]] = {
        "not-a-postal-code": marked("郵便番号を7桁の数字で入力してください。例：231-0005"),
        "unknown-postal-code": marked("使われていない郵便番号です。番号を確かめてください。"),
        "not-a-prefecture": marked("都道府県を一覧から選んでください。例：東京都"),
        "prefecture-elsewhere": marked("この郵便番号は%(place)sのものです。郵便番号か都道府県を確かめてください。"),
        "town-elsewhere": marked("この郵便番号は%(place)sのものです。郵便番号か市区町村を確かめてください。"),
    }
    type: Literal["address"]

    def schema(self) -> Schema:  # type: ignore[override]
        return address_schema()

    def read(self, form: FormData, name: str) -> Answer | None:
        return read_address(form, name)

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_address(value)

    def cell_parts(self) -> Mapping[str, str]:
        return LABELS

    def from_cells(self, whole: str, parts: Mapping[str, str]) -> Answer:
        return split_address(whole) | {part: text for part, text in parts.items() if text}

    def free_texts(self, value: Answer, path: Path) -> Iterator[tuple[Path, str]]:
        return written_address(value, path)

    def in_rules(self, value: Answer | None) -> Answer:
        return {**BLANK, **(value or {})}

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        return examine_address(value, path)

    def fields(self, value: Answer) -> Mapping[str, Any]:
        given = value if isinstance(value, Mapping) else {}
        return {part: given.get(part, "") for part in LIMITS}

    def show(self, value: Answer, words: Words) -> str:
        return shown_address(value)

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.children = draw_address(field.name, value, self.required, pen)

    def secret(self, inside: Sequence[str]) -> str:
        return of_a_person(self.label)

    def parts(self) -> set[tuple[str, ...]]:
        return {(part,) for part in LIMITS}

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        values = {path: list(texts(marks, 254)) for path in sorted(marks.parts_of(self.id))}
        return list(with_parts(SOMEWHERE, values))
