"""Flows: the few courses a case can take, as tables of steps (`flows/<code>.yaml`), read, checked and followed.

A flow knows nothing of a particular case: who did what, and when, stands in its events; here is what may come next.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Role = Literal["officer", "approver", "applicant", "system"]
ClockState = Literal["runs", "paused", "stopped"]
Decision = Literal["granted", "granted-in-part", "refused", "acknowledged"]
Language = Literal["ja", "en", "ja-easy"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]

BY_DECISION: Final = "decision"
"""As the target of an outcome: the end whose decision is the one that was drafted."""
REFUSING: Final[frozenset[str]] = frozenset({"refused", "granted-in-part"})
"""Decisions that take something from the applicant: only an approver may bring them about (行政手続法第8条)."""


class Strict(BaseModel):
    """A part of a flow; a misspelt key is a fault, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Strict):
    """Something shown to people: its name in Japanese, English and やさしい日本語."""

    name: str = Field(min_length=1, max_length=40)
    name_en: str = Field(min_length=1, max_length=80)
    name_easy: str = Field(min_length=1, max_length=60)

    def text(self, language: Language, of: Literal["name", "help"] = "name") -> str:
        """The name (or help, "" where none was written) for a reader of `language`."""
        return str(getattr(self, of + {"ja": "", "en": "_en", "ja-easy": "_easy"}[language]))


class Wait(Strict):
    """How long the system waits before it reports the step's only outcome."""

    days: int = Field(ge=1, le=730)
    unit: Literal["working", "calendar"]


class Outcome(Named):
    """One way to leave a step. `by`: who may say so, when it is not the step's own role."""

    to: str = Field(description='A step, an end, or "decision": the end of the decision that was drafted.')
    by: Role | None = None


class Step(Named):
    """One step. Its first outcome is the usual one and makes the applicant's timeline."""

    id: Id
    by: Role
    clock: ClockState = Field(description="The standard period at this step: runs, or is paused (行政手続法第7条).")
    wait: Wait | None = None
    help: str = ""
    help_en: str = ""
    help_easy: str = ""
    outcomes: dict[Id, Outcome] = Field(min_length=1)

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


class FlowFault(NamedTuple):
    """One fault of a flow: the step (or end) where it is, what is wrong, and what to do."""

    step: str
    sentence: str
    remedy: str


class FlowsRefused(ValueError):
    """Flows that cannot be used. `faults`: by file name, every fault found."""

    def __init__(self, faults: Mapping[str, tuple[FlowFault, ...]]) -> None:
        self.faults = dict(faults)
        lines = (f"{file}: {f.step}: {f.sentence} → {f.remedy}" for file, found in faults.items() for f in found)
        super().__init__("\n".join(lines))


