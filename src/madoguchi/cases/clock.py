"""The standard processing period (標準処理期間, 行政手続法第6条) of one case, as a value.

The day of arrival does not count (民法第140条): counting starts on the next day. The time in which the applicant
corrects the application does not count either (行政手続法第7条): a pause from Monday until Thursday takes out Tuesday,
Wednesday and Thursday.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, Self

from madoguchi.foundation.dates import add_open_days, open_days_between

Pause = tuple[date, date | None]
"""The day on which the correction was asked, and the day on which it arrived (None: not yet)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A period of `period_days` open days ("working") or days of the calendar, from the day of arrival.

    `pauses` stand in order and do not overlap; only the last may be open. Raises `ValueError` otherwise.
    """

    started_on: date
    period_days: int
    unit: Literal["working", "calendar"] = "working"
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        """Refuses periods and pauses that cannot be."""
        if self.period_days < 1:
            raise ValueError("a period has at least one day")
        free_from: date | None = self.started_on
        for begun, ended in self.pauses:
            if free_from is None or begun < free_from or (ended is not None and ended < begun):
                raise ValueError("pauses must follow each other, after the start, and only the last may be open")
            free_from = ended

    def due_on(self) -> date | None:
        """The last day of the period. None while a pause is open, unless the period had run out before it."""
        due = self._after(self.started_on, self.period_days)
        for begun, ended in self.pauses:
            if begun >= due:
                break
            if ended is None:
                return None
            due = self._after(due, self._between(begun, ended))
        return due

    def used(self, on: date) -> int:
        """Days of the period gone by the end of `on`, in the clock's unit; more than the period when overdue."""
        paused = sum(self._between(begun, min(ended or on, on)) for begun, ended in self.pauses)
        return self._between(self.started_on, on) - paused

    def remaining(self, on: date) -> int:
        """Days left after `on`, in the clock's unit: 0 on the due day, negative when overdue."""
        return self.period_days - self.used(on)

    def pause(self, on: date) -> Self:
        """The clock with a pause opened on a day. Raises `ValueError` when one is open."""
        return replace(self, pauses=(*self.pauses, (on, None)))

    def resume(self, on: date) -> Self:
        """The clock with its open pause ended on a day. Raises `ValueError` when none is open, or it began later."""
        if not self.pauses or self.pauses[-1][1] is not None:
            raise ValueError("no pause is open")
        return replace(self, pauses=(*self.pauses[:-1], (self.pauses[-1][0], on)))

    def _after(self, day: date, days: int) -> date:
        return add_open_days(day, days) if self.unit == "working" else day + timedelta(days=days)

    def _between(self, start: date, end: date) -> int:
        return open_days_between(start, end) if self.unit == "working" else max((end - start).days, 0)
