"""What could have happened to a case: arrivals and lives along a flow, from a seeded chance. Nothing is stored here.

Residents write at any hour, most in the evening and at the turn of the fiscal year; officers work on open days. The
numbers are this simulation's own choice: plausible, measured nowhere.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any, Final, NamedTuple

from madoguchi.cases.clock import Clock, Pause
from madoguchi.cases.flow import Flow, Step, Transition
from madoguchi.foundation.dates import add_open_days, is_open_day

MONTHS: Final = (9, 9, 14, 15, 9, 8, 8, 7, 8, 9, 8, 8)
HOURS: Final = {
    "online": (3, 1, 1, 1, 1, 2, 4, 6, 8, 10, 10, 9, 9, 9, 9, 9, 9, 8, 8, 10, 13, 14, 12, 7),
    "counter": (0,) * 9 + (6, 9, 9, 4, 7, 8, 7, 5) + (0,) * 7,
    "api": (1,) * 24,
}
CHANNELS: Final = {"online": 70, "counter": 25, "api": 5}
WEEKEND: Final = 0.45
"""Arrivals on a Saturday or Sunday, as a share of those on a working day."""
USUAL: Final = {"reviewed": 0.5, "inspection-needed": 0.5, "withdrawn": 0.006, "correction-asked": 0.16}
UNUSUAL: Final = 0.04
REFUSED: Final = 0.03
RATES: Final = 0.3
LONG_LIFE: Final = 30


class Happening(NamedTuple):
    """One event to be: local time, kind, who (kind of actor), data."""

    at: datetime
    kind: str
    by: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Course:
    """What the simulation knows of a procedure."""

    code: str
    flow: Flow
    period_days: int | None
    period_unit: str
    questions: tuple[str, ...]
    minutes: float

    @cached_property
    def pace(self) -> float:
        """Mean open days of an officer's step, so that most cases keep the period."""
        return (self.period_days or 8) / 9

    @cached_property
    def ways(self) -> dict[str, tuple[list[str], list[float]]]:
        """The outcomes of each step and how likely each is."""
        return {step.id: self._likely(step) for step in self.flow.steps}

    def _likely(self, step: Step) -> tuple[list[str], list[float]]:
        names = list(self.flow.outcomes(step.id))
        return names, [USUAL.get(name, 1.0 if name == names[0] else UNUSUAL) for name in names]


def arrival(chance: Random, since: date, until: date) -> tuple[datetime, str]:
    """When (local time, without zone) and by which channel."""
    (channel,) = chance.choices(list(CHANNELS), list(CHANNELS.values()))
    while True:
        day = since + timedelta(days=chance.randrange((until - since).days))
        likely = MONTHS[day.month - 1] / max(MONTHS) * (WEEKEND if day.weekday() > 4 else 1)
        if chance.random() < likely and (channel != "counter" or is_open_day(day)):
            (hour,) = chance.choices(range(24), HOURS[channel])
            return datetime.combine(day, time(hour)) + timedelta(seconds=chance.randrange(3600)), channel


def live(course: Course, arrived: datetime, channel: str, chance: Random) -> Iterator[Happening]:
    """Everything that happens to one case, in order, until its end and its rating."""
    seconds = {} if channel == "api" else {"seconds": int(60 * course.minutes * chance.lognormvariate(0, 0.5))}
    told = {"filing": 1, "channel": channel, "fee": None, **seconds}
    yield Happening(arrived, "submitted", "officer" if channel == "counter" else "applicant", told)
    step, at, moves, result = course.flow.start, arrived, 0, None
    while result is None:
        way, names = _way(course, step, moves, chance)
        at = _later(course.flow.step_by_id[step], at, course, chance)
        yield from _around(course, step, names, way, at, channel, chance)
        step, moves = way.to, moves + 1
        result = way.to if way.is_end else None
    if channel != "api" and chance.random() < RATES:
        at += timedelta(seconds=chance.randrange(600, 4 * 86_400))
        yield Happening(at, "rated", "applicant", {"score": chance.choices((1, 2, 3, 4, 5), (4, 7, 17, 38, 34))[0]})