class OutcomeRefused(ValueError):
    """An outcome that the step does not have; the text is a Japanese sentence that lists those possible."""

    def __init__(self, sentence: str, possible: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.possible = possible


class Flow(Named):
    """A course a case can take. `anywhere` holds the outcomes that every step has (取下げ)."""

    code: Id
    kinds: tuple[Literal["application", "notification"], ...] = Field(min_length=1)
    decisions: tuple[Decision, ...] = Field(min_length=1)
    start: str
    steps: tuple[Step, ...] = Field(min_length=1)
    anywhere: dict[Id, Outcome] = Field(default_factory=dict)
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


def load_flows(directory: Path) -> dict[str, Flow]:
    """Every `<code>.yaml` of a directory, by code; the caller keeps them. Raises `FlowsRefused` with all faults."""
    flows: dict[str, Flow] = {}
    faults: dict[str, tuple[FlowFault, ...]] = {}
    for path in sorted(directory.glob("*.yaml")):
        try:
            flows[path.stem] = Flow.model_validate(YAML(typ="safe", pure=True).load(path))
            faults[path.name] = check_flow(flows[path.stem], path.stem)
        except (YAMLError, ValidationError) as error:
            faults[path.name] = (FlowFault("", str(error), "See flows/README.md for the format."),)
    if any(faults.values()):
        raise FlowsRefused(faults)
    return flows


def check_flow(flow: Flow, code: str | None = None) -> tuple[FlowFault, ...]:
    """Every fault of a flow (whose code must be `code`, if given). Unknown targets come alone: they hide the rest."""
    if code not in (None, flow.code):
        return (FlowFault("", f"The code {flow.code} is not the file's name.", f"Name the file {flow.code}.yaml."),)
    return tuple(_unknown(flow)) or tuple(fault for check in _CHECKS for fault in check(flow))


def _unknown(flow: Flow) -> Iterator[FlowFault]:
    known = {BY_DECISION, *flow.step_by_id, *flow.end_by_id}
    if flow.start not in flow.step_by_id:
        yield FlowFault(flow.start, "The flow starts at a step that does not exist.", "Write a step's id in start.")
    for place, outcomes in [("anywhere", flow.anywhere), *((step.id, step.outcomes) for step in flow.steps)]:
        for name, outcome in outcomes.items():
            if outcome.to not in known:
                yield FlowFault(place, f"{name} leads to {outcome.to}, which does not exist.", "Name a step or an end.")


def _targets(flow: Flow, *outcomes: Outcome) -> set[str]:
    decided = {end.id for end in flow.ends if end.decision in flow.decisions}
    return set().union(*(decided if outcome.to == BY_DECISION else {outcome.to} for outcome in outcomes))


def _unreachable(flow: Flow) -> Iterator[FlowFault]:
    reached = {flow.start} | _targets(flow, *flow.anywhere.values())
    leaving = {step.id: _targets(flow, *step.outcomes.values()) for step in flow.steps}
    while more := set().union(*(leaving.get(one, ()) for one in reached)) - reached:
        reached |= more
    for one in (*flow.step_by_id, *flow.end_by_id):
        if one not in reached:
            yield FlowFault(one, "Nothing leads here.", "Add an outcome that leads here, or take it out.")


def _endless(flow: Flow) -> Iterator[FlowFault]:
    for step in flow.steps:
        usual = next(iter(path_to_decision(flow, step.id)[-1].outcomes.values()))
        if usual.to in flow.step_by_id:
            sentence = "No end can be reached from here along the usual (first) outcomes."
            yield FlowFault(step.id, sentence, "Write the outcome that leads towards an end first.")


def _decisions(flow: Flow) -> Iterator[FlowFault]:
    kinds, decisions = set(flow.kinds), set(flow.decisions)
    if {one == "notification" for one in kinds} != {one == "acknowledged" for one in decisions} or len(kinds) > 1:
        sentence = "A notification has no yes or no; an application has (行政手続法第37条)."
        yield FlowFault("decisions", sentence, "Write [acknowledged] for kinds: [notification], and only there.")
    if sorted(end.decision for end in flow.ends if end.decision) != sorted(flow.decisions):
        yield FlowFault("ends", "Not every decision has exactly one end.", "Write one end for each of decisions.")


def _refusals(flow: Flow) -> Iterator[FlowFault]:
    refusing = {end.id for end in flow.ends if end.decision in REFUSING}
    for step in flow.steps:
        for name, outcome in step.outcomes.items():
            if step.by != "approver" and _targets(flow, outcome) & refusing:
                yield FlowFault(step.id, f"{name} refuses outside the approval.", "Lead it to drafting, then approval.")


def _waits(flow: Flow) -> Iterator[FlowFault]:
    for step in flow.steps:
        if (step.by == "system") != (step.wait is not None) or (step.wait and len(step.outcomes) > 1):
            yield FlowFault(step.id, "A wait needs by: system and one outcome.", "Write both, or neither.")
        if step.by == "applicant" and step.clock == "runs":
            yield FlowFault(step.id, "The clock runs while the office waits.", "Write clock: paused.")


def _anywhere(flow: Flow) -> Iterator[FlowFault]:
    for name, outcome in flow.anywhere.items():
        end = flow.end_by_id.get(outcome.to)
        if end is None or end.decision or outcome.by is None:
            yield FlowFault("anywhere", f"{name} must end undecided, and say by whom.", "Write to: and by:.")
        if shadowed := [step.id for step in flow.steps if name in step.outcomes]:
            yield FlowFault(shadowed[0], f"{name} stands under anywhere already.", "Take it out of the step.")


_CHECKS: Final = (_unreachable, _endless, _decisions, _refusals, _waits, _anywhere)
