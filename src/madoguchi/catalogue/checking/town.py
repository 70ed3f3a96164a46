"""The definition and what surrounds it: bureau, office, life events, the flow and its steps."""

from collections.abc import Iterable, Iterator

from madoguchi.platform.definitions import Fault

from .subject import Place, Subject


def town(subject: Subject) -> Iterator[Fault]:
    """Bureau, offices and life events that the town does not have."""
    procedure = subject.procedure
    yield from _known(subject, ("bureau",), "bureau", procedure.bureau, _codes(subject, "bureaus"))
    yield from _known(subject, ("office",), "office", procedure.office, _codes(subject, "offices"))
    for index, event in enumerate(procedure.life_events):
        yield from _known(subject, ("life_events", index), "life event", event, _codes(subject, "life_events"))
    for index, office in enumerate(procedure.approval.joint_on_refusal):
        yield from _known(
            subject, ("approval", "joint_on_refusal", index), "office", office, _codes(subject, "offices")
        )
    yield from _office_of_bureau(subject)


def _codes(subject: Subject, key: str) -> list[str]:
    return [row["code"] for row in subject.town.get(key, ())]


def _known(subject: Subject, place: Place, kind: str, code: str, known: Iterable[str]) -> Iterator[Fault]:
    known = list(known)
    if code not in known:
        yield subject.fault(place, f"there is no {kind} {code}", f"use one of: {', '.join(known)}.")


def _office_of_bureau(subject: Subject) -> Iterator[Fault]:
    bureaus = {row["code"]: row.get("bureau") for row in subject.town.get("offices", ())}
    bureau = bureaus.get(subject.procedure.office)
    if bureau and bureau != subject.procedure.bureau:
        sentence = f"office {subject.procedure.office} belongs to bureau {bureau}"
        yield subject.fault(("office",), sentence, f"write bureau: {bureau}, or choose another office.")


def flow(subject: Subject) -> Iterator[Fault]:
    """A flow that does not exist, does not serve this kind, or has no such step."""
    procedure, facts = subject.procedure, subject.flows.get(subject.procedure.flow)
    if facts is None:
        yield from _known(subject, ("flow",), "flow", procedure.flow, subject.flows)
        return
    if procedure.kind not in facts.kinds:
        fitting = [code for code, other in subject.flows.items() if procedure.kind in other.kinds]
        sentence = f"flow {facts.code} does not serve a procedure of kind {procedure.kind}"
        yield subject.fault(("flow",), sentence, f"use one of: {', '.join(fitting)}.")
    for step in procedure.checklist:
        if step not in facts.steps:
            sentence = f"flow {facts.code} has no step {step} at which an officer checks"
            yield subject.fault(("checklist", step), sentence, f"use one of: {', '.join(facts.steps)}.")
    for step, ask in procedure.asks.items():
        known = facts.asking.get(step)
        if known is None:
            sentence = f"flow {facts.code} has no step {step} whose officer can be asked"
            yield subject.fault(("asks", step), sentence, f"use one of: {', '.join(facts.asking) or 'another flow'}.")
        for outcome in set(ask.only_if) - set(known or ask.only_if):
            sentence = f"step {step} of flow {facts.code} has no outcome {outcome}"
            yield subject.fault(("asks", step, "only_if", outcome), sentence, f"use one of: {', '.join(known or ())}.")


def term(subject: Subject) -> Iterator[Fault]:
    """A definition that ends before it begins."""
    effective = subject.procedure.effective
    if effective.until and effective.until < effective.from_:
        sentence = f"effective until {effective.until}, before it begins on {effective.from_}"
        yield subject.fault(("effective", "until"), sentence, "correct the days, or remove until.")