def _way(course: Course, step: str, moves: int, chance: Random) -> tuple[Transition, str]:
    names, weights = course.ways[step]
    name = names[0] if moves > LONG_LIFE else chance.choices(names, weights)[0]
    decisions = [end.decision for end in course.flow.ends if end.decision]
    decision = "refused" if "refused" in decisions and chance.random() < REFUSED else decisions[0]
    table = course.flow.table
    return table.get((step, name, None)) or table[step, name, decision], name


def _later(step: Step, at: datetime, course: Course, chance: Random) -> datetime:
    if step.wait is not None:
        days = timedelta(days=step.wait.days)
        return datetime.combine((at + days).date(), time(23, 59, 59))
    if step.by == "applicant":
        return at + timedelta(days=chance.expovariate(1 / 6), seconds=chance.randrange(3600, 86_400))
    slowness = {"review": 2.0, "inspection": 2.0, "intake": 0.6}.get(step.id, 0.8)
    return _in_the_office(at, chance.expovariate(1 / (course.pace * slowness)), chance)


def _in_the_office(at: datetime, days: float, chance: Random) -> datetime:
    """A moment between 9:00 and 17:00 of an open day, so many open days later."""
    day = add_open_days(at.date(), int(days)) if days >= 1 else at.date()
    moment = datetime.combine(day, time(9)) + timedelta(seconds=chance.randrange(8 * 3600))
    if moment > at and is_open_day(day):
        return moment
    return datetime.combine(add_open_days(day, 1), time(9)) + timedelta(seconds=chance.randrange(8 * 3600))


def _around(
    course: Course, step: str, outcome: str, way: Transition, at: datetime, channel: str, chance: Random
) -> Iterator[Happening]:
    """The events that the actions write with a step's end, in their order."""
    if outcome == "approved":
        yield Happening(at, "approved", "officer", {"draft": 0, "position": "manager", "deputy": False})
    yield Happening(at, "moved", way.by if way.by in {"applicant", "system"} else "officer",
                    {"from": step, "outcome": outcome, "to": way.to})  # fmt: skip
    target = course.flow.step_by_id.get(way.to)
    if target is not None and target.is_correction:
        asked = sorted({min(int(chance.expovariate(0.5)), len(course.questions) - 1) for _question in range(2)})
        questions = [course.questions[index] for index in asked]
        yield Happening(at, "correction-asked", "officer", {"correction": 0, "questions": questions})
    if outcome == "corrected":
        yield Happening(at, "correction-answered", "applicant", {"correction": 0, "filing": 1, "channel": channel})
    if outcome in {"drafted", "sent-back"}:
        yield Happening(at, outcome, "officer", {"draft": 0})
    if outcome == "withdrawn":
        yield Happening(at, "withdrawn", "applicant", {"channel": channel})
    elif way.is_end and way.decision == "acknowledged" and outcome != "approved":
        yield Happening(at, "closed", "officer", {"number": ""})
    elif way.is_end:
        yield Happening(at, "decided", "officer", {"decision": 0, "result": way.decision, "number": ""})


def clock(course: Course, life: list[Happening]) -> Clock | None:
    """The standard-period clock as it stands at the last of these events."""
    if course.period_days is None:
        return None
    pauses: list[Pause] = []
    for one in life:
        if one.kind == "moved":
            if pauses and pauses[-1][1] is None:
                pauses[-1] = (pauses[-1][0], one.at.date())
            target = course.flow.step_by_id.get(one.data["to"])
            if target is not None and target.clock == "paused":
                pauses.append((one.at.date(), None))
    unit = "calendar" if course.period_unit == "calendar" else "working"
    return Clock(life[0].at.date(), course.period_days, unit, tuple(pauses))  # type: ignore[arg-type]


def minutes_of(questions: int) -> float:
    """Median minutes that a form of so many questions takes."""
    return 2 + math.sqrt(questions) * 1.5
