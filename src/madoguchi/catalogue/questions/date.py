"""A day, typed as year, month and day with the Western year or a Japanese era; stored as `YYYY-MM-DD`."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from madoguchi.foundation import dates, text

from ..problems import Path, Problem, Refused
from .base import Answer, FormData, Question, Schema, Words

PARTS = ("era", "year", "month", "day")
WESTERN = "西暦"
MAX_WRITTEN = 40
WRITTEN = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
DIGITS = re.compile(r"[0-9]{1,4}")


def read_parts(form: FormData, name: str) -> dict[str, str] | None:
    """The four fields as typed; None when year, month and day are all empty."""
    parts = {part: (form.get(f"{name}.{part}") or "").strip() for part in PARTS}
    return parts if any(parts[part] for part in PARTS[1:]) else None


def cleaned_date(value: Answer) -> str | None:
    """The day in ISO form, from ISO text or from the four fields. Raises Refused."""
    if isinstance(value, Mapping):
        return _from_parts(value)
    if not isinstance(value, str):
        raise Refused("wrong-type", expected="date")
    if not (written := text.narrow(value[:MAX_WRITTEN]).strip().replace("/", "-")):
        return None
    found = WRITTEN.fullmatch(written)
    if found is None or len(value) > MAX_WRITTEN:
        raise Refused("not-a-date")
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError as fault:
        raise Refused("no-such-day") from fault


def _from_parts(parts: Mapping[str, Any]) -> str:
    numbers = {}
    for part in PARTS[1:]:
        numbers[part] = _number(part, parts.get(part))
    era = parts.get("era") or WESTERN
    try:
        if era == WESTERN:
            return date(numbers["year"], numbers["month"], numbers["day"]).isoformat()
        return dates.from_era(era, numbers["year"], numbers["month"], numbers["day"]).isoformat()
    except (dates.DateRefused, ValueError) as refused:
        raise Refused(getattr(refused, "code", "no-such-day"), sub=("year",)) from refused


def _number(part: str, given: Answer) -> int:
    written = text.narrow(given[:MAX_WRITTEN]).strip() if isinstance(given, str) else ""
    if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 10_000:
        written = str(given)
    if part == "year" and written == "元":
        return 1
    if given in (None, "") or (isinstance(given, str) and not written):
        raise Refused(f"no-{part}", sub=(part,))
    if not DIGITS.fullmatch(written):
        raise Refused("not-a-date", sub=(part,))
    return int(written)


class Date(Question):
    """A day. Limits are ISO days or `today` (the day of submission)."""

    control: ClassVar[str] = "date"
    type: Literal["date"]
    not_before: str = Field("", pattern=r"^(today|\d{4}-\d{2}-\d{2})?$")
    not_after: str = Field("", pattern=r"^(today|\d{4}-\d{2}-\d{2})?$")

    def schema(self) -> Schema:  # type: ignore[override]
        return {"type": "string", "format": "date"}

    def read(self, form: FormData, name: str) -> Answer | None:
        return read_parts(form, name)

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_date(value)

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        earliest, latest = _limit(self.not_before), _limit(self.not_after)
        if earliest and value < earliest:
            yield Problem(path, "too-early", {"limit": date.fromisoformat(earliest)})
        if latest and value > latest:
            yield Problem(path, "too-late", {"limit": date.fromisoformat(latest)})

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return date_fields(value)

    def show(self, value: Answer, words: Words) -> str:
        return dates.format_date(date.fromisoformat(value), words.language)


def _limit(written: str) -> str:
    return date.today().isoformat() if written == "today" else written


def date_fields(value: Answer) -> Mapping[str, Any]:
    """A stored or half-typed day as its four fields."""
    if isinstance(value, Mapping):
        return {part: value.get(part, "") for part in PARTS}
    try:
        day = date.fromisoformat(value or "")
    except (TypeError, ValueError):
        return {"era": WESTERN, "year": value or "", "month": "", "day": ""}
    return {"era": WESTERN, "year": str(day.year), "month": str(day.month), "day": str(day.day)}
