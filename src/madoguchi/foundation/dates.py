"""Dates as Japanese offices count and write them: eras, days of opening, fiscal years, legal periods."""

import re
from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import jpholiday

from madoguchi.foundation import text
from madoguchi.foundation.languages import BY_CODE, SOURCE, Language


class DateRefused(ValueError):
    """No such date; ``code`` is "no-such-day" (30 February), "no-such-era", or "not-in-era" (昭和65年4月1日).

    ``right`` is the day that was meant where the day exists and only the era's name is another (平成2年4月1日).
    """

    def __init__(self, code: str, right: date | None = None) -> None:
        super().__init__(code)
        self.code, self.right = code, right


TOWN_TIME: Final = ZoneInfo("Asia/Tokyo")
"""The clock that a town in Japan lives by (標準時ニ関スル件, 明治28年勅令第167号); `settings.TIME_ZONE` is the same."""


def today() -> date:
    """The day it is in Japan, whatever the machine's zone: for nine hours of each day it is another than in UTC."""
    return datetime.now(TOWN_TIME).date()


EARLIEST: Final = date(1873, 1, 1)
"""The first day of the Gregorian calendar in Japan (明治6年1月1日); nobody agrees which day an older date is."""
_YEARS_AHEAD: Final = 100


class Era(NamedTuple):
    """One era (元号): its name, its first day, and the Gregorian year that is its year 1 (元年)."""

    name: str
    first_day: date
    first_year: int


ERAS: Final = (
    Era("令和", date(2019, 5, 1), 2019),
    Era("平成", date(1989, 1, 8), 1989),
    Era("昭和", date(1926, 12, 25), 1926),
    Era("大正", date(1912, 7, 30), 1912),
    Era("明治", EARLIEST, 1868),
)
"""Newest first. Meiji begins with the Gregorian calendar (明治6年1月1日); earlier days have no date here."""


def to_era(day: date) -> tuple[str, int]:
    """The era and its year: 2026-11-23 → ("令和", 8). Raises ``DateRefused("not-in-era")`` before 1873."""
    for era in ERAS:
        if day >= era.first_day:
            return era.name, day.year - era.first_year + 1
    raise DateRefused("not-in-era")


def from_era(era: str, year: int, month: int, day: int) -> date:
    """The date written as 令和8年11月23日. Raises ``DateRefused``."""
    first_year = next((known.first_year for known in ERAS if known.name == era), None)
    if first_year is None:
        raise DateRefused("no-such-era")
    try:
        found = date(first_year + year - 1, month, day)
    except (ValueError, OverflowError):
        raise DateRefused("no-such-day") from None
    if found < EARLIEST:
        raise DateRefused("not-in-era")
    if to_era(found) != (era, year):
        raise DateRefused("not-in-era", found)
    return found


def latest(today: date) -> date:
    """The last day that anybody plans for: what lies more than a hundred years ahead was mistyped."""
    return add_years(today, _YEARS_AHEAD)


_WRITTEN: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_LONGEST_WRITTEN: Final = 40


def read_day(typed: str) -> date | None:
    """A day typed as 2026-04-01 or 2026/4/1, full-width too; None when nothing is seen.

    Raises ``DateRefused``: "not-a-date" or "no-such-day".
    """
    if text.is_blank(typed):
        return None
    written = text.as_code(typed).replace("/", "-") if len(typed) <= _LONGEST_WRITTEN else ""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise DateRefused("not-a-date")
    try:
        return date(*map(int, found.groups()))
    except ValueError as fault:
        raise DateRefused("no-such-day") from fault


def plausible_day(typed: str, today: date) -> date | None:
    """The same within what anybody plans for or remembers. Raises ``DateRefused``, also "too-early" and "too-late"."""
    day = read_day(typed)
    if day and day < EARLIEST:
        raise DateRefused("too-early")
    if day and day > latest(today):
        raise DateRefused("too-late")
    return day


Part = Literal["day", "month", "year", "fiscal-year"]


def format_ja(day: date, part: Part = "day") -> str:
    """令和8年11月23日, with 元年 for the first year; days before 1873 are written by the Gregorian year."""
    return _written(SOURCE, day, part, era_of=day)


def format_date(day: date, language: str, part: Part = "day") -> str:
    """The date as a reader writes it: 令和8年11月23日, 23 November 2026 (`locale/<folder>/language.toml`).

    `part` says how exact it is: a month, a year (in Japanese by the era of its last day) or a fiscal year (令和8年度,
    by the era of its second month).
    ``ValueError`` for another language: a date silently shown in the wrong calendar is worse than an error.
    """
    if language not in BY_CODE:
        raise ValueError(f"no date format for the language {language!r}")
    return _written(BY_CODE[language], day, part, era_of=_told_by(day, part))


