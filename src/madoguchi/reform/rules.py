"""When a quarter report is due and when it is late, and how shares are counted. Pure: values in, values out."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a fiscal year, which begins in April: 2026 1 is April to June 2026."""

    fiscal_year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter that a day lies in."""
        year = day.year if day.month >= 4 else day.year - 1
        return cls(year, (day.month - 4) % 12 // 3 + 1)

    @property
    def begins(self) -> date:
        """Its first day."""
        month = (self.number * 3) % 12 + 1
        return date(self.fiscal_year + (self.number == 4), month, 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        return _month_end(self.begins, 2)

    @property
    def due(self) -> date:
        """The last day on which its report is in time: a month after its end (this town's own choice)."""
        return _month_end(self.begins, 3)

    def before(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.fiscal_year, self.number - 1) if self.number > 1 else Quarter(self.fiscal_year - 1, 4)

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.number}"


def _month_end(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def ended(since: date, today: date) -> list[Quarter]:
    """The quarters that ended before `today`, newest first, from the one that `since` lies in."""
    found, quarter = [], Quarter.of(today).before()
    while quarter.ends >= since:
        found.append(quarter)
        quarter = quarter.before()
    return found


def days_late(quarter: Quarter, came: date | None, today: date) -> int:
    """How many days late its report came, or is by today when it has not come; 0 in time."""
    return max(0, ((came or today) - quarter.due).days)


def months_before(month: date, count: int) -> list[date]:
    """`count` first days of months up to and with `month`, oldest first."""
    number = month.year * 12 + month.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - count + 1, number + 1)]
