"""Pure rules of a register: what its entries come to on a day, and which may follow.

An entry is never changed: what holds on a day is the fold of those whose day has come, in the order of decision.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

from madoguchi.catalogue import format

Effect = format.Effect | Literal["void"]
Standing = Literal["coming", "in-force", "suspended", "ended", "void"]


@dataclass(frozen=True)
class Change:
    """One entry: what it does, from which day (in the town), until when it holds, and the columns it sets."""

    seq: int
    effect: Effect
    on: date
    until: date | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """What holds on a day. `until` is the last day, None without an end; `next_on` when another entry takes effect."""

    standing: Standing = "coming"
    since: date | None = None
    until: date | None = None
    ended_on: date | None = None
    next_on: date | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def in_force(self, on: date, *, renewing: bool = False) -> bool:
        """Whether the right holds on a day; `renewing`: a renewal arrived in time, and the law keeps it in force."""
        return self.standing == "in-force" and (self.until is None or on <= self.until or renewing)


OVER: Final = frozenset({"ended", "void"})
_STANDINGS: Final[Mapping[Effect, Standing]] = {
    "suspend": "suspended", "resume": "in-force", "end": "ended", "void": "void",
}  # fmt: skip
_MAY: Final[Mapping[Effect, frozenset[Standing]]] = {
    "enter": frozenset({"coming", "void"}),
    "renew": frozenset({"in-force", "suspended"}),
    "change": frozenset({"coming", "in-force", "suspended"}),
    "succeed": frozenset({"in-force", "suspended"}),
    "suspend": frozenset({"in-force"}),
    "resume": frozenset({"suspended"}),
    "end": frozenset({"coming", "in-force", "suspended"}),
    "void": frozenset({"coming", "in-force"}),
}


def may_follow(effect: Effect, state: State) -> bool:
    """Whether an entry may follow on what holds: nothing renews what has ended."""
    return state.standing in _MAY[effect]


def fold(changes: Iterable[Change], on: date) -> State:
    """What the entries come to on a day, in the order in which they were decided; those of later days count not yet.

    A change of last month that is decided after a renewal is the later word, whatever its day.
    """
    state, later = State(), []
    for change in sorted(changes, key=lambda one: one.seq):
        if change.on > on:
            later.append(change.on)
        else:
            state = _after(state, change)
    return replace(state, next_on=min(later, default=None))


def _after(state: State, change: Change) -> State:
    values = {**state.values, **change.values}
    if change.effect == "enter":
        return State("in-force", change.on, change.until, values=dict(change.values))
    if change.effect == "renew":
        return replace(state, until=change.until, values=values)
    if change.effect in ("change", "succeed"):
        return replace(state, values=values)
    standing = _STANDINGS[change.effect]
    return replace(state, standing=standing, ended_on=change.on if standing in OVER else None, values=values)
