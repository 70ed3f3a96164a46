"""Flows: the few courses a case can take, as tables of steps (`flows/<code>.yaml`); `flow_check` reads and checks them.

A flow knows nothing of a particular case: who did what, and when, stands in its events; here is what may come next.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from madoguchi.foundation.languages import said, translated

Role = Literal["officer", "approver", "applicant", "system"]
ClockState = Literal["runs", "paused", "stopped"]
Decision = Literal["granted", "granted-in-part", "refused", "acknowledged"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]

AT_DELIVERY: Final = "delivery"
"""As `fee_due`: the fee is due before the document is handed over."""
BY_DECISION: Final = "decision"
"""As the target of an outcome: the end whose decision is the one that was drafted."""
REFUSING: Final[frozenset[str]] = frozenset({"refused", "granted-in-part"})
"""Decisions that take something from the applicant: only an approver may bring them about (行政手続法第8条)."""


class Strict(BaseModel):
    """A part of a flow; a misspelt key is a fault, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(translated(Strict, longest=80, name="the name")):  # type: ignore[misc]
    """Something shown to people: its name in Japanese and in every other language (`name_en`, …)."""

    name: str = Field(min_length=1, max_length=40)

    def text(self, language: str) -> str:
        """The name for a reader of `language`; Japanese where there is none."""
        return said(self, "name", language) or self.name


class Wait(Strict):
    """How long the system waits before it reports the step's only outcome."""

    days: int = Field(ge=1, le=730)
    unit: Literal["working", "calendar"]


class Outcome(Named):
    """One way to leave a step.

    `by`: who may say so, when it is not the step's own role. `finishes`: whether the step is done with it; false where
    the case goes back (差戻し) or aside (照会) and the step is still to come, so that nobody is told that it is over.
    """

    to: str = Field(description='A step, an end, or "decision": the end of the decision that was drafted.')
    by: Role | None = None
    finishes: bool = True


def _from_pairs(outcomes: Any) -> Any:
    return dict(outcomes) if isinstance(outcomes, list) else outcomes


Outcomes = Annotated[dict[Id, Outcome], BeforeValidator(_from_pairs)]
"""Outcomes by id in their order; a stored flow (`catalogue.resolved`) has them as pairs."""


class Step(translated(Named, longest=400, help="what the applicant is told beside it")):  # type: ignore[misc]
    """One step. Its first outcome is the usual one and makes the applicant's timeline."""

    id: Id
    by: Role
    clock: ClockState = Field(description="The standard period at this step: runs, or is paused (行政手続法第7条).")
    wait: Wait | None = None
    help: str = ""
    outcomes: Outcomes = Field(min_length=1)

    def advice(self, language: str) -> str:
        """What the applicant is told beside the step, for a reader of `language`; "" where nothing was written."""
        return said(self, "help", language)

    @property
    def is_correction(self) -> bool:
        """Whether the office waits for the applicant to put something right (補正)."""
        return self.by == "applicant" and self.clock == "paused"


class End(Named):
    """Where a case ends; `decision` is null when nothing was decided (取下げ)."""

    id: Id
    decision: Decision | None


class Transition(NamedTuple):
    """What an outcome leads to: a step or an end, the clock there ("stopped" at an end), and who may declare it."""

    to: str
    is_end: bool
    decision: Decision | None
    clock: ClockState
    by: Role


