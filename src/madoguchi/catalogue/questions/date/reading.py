"""A day as people type it: in four fields or in one text, by the Western year or a Japanese era."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from madoguchi.foundation import dates, text

from ...problems import Path, Problem, Refused
from ..base import Answer, FormData, Words

PARTS = ("era", "year", "month", "day")
WESTERN = "西暦"
MAX_WRITTEN = 40
SPELLED = re.compile(
    rf"({'|'.join(era.name for era in dates.ERAS)}|{WESTERN})? ?([0-9]{{1,4}}|元)年 ?([0-9]{{1,2}})月 ?([0-9]{{1,2}})日"
    r"|()([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"
)
"""A day in one text, as programs send it: 令和8年4月1日, 2026年4月1日, 2026-04-01, 2026/4/1."""
DIGITS = re.compile(r"[0-9]{1,4}")
OLDEST = 130
"""Years that no living person has reached (122 is the longest life on record)."""


def read_parts(form: FormData, name: str) -> dict[str, str] | None:
    """The four fields as typed; None when nothing is seen in year, month and day."""
    parts = {part: str(form.get(f"{name}.{part}") or "") for part in PARTS}
    return None if all(text.is_blank(parts[part]) for part in PARTS[1:]) else parts


def cleaned_date(value: Answer) -> str | None:
    """The day in ISO form, from one text (`SPELLED`) or from the four fields. Raises Refused."""
    if isinstance(value, Mapping):
        return _from_parts(value)
    if not isinstance(value, str):
        raise Refused("wrong-type", expected="date")
    if text.is_blank(value):
        return None
    if not (parts := spelled(value)):
        raise Refused("not-a-date")
    try:
        return _from_parts(parts)
    except Refused as refused:
        refused.sub = ()  # one text has no field of its own for the year
        raise


_SHORT = re.compile(r"([MTSHR明大昭平令])[治正和成]?[.]?(元|[0-9]{1,2})[./年-]([0-9]{1,2})[./月-]([0-9]{1,2})日?")
_KEYS = zip(dates.ERAS, ("R令", "H平", "S昭", "T大", "M明"), strict=True)
_ERA_OF = {key: era.name for era, keys in _KEYS for key in keys}


def as_in_lists(cell: str) -> str:
    """A day as tables of offices have it (S60.4.1, 昭60.4.1, H3/6/1), spelled out; any other text stays.

    >>> as_in_lists("S60.4.1")
    '昭和60年4月1日'
    """
    found = _SHORT.fullmatch("".join(text.as_code(cell[:MAX_WRITTEN]).upper().split()))
    if found is None:
        return cell
    era, year, month, day = found.groups()
    return f"{_ERA_OF[era[0]]}{1 if year == '元' else year}年{month}月{day}日"


def spelled(value: str) -> dict[str, str]:
    """The four fields of a day in one text; none where it is no day as people write it."""
    found = SPELLED.fullmatch(text.as_code(value)) if len(value) <= MAX_WRITTEN else None
    if found is None:
        return {}
    era, *numbers = found.groups()[:4] if found[2] else found.groups()[4:]
    return dict(zip(PARTS, (era or WESTERN, *numbers), strict=True))


def _from_parts(parts: Mapping[str, Any]) -> str:
    year, month, day = (_number(part, parts.get(part)) for part in PARTS[1:])
    era = parts.get("era") or WESTERN
    if (era == WESTERN) != (year > 999):
        raise Refused("unclear-year", sub=("year",))
    try:
        if era == WESTERN:
            return date(year, month, day).isoformat()
        return dates.from_era(era, year, month, day).isoformat()
    except dates.DateRefused as refused:
        raise _no_such_date(refused) from refused
    except ValueError as refused:
        raise Refused("no-such-day", sub=("day",)) from refused


def _no_such_date(refused: dates.DateRefused) -> Refused:
    if refused.code == "not-in-era":
        if refused.right is None:
            return Refused("too-early", sub=("year",), limit=dates.EARLIEST)
        return Refused("not-in-era", sub=("era",), right=refused.right)
    return Refused(refused.code, sub=("era" if refused.code == "no-such-era" else "day",))


def _number(part: str, given: Answer) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 10_000:
        return given
    if given is None or (isinstance(given, str) and text.is_blank(given)):
        raise Refused(f"no-{part}", sub=(part,))
    written = text.as_code(given) if isinstance(given, str) and len(given) <= MAX_WRITTEN else ""
    if part == "year" and written == "元":
        return 1
    if not DIGITS.fullmatch(written):
        raise Refused("not-a-date", sub=(part,))
    return int(written)


def examined(value: str, path: Path, earliest: date, latest: date) -> Iterator[Problem]:
    """A day outside its limits, both included."""
    if value < earliest.isoformat():
        yield Problem(path, "too-early", {"limit": earliest})
    if value > latest.isoformat():
        yield Problem(path, "too-late", {"limit": latest})


def examine_birth(value: str, path: Path) -> Iterator[Problem]:
    """A day of birth after today, or longer ago than anybody has lived."""
    today = dates.today()
    return examined(value, path, dates.add_years(today, -OLDEST), today)


def written_day(typed: Answer, words: Words) -> str:
    """The day as typed, where it was typed in another calendar than the reader's."""
    if not isinstance(typed, Mapping):
        return str(typed)
    era, year, month, day = (str(typed.get(part) or "").strip() for part in PARTS)
    is_western = era in ("", WESTERN)
    if is_western and words.language != "ja":
        return ""
    return f"{'' if is_western else era}{year}年{month}月{day}日"


def date_fields(value: Answer) -> Mapping[str, Any]:
    """A stored or typed day as its four fields."""
    if isinstance(value, Mapping):
        return {part: value.get(part, "") for part in PARTS}
    parts = spelled(value) if isinstance(value, str) else {}
    if not parts:
        return {"era": WESTERN, "year": value or "", "month": "", "day": ""}
    return {part: shown.lstrip("0") or shown for part, shown in parts.items()}