def _written(language: Language, day: date, part: Part, *, era_of: date) -> str:
    named = language.months[day.month - 1] if language.months else ""
    era = _year_of_era(era_of)
    return language.days[part].format(year=day.year, month=day.month, day=day.day, named=named, era=era)


def _year_of_era(day: date) -> str:
    if day < EARLIEST:
        return str(day.year)
    era, year = to_era(day)
    return f"{era}{'元' if year == 1 else year}"


def _told_by(day: date, part: Part) -> date:
    """The day whose era a year is called by."""
    return {"year": date(day.year, 12, 31), "fiscal-year": date(day.year, 5, 1)}.get(part, day)


def parse_part(given: str) -> tuple[date, Part]:
    """The first day and the exactness of `2021`, `2021-03`, `2021-03-31` or `FY2021`. ``ValueError`` for others."""
    if found := re.fullmatch(r"FY(\d{4})", given):
        return date(int(found[1]), 4, 1), "fiscal-year"
    numbers = [int(one) for one in given.split("-")]
    year, month, day = [*numbers, 1, 1][:3]
    return date(year, month, day), PARTS[len(numbers) - 1]


PARTS: Final[tuple[Part, ...]] = ("year", "month", "day")


def is_open_day(day: date) -> bool:
    """Whether offices open: not on Saturday, Sunday, a public holiday or 12/29-1/3 (地方自治法 第4条の2)."""
    return day.weekday() < 5 and not _is_year_end(day) and day not in _public_holidays(day.year)


def is_public_holiday(day: date) -> bool:
    """Whether the day is a public holiday (国民の祝日に関する法律), substitute holidays and days between included."""
    return day in _public_holidays(day.year)


def _is_year_end(day: date) -> bool:
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


@lru_cache(maxsize=256)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(day for day, _name in jpholiday.year_holidays(year))


@lru_cache(maxsize=256)
def _open_days(year: int) -> tuple[date, ...]:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return tuple(day for day in map(date.fromordinal, range(first, last + 1)) if is_open_day(day))


def add_open_days(start: date, days: int) -> date:
    """The day on which ``days`` open days have passed; counting starts on the next open day (民法 第140条).

    Zero days is ``start`` itself, open or not. Raises ``ValueError`` for a negative number.
    """
    if days < 0:
        raise ValueError("open days are counted forward only")
    if days == 0:
        return start
    year, open_days = start.year, _open_days(start.year)
    position = bisect_right(open_days, start) + days - 1
    while position >= len(open_days):
        position -= len(open_days)
        year += 1
        open_days = _open_days(year)
    return open_days[position]


def open_days_between(start: date, end: date) -> int:
    """How many open days lie after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    if end <= start:
        return 0
    whole_years = sum(len(_open_days(year)) for year in range(start.year, end.year))
    return whole_years + bisect_right(_open_days(end.year), end) - bisect_right(_open_days(start.year), start)


def add_months(day: date, months: int) -> date:
    """The corresponding day ``months`` later, or that month's last day when there is none (民法 第143条第2項)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """The corresponding day ``years`` later; 29 February becomes the 28th in a common year (民法 第143条第2項)."""
    return add_months(day, 12 * years)


def fiscal_year(day: date) -> int:
    """The fiscal year (会計年度) by the Gregorian year it begins in: 1 April to 31 March (地方自治法 第208条)."""
    return day.year if day.month >= 4 else day.year - 1


class DurationRefused(ValueError):
    """The text is not a duration such as "6 years", "3 months" or "14 days"."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A period of calendar time: a positive number of years, months or days."""

    amount: int
    unit: Literal["years", "months", "days"]

    def after(self, day: date) -> date:
        """The last day of the period when ``day`` itself is not counted (民法 第140条・第143条)."""
        if self.unit == "days":
            return day + timedelta(days=self.amount)
        return add_months(day, self.amount * (12 if self.unit == "years" else 1))

    def filling(self, first: date) -> date:
        """The last day of the period that begins with the whole of ``first`` (民法 第140条ただし書・第143条第2項)."""
        end = self.after(first)
        has_no_such_day = self.unit != "days" and end.day != first.day
        return end if has_no_such_day else end - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"


_DURATION: Final = re.compile(r"([1-9][0-9]{0,4}) (year|month|day)s?")
_UNITS: Final[dict[str, Literal["years", "months", "days"]]] = {"year": "years", "month": "months", "day": "days"}


def parse_duration(written: str) -> Duration:
    """Reads "6 years", "1 month", "14 days" as definitions write them. Raises ``DurationRefused`` for anything else."""
    found = _DURATION.fullmatch(written.strip())
    if found is None:
        raise DurationRefused(written)
    return Duration(int(found[1]), _UNITS[found[2]])


def retention_end(day: date, years: int) -> date:
    """The day a record may go: `years` after the 1 April that follows the fiscal year of `day`."""
    return add_years(date(fiscal_year(day) + 1, 4, 1), years)
