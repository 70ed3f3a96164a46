"""What could have happened to a case: its life along a flow, from a seeded chance. Nothing is stored here.

A life says what happened, when and who did it; `dossier` says what that leaves in the tables. The numbers are this
simulation's own choice: plausible, measured nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from madoguchi.cases.clock import Clock, Pause
from madoguchi.cases.flow import AT_DELIVERY, Transition

from .courses import Course
from .moments import end_of_step, in_the_office

RATES: Final = 0.3
ASKS_ELSEWHERE, WRITES_A_NOTE, TAKES_IT = 0.08, 0.1, 0.85
NEVER_PAYS, IS_REDUCED, IS_REPAID = 0.03, 0.02, 0.02
FETCHES, CARRIES_HOME = 0.75, 0.6
SHORT: Final = timedelta(minutes=12)
"""How long before the end of a step an officer opens the file, where there was so much time."""


class Happening(NamedTuple):
    """One thing that happened: local time, kind of event, who (applicant, system, or a role of the office), data."""

    at: datetime
    kind: str
    by: str
    data: Mapping[str, Any]


class Aim(NamedTuple):
    """Where a case is to stand at the end: at a step, with its fee unpaid, or late."""

    step: str
    unpaid: bool = False
    late: bool = False


class Beginning(NamedTuple):
    """With what a life begins: `fee` in yen (0: none), whether news come electronically."""

    arrived: datetime
    channel: str
    fee: int = 0
    electronic: bool = False


def live(course: Course, beginning: Beginning, chance: Random, aim: Aim | None = None) -> list[Happening]:
    """Everything that happens to one case, in order of time, until its end or its aim."""
    return _Life(course, beginning, chance, aim).run()


@dataclass
class _Life:
    course: Course
    beginning: Beginning
    chance: Random
    aim: Aim | None
    events: list[Happening] = field(default_factory=list)
    pays_at: datetime | None = None

    def run(self) -> list[Happening]:
        """From the arrival to the end."""
        self.at, self.step, self.moves, self.result = self.beginning.arrived, self.course.flow.start, 0, ""
        self.decision, self.is_taken = self.course.decisions[0], False
        self.route = list(self.course.paths[self.aim.step]) if self.aim else []
        self._submit()
        while not self.result and not self._stands():
            self._end_step()
        if self.aim and not self.aim.unpaid and self.chance.random() < 0.5:
            self._stand_in_between()
        if self.pays_at and (self.result not in ("withdrawn", "lapsed") or self.pays_at < self.at):
            self._pay(self.pays_at)
        return sorted(self.events, key=lambda one: one.at)

    def _add(self, at: datetime, kind: str, by: str, /, **data: Any) -> None:
        self.events.append(Happening(at, kind, by, data))

    def _stands(self) -> bool:
        return self.aim is not None and not self.route

    def _submit(self) -> None:
        at, by, fee, _electronic = self.beginning
        seconds = {}
        if by != "api":
            seconds = {"seconds": int(60 * self.course.minutes * self.chance.lognormvariate(0, 0.5))}
        self._add(at, "submitted", "clerk" if by == "counter" else "applicant", **seconds)
        if fee:
            self._add(at + timedelta(seconds=2), "charged", "system", yen=fee)
            self._plan_to_pay(at)

    def _plan_to_pay(self, at: datetime) -> None:
        flow, lapses = self.course.flow, self._lapses()
        if (self.aim and self.aim.unpaid) or (not self.aim and lapses and self.chance.random() < NEVER_PAYS):
            return
        if self.beginning.channel == "counter":
            self.pays_at = at + timedelta(minutes=self.chance.randrange(4, 25))
            return
        days = min(self.chance.expovariate(1 / 2.5), flow.fee_days - 1)
        self.pays_at = at + timedelta(days=days, seconds=self.chance.randrange(120, 7200))

    def _lapses(self) -> bool:
        return "lapsed" in self.course.flow.outcomes(self.course.flow.start, "system")

    def _end_step(self) -> None:
        course, began = self.course, self.at
        outcome = self.route.pop(0) if self.aim else course.choose(self.step, self.moves, self.chance)
        if outcome == "drafted":
            self.decision = course.proposal(self.step, self.chance)
        way, at = (
            course.way(self.step, outcome, self.decision),
            end_of_step(course.flow.step_by_id[self.step], began, course, self.chance),
        )
        if self.beginning.fee and course.flow.waits_for_fee(self.step, way.to) and not self._is_paid(at):
            if self.pays_at is None:
                self._wait_in_vain()
                return
            at = in_the_office(self.pays_at, 0, self.chance)
        self._work(outcome, way, began, at)
        self._move(outcome, way, at)

    def _is_paid(self, at: datetime) -> bool:
        return self.pays_at is not None and self.pays_at < at

    def _wait_in_vain(self) -> None:
        """The fee never comes: the case lapses on the day after the last, where the flow lets it."""
        if self.aim or not self._lapses():
            self.aim, self.route = Aim(self.step, unpaid=True), []
            return
        day = self.beginning.arrived.date() + timedelta(days=self.course.flow.fee_days + 1)
        at = max(datetime.combine(day, time(0, 23, 7)), self.at + timedelta(seconds=1))
        self._add(at, "payment-lapsed", "system")
        self._move("lapsed", self.course.way(self.step, "lapsed", self.decision), at)

    def _work(self, outcome: str, way: Transition, began: datetime, at: datetime) -> None:
        """What officers do in a step before it ends."""
        if way.by == "officer":
            self._open(began, at, way)
        if outcome == "approved":
            self._approve(began, at, self.course.seats(self.decision))

    def _open(self, began: datetime, at: datetime, way: Transition) -> None:
        seen = max(at - SHORT, began)
        self._add(seen, "read", "officer")
        if not self.is_taken and self.chance.random() < TAKES_IT:
            self._add(seen, "task-taken", "officer")
            self.is_taken = True
        if self.chance.random() < WRITES_A_NOTE:
            self._add(seen, "note-added", "officer", text=self.chance.randrange(100))
        if self.moves and self.course.asked_offices and self.chance.random() < ASKS_ELSEWHERE:
            self._consult(began, at)
        if not self._is_correction(way.to):
            self._tick(seen)

    def _tick(self, at: datetime) -> None:
        for item in self.course.checklist.get(self.step, ()):
            self._add(at, "checked", "officer", step=self.step, item=item)

    def _consult(self, began: datetime, at: datetime) -> None:
        """Another office is asked, and answers before the step ends; nothing where there is no time for it."""
        asked = in_the_office(began, 0, self.chance)
        answered = in_the_office(asked, self.chance.expovariate(1 / 2), self.chance)
        if answered < at:
            office = self.chance.choice(self.course.asked_offices)
            self._add(asked, "consulted", "officer", office=office)
            self._add(answered, "consultation-answered", "officer", office=office)

    def _approve(self, began: datetime, at: datetime, seats: Sequence[tuple[str, str, bool]]) -> None:
        before = began
        for order, (office, position, _joint) in enumerate(seats, 1):
            moment = in_the_office(began + (at - began) * (order / (len(seats) + 1)), 0, self.chance)
            before = at if order == len(seats) else max(before, min(moment, at))
            self._add(before, "approved", position, office=office, order=order)

    def _move(self, outcome: str, way: Transition, at: datetime) -> None:
        by = {"applicant": "applicant", "system": "system"}.get(way.by, "officer")
        if way.by == "approver":
            by = self._seat_of(outcome)
        self._add(at, "moved", by, **{"from": self.step, "outcome": outcome, "to": way.to})
        self._around(outcome, way, at, by)
        self.at, self.step, self.moves = at, way.to, self.moves + 1
        if way.is_end:
            self.result = way.to
            self._after_the_end(way, by)

    def _seat_of(self, outcome: str) -> str:
        seats = self.course.seats(self.decision)
        return (seats[0] if outcome == "sent-back" else seats[-1])[1]

    def _is_correction(self, step: str) -> bool:
        found = self.course.flow.step_by_id.get(step)
        return found is not None and found.is_correction

    def _around(self, outcome: str, way: Transition, at: datetime, by: str) -> None:
        """The events that the actions write with a step's end, in their order."""
        if self._is_correction(way.to):
            self._add(at, "correction-asked", "officer", questions=self._questions())
        if outcome == "corrected":
            self._add(at, "correction-answered", "applicant")
        if outcome == "drafted":
            self._add(at, "drafted", "officer", result=self.decision)
        if outcome == "sent-back":
            self._add(at, "sent-back", by)
        if outcome == "withdrawn":
            self._add(at, "withdrawn", "applicant")
        elif way.is_end and outcome == "approved":
            self._add(at, "decided", by, result=way.decision)
        elif way.is_end and by == "officer":
            self._add(at, "closed", by)

    def _questions(self) -> list[str]:
        most = len(self.course.questions) - 1
        asked = sorted({min(int(self.chance.expovariate(0.5)), most) for _question in range(2)})
        return [self.course.questions[index] for index in asked]

    def _after_the_end(self, way: Transition, by: str) -> None:
        at = self.at
        if way.decision:
            self._add(at, "issued", by)
            self._fetch(at)
        if self.pays_at and self.pays_at < at and way.decision == "granted" and self.chance.random() < IS_REPAID:
            self._repay(at)
        if self.beginning.channel != "api" and way.to != "lapsed" and self.chance.random() < RATES:
            score = self.chance.choices((1, 2, 3, 4, 5), (4, 7, 17, 38, 34))[0]
            self._add(at + timedelta(seconds=self.chance.randrange(600, 4 * 86_400)), "rated", "applicant", score=score)

    def _fetch(self, at: datetime) -> None:
        if self.beginning.fee and self.course.flow.fee_due == AT_DELIVERY:
            if self.pays_at is None:
                return
            at = max(at, self.pays_at + timedelta(minutes=5))
        if self.beginning.electronic and self.beginning.channel != "counter":
            if self.chance.random() < FETCHES:
                fetched = at + timedelta(seconds=self.chance.randrange(60, 3 * 86_400))
                self._add(fetched, "delivered", "applicant", by="download")
        elif self.chance.random() < CARRIES_HOME:
            self._add(in_the_office(at, self.chance.expovariate(1 / 3), self.chance), "delivered", "clerk", by="paper")

    def _pay(self, at: datetime) -> None:
        if self.beginning.channel != "counter" and self.beginning.fee > 1 and self.chance.random() < IS_REDUCED:
            before = self.beginning.arrived + (at - self.beginning.arrived) / 2
            self._add(before, "reduced", "officer", yen=self.beginning.fee // 2)
        self._add(at, "paid", "clerk" if self.beginning.channel == "counter" else "system")

    def _repay(self, at: datetime) -> None:
        asked = in_the_office(at, self.chance.expovariate(1 / 2), self.chance)
        yen = max(self.beginning.fee // 4, 1)
        self._add(asked, "repayment-promised", "officer", yen=yen)
        self._add(asked + timedelta(minutes=2), "refunded", "system", yen=yen)

    def _stand_in_between(self) -> None:
        """At a step that goes on: somebody has taken it, an office is asked, a seat has approved."""
        step = self.course.flow.step_by_id[self.step]
        at = in_the_office(self.at, 0, self.chance)
        if step.by == "officer":
            self._add(at, "read", "officer")
            self._add(at, "task-taken", "officer")
            if self.moves and self.course.asked_offices:
                self._add(at, "consulted", "officer", office=self.chance.choice(self.course.asked_offices))
        seats = self.course.seats(self.decision)
        if step.by == "approver" and len(seats) > 1:
            self._add(at, "approved", seats[0][1], office=seats[0][0], order=1)


def clock(course: Course, life: Sequence[Happening]) -> Clock | None:
    """The standard-period clock as it stands at the last of these events."""
    if course.period_days is None:
        return None
    return Clock(life[0].at.date(), course.period_days, course.period_unit, tuple(pauses(course, life)))


def pauses(course: Course, life: Sequence[Happening]) -> list[Pause]:
    """The days in which the case waited for the applicant or for a term (see `cases.actions.move`)."""
    found: list[Pause] = []
    for one in (each for each in life if each.kind == "moved"):
        target = course.flow.step_by_id.get(one.data["to"])
        is_open, waits = bool(found) and found[-1][1] is None, target is not None and target.clock == "paused"
        if is_open and not waits:
            found[-1] = (found[-1][0], one.at.date())
        elif waits and not is_open:
            found.append((one.at.date(), None))
    return found
