"""What the simulation knows of a procedure's way through the office, from its flow and its definition alone."""

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Final, Literal

from madoguchi.cases.flow import BY_DECISION, REFUSING, Flow, Step, Transition

Ways = tuple[list[str], list[float]]
USUAL: Final = {"reviewed": 0.5, "inspection-needed": 0.5, "withdrawn": 0.006, "correction-asked": 0.16, "lapsed": 0.0}
UNUSUAL: Final = 0.04
REFUSED: Final = 0.03
LONG_LIFE: Final = 30


@dataclass(frozen=True)
class Course:
    """A procedure: the questions that may be corrected, its check list, the seats (office, position, joint)."""

    code: str
    office: str
    flow: Flow
    period_days: int | None
    period_unit: Literal["working", "calendar"]
    questions: tuple[str, ...]
    minutes: float
    granting: tuple[tuple[str, str, bool], ...] = ()
    refusing: tuple[tuple[str, str, bool], ...] = ()
    checklist: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked_offices: tuple[str, ...] = ()

    @cached_property
    def pace(self) -> float:
        """Mean open days of an officer's step, so that most cases keep the period."""
        return (self.period_days or 8) / 9

    @cached_property
    def ways(self) -> Mapping[str, Ways]:
        """The outcomes of each step and how likely each is."""
        return {step.id: self._likely(step) for step in self.flow.steps}

    def _likely(self, step: Step) -> Ways:
        names = list(self.flow.outcomes(step.id))
        return names, [USUAL.get(name, 1.0 if name == names[0] else UNUSUAL) for name in names]

    @cached_property
    def decisions(self) -> list[str]:
        """What can be decided, the usual one first."""
        return [end.decision for end in self.flow.ends if end.decision]

    @cached_property
    def paths(self) -> Mapping[str, tuple[str, ...]]:
        """The fewest outcomes that lead from the start to each step."""
        found: dict[str, tuple[str, ...]] = {self.flow.start: ()}
        waiting = deque([self.flow.start])
        while waiting:
            step = waiting.popleft()
            for name, outcome in self.flow.outcomes(step).items():
                if outcome.to in self.flow.step_by_id and outcome.to not in found:
                    found[outcome.to] = (*found[step], name)
                    waiting.append(outcome.to)
        return found

    def way(self, step: str, outcome: str, decision: str) -> Transition:
        """Where an outcome leads."""
        table = self.flow.table
        return table.get((step, outcome, None)) or table[step, outcome, decision]

    def choose(self, step: str, moves: int, chance: Random) -> str:
        """An outcome; a life that has become very long takes the usual ones."""
        names, weights = self.ways[step]
        return names[0] if moves > LONG_LIFE else chance.choices(names, weights)[0]

    def proposal(self, step: str, chance: Random) -> str:
        """What is drafted at a step: mostly the usual decision."""
        others = [one for one in self.decisions[1:] if one in REFUSING]
        return chance.choice(others) if others and chance.random() < REFUSED else self.decisions[0]

    def seats(self, decision: str) -> tuple[tuple[str, str, bool], ...]:
        """Who approves a draft, in order."""
        return self.refusing if decision in REFUSING else self.granting

    def waits_for_fee(self) -> Iterator[str]:
        """The steps at which an unpaid fee holds a case back."""
        for step in self.flow.steps:
            usual = next(iter(step.outcomes.values())).to
            if usual != BY_DECISION and self.flow.waits_for_fee(step.id, usual):
                yield step.id


def minutes_of(questions: int) -> float:
    """Median minutes that a form of so many questions takes."""
    return 2 + math.sqrt(questions) * 1.5
