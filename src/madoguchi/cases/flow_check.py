"""Reading flows (`flows/<code>.yaml`) and checking them: every fault with its remedy, all at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from madoguchi.foundation import yaml12
from madoguchi.foundation.languages import TRANSLATIONS, said

from .flow import AT_DELIVERY, BY_DECISION, REFUSING, Flow, Named, Outcome, path_to_decision


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


def load_flows(directory: Path) -> dict[str, Flow]:
    """Every `<code>.yaml` of a directory, by code; the caller keeps them. Raises `FlowsRefused` with all faults."""
    flows: dict[str, Flow] = {}
    faults: dict[str, tuple[FlowFault, ...]] = {}
    for path in sorted(directory.glob("*.yaml")):
        try:
            flows[path.stem] = Flow.model_validate(yaml12.load(path.read_text("utf-8")))
            faults[path.name] = check_flow(flows[path.stem], path.stem)
        except (yaml12.YamlRefused, ValidationError) as error:
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


def _unfinished(flow: Flow) -> Iterator[FlowFault]:
    """A step that still lies on the usual way from where an outcome leads cannot be finished by it."""
    for step in flow.steps:
        for name, outcome in step.outcomes.items():
            ahead = path_to_decision(flow, outcome.to) if outcome.to in flow.step_by_id else ()
            if outcome.finishes and step in ahead and not step.is_correction and not ahead[0].is_correction:
                sentence = f"{name} leads to where {step.id} is still to come, and would be told as its end."
                yield FlowFault(step.id, sentence, "Write finishes: false.")


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


def _fees(flow: Flow) -> Iterator[FlowFault]:
    if flow.fee_due is None:
        return
    if flow.fee_due not in {AT_DELIVERY, *flow.step_by_id} or flow.fee_due == flow.start:
        yield FlowFault(
            "fee_due", "The fee is due before a step that does not exist.", "Name a later step, or delivery."
        )
    lapses = "lapsed" in flow.anywhere and flow.anywhere["lapsed"].by == "system"
    if (flow.fee_due != AT_DELIVERY) != lapses:
        sentence = "A fee that is due before a step lets the case lapse; one that is due at delivery does not."
        yield FlowFault("fee_due", sentence, "Write lapsed (by: system) under anywhere, or take it out.")


def _unsaid(flow: Flow) -> Iterator[FlowFault]:
    """What a file leaves unsaid; a stored flow may be older than a language."""
    ways = [*flow.anywhere.values(), *(one for step in flow.steps for one in step.outcomes.values())]
    everything: tuple[Named, ...] = (flow, *flow.steps, *flow.ends, *ways)
    for one in everything:
        for language in TRANSLATIONS:
            if language.whole and not said(one, "name", language.code):
                yield FlowFault(one.name, f"It has no name in {language.name}.", f"Write name_{language.key}.")


_CHECKS: Final = (_unsaid, _unreachable, _endless, _unfinished, _decisions, _refusals, _waits, _anywhere, _fees)
