"""When things happen: residents write at any hour, officers work on open days from nine to five.

The numbers are this simulation's own choice: plausible, measured nowhere.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from madoguchi.cases.flow import Step
from madoguchi.foundation.dates import add_open_days, is_open_day

from .courses import Course

MONTHS: Final = (9, 9, 14, 15, 9, 8, 8, 7, 8, 9, 8, 8)
HOURS: Final = {
    "online": (3, 1, 1, 1, 1, 2, 4, 6, 8, 10, 10, 9, 9, 9, 9, 9, 9, 8, 8, 10, 13, 14, 12, 7),
    "counter": (0,) * 9 + (6, 9, 9, 4, 7, 8, 7, 5) + (0,) * 7,
    "api": (1,) * 24,
}
CHANNELS: Final = {"online": 70, "counter": 25, "api": 5}
WEEKEND: Final = 0.45
"""Arrivals on a Saturday or Sunday, as a share of those on a working day."""


def channel(chance: Random) -> str:
    """By which way somebody applies."""
    return chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]


def arrival(chance: Random, by: str, since: date, until: date) -> datetime:
    """When somebody applies (local time, without zone), from `since` to the day before `until`."""
    while True:
        day = since + timedelta(days=chance.randrange((until - since).days))
        likely = MONTHS[day.month - 1] / max(MONTHS) * (WEEKEND if day.weekday() > 4 else 1)
        if chance.random() < likely and (by != "counter" or is_open_day(day)):
            return at_some_hour(chance, by, day)


def at_some_hour(chance: Random, by: str, day: date) -> datetime:
    """A moment of a day, as people apply."""
    (hour,) = chance.choices(range(24), HOURS[by])
    return datetime.combine(day, time(hour)) + timedelta(seconds=chance.randrange(3600))


def end_of_step(step: Step, at: datetime, course: Course, chance: Random) -> datetime:
    """When a step ends that began at `at`."""
    if step.wait is not None:
        days = timedelta(days=step.wait.days)
        return datetime.combine((at + days).date(), time(23, 59, 59))
    if step.by == "applicant":
        return at + timedelta(days=chance.expovariate(1 / 6), seconds=chance.randrange(3600, 86_400))
    slowness = {"review": 2.0, "inspection": 2.0, "intake": 0.6}.get(step.id, 0.8)
    return in_the_office(at, chance.expovariate(1 / (course.pace * slowness)), chance)


def in_the_office(at: datetime, days: float, chance: Random) -> datetime:
    """A moment between 9:00 and 17:00 of an open day, so many open days later."""
    day = add_open_days(at.date(), int(days)) if days >= 1 else at.date()
    moment = datetime.combine(day, time(9)) + timedelta(seconds=chance.randrange(8 * 3600))
    if moment > at and is_open_day(day):
        return moment
    return datetime.combine(add_open_days(day, 1), time(9)) + timedelta(seconds=chance.randrange(8 * 3600))
