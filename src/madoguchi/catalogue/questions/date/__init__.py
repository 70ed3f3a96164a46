"""A day, typed as year, month and day with the Western year or a Japanese era; stored as `YYYY-MM-DD`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from madoguchi.foundation import dates
from madoguchi.foundation.messages import marked

from ...problems import Path, Problem
from ..base import Answer, Finding, FormData, Question, Schema, Words, least_first
from ..drawing import Control, FormField, Pen
from ..personal import of_a_person
from ..telling import Landmarks, days
from .drawing import DAY, draw_date
from .reading import as_in_lists, cleaned_date, date_fields, examine_birth, examined, read_parts, written_day

__all__ = [
    "Date",
    "as_in_lists",
    "cleaned_date",
    "date_fields",
    "examine_birth",
    "examined",
    "read_parts",
    "written_day",
]


class Date(Question):
    """A day. Limits are ISO days or `today` (the day of submission)."""

    control: ClassVar[Control] = DAY
    sentences: ClassVar[Mapping[str, str]] = {
        "no-year": marked("年を入力してください。"),
        "no-month": marked("月を入力してください。"),
        "no-day": marked("日を入力してください。"),
        "not-a-date": marked("年・月・日を数字で入力してください。例：2026年4月1日"),
        "no-such-day": marked("暦にない日です。年・月・日を確かめてください。"),
        "unclear-year": marked(
            "元号を選んで元号の年を入力するか、西暦の年を4桁で入力してください。例：平成8年、1996年"
        ),
        "no-such-era": marked("元号を選ぶか、西暦の年を4桁で入力してください。"),
        "not-in-era": marked(
            "その元号にない日です。%(right)sのことでしたら、「%(era)s」を選び、年に%(year)sと入力してください。"
        ),
        "too-early": marked("%(limit)s以後の日を入力してください。"),
        "too-late": marked("%(limit)s以前の日を入力してください。"),
    }
    type: Literal["date"]
    not_before: str = Field("", pattern=r"^(today|\d{4}-\d{2}-\d{2})?$")
    not_after: str = Field("", pattern=r"^(today|\d{4}-\d{2}-\d{2})?$")

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "format": "date"}

    def read(self, form: FormData, name: str) -> Answer | None:
        return read_parts(form, name)

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_date(value)

    def from_cells(self, whole: str, parts: Mapping[str, str]) -> Answer:
        return as_in_lists(whole)

    def limits(self) -> tuple[date, date]:
        """The earliest and the latest day that is accepted."""
        return _limit(self.not_before) or dates.EARLIEST, _limit(self.not_after) or dates.latest(dates.today())

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        return examined(value, path, *self.limits())

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return date_fields(value)

    def written(self, typed: Answer, words: Words) -> str:
        return written_day(typed, words)

    def show(self, value: Answer, words: Words) -> str:
        return dates.format_date(date.fromisoformat(value), words.language)

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        field.children = draw_date(field.name, value, pen)

    def secret(self, inside: Sequence[str]) -> str:
        return of_a_person(self.label)

    def faults(self) -> Iterator[Finding]:
        if self.not_before and self.not_after and "today" not in (self.not_before, self.not_after):
            yield from least_first(self, "not_before", "not_after")

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        earliest, latest = _limit(self.not_before), _limit(self.not_after)
        found = days(marks, [day for day in (earliest, latest) if day])
        return [day.isoformat() for day in found if (earliest or day) <= day <= (latest or day)]


def _limit(written: str) -> date | None:
    if not written:
        return None
    return dates.today() if written == "today" else date.fromisoformat(written)
