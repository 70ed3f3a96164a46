"""A repeating group: officers of a company, vehicles, animals. Each row answers the same questions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from ...problems import Path, Problem, Refused
from ..base import Answer, Finding, FormData, Question, Schema, Words, answers_to, least_first
from ..drawing import Control, FormField, Pen
from ..telling import MOST_SHAPES, Landmarks, counts

if TYPE_CHECKING:
    from .. import AnyQuestion
MAX_ROWS = 100
MOST_MIXED = 20
INDEX = re.compile("[0-9]{1,3}")


class Group(Question):
    """Between `min_rows` and `max_rows` rows of `questions` (no group inside a group)."""

    control: ClassVar[Control] = Control("questions/group/control.html", "set")
    empty: ClassVar[Answer] = []
    type: Literal["group"]
    row_label: str = Field(min_length=1, max_length=40, description="What one row is, e.g. 役員.")
    min_rows: int = Field(1, ge=0, le=MAX_ROWS)
    max_rows: int = Field(20, ge=1, le=MAX_ROWS)
    questions: "tuple[AnyQuestion, ...]" = Field(min_length=1)

    @property
    def rows(self) -> "Group":
        return self

    def schema(self) -> Schema:  # type: ignore[override]
        properties = {question.id: question.schema() for question in self.questions}
        needed = [question.id for question in self.questions if question.required and not question.when]
        row = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
        return {"type": "array", "items": row, "minItems": max(self.min_rows, 1), "maxItems": self.max_rows}

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """The questions of a row that can have an answer, by id."""
        return {question.id: question for question in self.questions if question.asks}

    def rows_in(self, form: FormData, name: str) -> int:
        """How many rows the form carries (the highest index typed, at most MAX_ROWS)."""
        prefix = f"{name}."
        indexes = [key[len(prefix) :].split(".")[0] for key in form.keys() if key.startswith(prefix)]  # noqa: SIM118
        return min(max((int(index) + 1 for index in indexes if INDEX.fullmatch(index)), default=0), MAX_ROWS)

    def read(self, form: FormData, name: str) -> Answer | None:
        rows = []
        for index in range(self.rows_in(form, name)):
            read = {question.id: question.read(form, f"{name}.{index}.{question.id}") for question in self.questions}
            rows.append({key: value for key, value in read.items() if value is not None})
        return [row for row in rows if row] or None

    def clean(self, value: Answer) -> Answer | None:
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise Refused("wrong-type", expected="list")
        if len(value) > self.max_rows:
            raise Refused("too-many-rows", limit=self.max_rows)
        return value or None

    def in_rules(self, value: Answer | None) -> Answer:
        return [self.row_in_rules(row) for row in value or ()]

    def row_in_rules(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One row as CEL reads it."""
        return {question.id: question.in_rules(row.get(question.id)) for question in self.questions}

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        for index, row in enumerate(value):
            for key, answer in row.items():
                yield from self.by_id[key].examine(answer, (*path, index, key))

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return {"": value if isinstance(value, list) else []}

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.text = words.text("row_label", self.row_label)
        given = field.value
        count = max(len(given), self.min_rows, 1)
        rows = [given[index] if index < len(given) else {} for index in range(count)]
        meaning = [*pen.meaning.get(self.id, ()), *({} for _missing in rows)]
        field.rows = [
            self._row(f"{field.name}.{index}", row if isinstance(row, Mapping) else {}, meaning[index], words, pen)
            for index, row in enumerate(rows)
        ]

    def _row(self, name: str, row: Mapping[str, Any], meaning: Answer, words: Words, pen: Pen) -> list[FormField]:
        context = self.row_in_rules(meaning)
        return [
            pen.field(one, f"{name}.{one.id}", row.get(one.id), words.of(f"rows.{one.id}"), context)
            for one in self.questions
        ]

    def show(self, value: Answer, words: Words) -> str:
        return f"{len(value)}"

    def texts(self) -> dict[str, str]:
        found = {**super().texts(), "row_label": self.row_label}
        for question in self.questions:
            found.update({f"rows.{question.id}.{key}": text for key, text in question.texts().items()})
        return found

    def secret(self, inside: Sequence[str]) -> str:
        return "all that its rows hold"

    def faults(self) -> Iterator[Finding]:
        yield from least_first(self, "min_rows", "max_rows")
        if self.required and self.min_rows == 0:
            yield "min_rows", "may have no rows, yet is required", "write required: false, or min_rows: 1."

    def parts(self) -> set[tuple[str, ...]]:
        inner = {(name, *part) for name, one in self.by_id.items() for part in one.parts()}
        return inner | {(name,) for name in self.by_id}

    def possible(self, inside: Sequence[str]) -> list[str] | None:
        inner = self.by_id.get(inside[0]) if inside else None
        return inner.possible(inside[1:]) if inner else None

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        inner, read = marks.inside(self.id), {path[0] for path in marks.parts_of(self.id)}
        columns = [answers_to(one, inner) if name in read else [None] for name, one in self.by_id.items()]
        shapes = [
            {name: value for name, value in zip(self.by_id, chosen, strict=True) if value is not None}
            for chosen in islice(product(*columns), MOST_SHAPES)
        ]
        least = max(self.min_rows, 1)
        alike = [[shape] * least for shape in shapes[1:]]
        mixed = (shapes * least)[: min(self.max_rows, MOST_MIXED)]
        return [[shapes[0]] * count for count in counts(marks, least, self.max_rows)] + alike + [mixed]