class OutcomeRefused(ValueError):
    """An outcome that the step does not have; the text is a Japanese sentence that lists those possible."""

    def __init__(self, sentence: str, possible: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.possible = possible


class Flow(Named):
    """A course a case can take. `anywhere` holds the outcomes that every step has (取下げ).

    `fee_due` names the step that a case does not enter while its fee is unpaid, or "delivery"; `fee_days` are the
    calendar days from arrival in which it is to be paid.
    """

    code: Id
    kinds: tuple[Literal["application", "notification"], ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field(min_length=1)
    start: str
    fee_due: str | None = None
    fee_days: int = Field(default=14, ge=1, le=365)
    steps: tuple[Step, ...] = Field(min_length=1)
    anywhere: Outcomes = Field(default_factory=dict)
    ends: tuple[End, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [BY_DECISION, *(step.id for step in self.steps), *(end.id for end in self.ends)]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"ids of steps and ends are used once, and never {BY_DECISION!r}: {', '.join(twice)}")
        return self

    @cached_property
    def step_by_id(self) -> dict[str, Step]:
        """Every step by its id."""
        return {step.id: step for step in self.steps}

    @cached_property
    def end_by_id(self) -> dict[str, End]:
        """Every end by its id."""
        return {end.id: end for end in self.ends}

    @cached_property
    def table(self) -> dict[tuple[str, str, str | None], Transition]:
        """The compiled flow: (step, outcome, decision or None) → transition. Needs a flow without faults."""
        return dict(_rows(self))

    def waits_for_fee(self, step_id: str, to: str) -> bool:
        """Whether an unpaid fee holds a case back from a step to another: into `fee_due`, or onwards from it.

        The applicant's correction always goes through, since what was sent must arrive.
        """
        if self.step_by_id[step_id].is_correction or self.fee_due is None:
            return False
        target = self.step_by_id.get(to)
        onwards = step_id == self.fee_due and target is not None and not target.is_correction
        return to == self.fee_due or onwards

    def outcomes(self, step_id: str, by: Role | None = None) -> dict[str, Outcome]:
        """The outcomes of a step (`KeyError` if unknown), then those of `anywhere`; only those `by` may declare."""
        step = self.step_by_id[step_id]
        both = {**step.outcomes, **self.anywhere}
        return {name: outcome for name, outcome in both.items() if by is None or by == (outcome.by or step.by)}


def _rows(flow: Flow) -> Iterator[tuple[tuple[str, str, str | None], Transition]]:
    decided: dict[str | None, str] = {end.decision: end.id for end in flow.ends if end.decision}
    for step in flow.steps:
        for name, outcome in flow.outcomes(step.id).items():
            by = outcome.by or step.by
            for decision, to in (decided if outcome.to == BY_DECISION else {None: outcome.to}).items():
                if end := flow.end_by_id.get(to):
                    yield (step.id, name, decision), Transition(to, True, end.decision, "stopped", by)
                else:
                    yield (step.id, name, decision), Transition(to, False, None, flow.step_by_id[to].clock, by)


def advance(flow: Flow, step_id: str, outcome: str, *, decision: str | None = None) -> Transition:
    """What `outcome` of a step leads to. `decision` is the drafted one, needed where the outcome ends by it.

    Raises `OutcomeRefused` for an unknown step, an outcome the step lacks, or a decision the flow lacks.
    """
    table = flow.table
    found = table.get((step_id, outcome, None)) or table.get((step_id, outcome, decision))
    if found is None:
        raise _refusal(flow, step_id, outcome)
    return found


def _refusal(flow: Flow, step_id: str, outcome: str) -> OutcomeRefused:
    if end := flow.end_by_id.get(step_id):
        return OutcomeRefused(f"この案件は「{end.name}」で終わっているため、結果を選べません。", ())
    if not (step := flow.step_by_id.get(step_id)):
        return OutcomeRefused(f"「{flow.name}」の流れに「{step_id}」という段階はありません。", tuple(flow.step_by_id))
    possible = {name: one.name for name, one in flow.outcomes(step_id).items()}
    if outcome in possible:
        possible = {end.decision: end.name for end in flow.ends if end.decision}
        outcome = "決定の内容がない結果"
    listed = "、".join(f"{name}({code})" for code, name in possible.items())
    return OutcomeRefused(f"「{step.name}」では「{outcome}」を選べません。選べるもの: {listed}", tuple(possible))


def path_to_decision(flow: Flow, step_id: str) -> tuple[Step, ...]:
    """The usual remaining steps, `step_id` first, along first outcomes: the applicant's timeline. Nothing at an end.

    Raises `OutcomeRefused` for an unknown step.
    """
    if step_id not in flow.step_by_id and step_id not in flow.end_by_id:
        raise _refusal(flow, step_id, "")
    path: list[Step] = []
    while (step := flow.step_by_id.get(step_id)) and step not in path:
        path.append(step)
        step_id = next(iter(step.outcomes.values())).to
    return tuple(path)
