"""Everything about one case on one screen, and what this officer may do with it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.applications import present
from madoguchi.applications.present import of_steps
from madoguchi.applications.step_answers import newest_filings
from madoguchi.bookings.visits import appointment
from madoguchi.cases.actions import leads_forward
from madoguchi.cases.flow import Outcome
from madoguchi.cases.models import Case
from madoguchi.cases.queries import clock, flow_of, lookalikes, ticks
from madoguchi.cases.sentences import language, position_name, result_name, step_name
from madoguchi.catalogue.queries import procedure_name
from madoguchi.decisions.actions import next_seat, sits_in
from madoguchi.decisions.models import Approval, Draft
from madoguchi.payments.paying.fees import charge_of
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Role
from madoguchi.town.offices import office_name, town

from . import money, registers
from .inbox import row
from .words import letters, record

MOST_ALIKE = 10
COUNTER = (*CASE_WORKERS, Role.CLERK)


def answers(case: Case) -> dict[str, Any]:
    """The answers as they stand, with those marked that the last correction changed; none once they were purged."""
    filings = list(case.filings.filter(step="").order_by("-number")[:2])
    if not filings:
        return {"parts": [], "filing": None}
    newest = filings[0].answers
    before = filings[1].answers if len(filings) > 1 else newest
    changed = frozenset(key for key in {*newest, *before} if newest.get(key) != before.get(key))
    return {"parts": present.shown(case.compiled, newest, language(), changed, filings[0].typed), "filing": filings[0]}


def checklist(case: Case) -> list[dict[str, Any]]:
    """The lines to check at this step, ticked or not."""
    lines = case.compiled.procedure.checklist.get(case.step, ())
    ticked = {check.item: check for check in ticks(case).filter(step=case.step).select_related("by")}
    return [{"line": line, "check": ticked.get(line.id)} for line in lines]


def checked(case: Case) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every check list of the procedure with who ticked what and when, step by step, for whoever decides."""
    ticked = {(one.step, one.item): one for one in ticks(case).select_related("by")}
    lists = case.compiled.procedure.checklist
    return [
        (step_name(case, step), [{"line": line, "check": ticked.get((step, line.id))} for line in lists[step]])
        for step in flow_of(case).step_by_id
        if step in lists
    ]


def left_open(case: Case) -> dict[str, Any]:
    """What is unchecked and unpaid before a notification is acknowledged."""
    lines = [item["line"] for item in checklist(case) if not item["check"]]
    return {"unchecked": lines, "unpaid": case.unpaid, "name": procedure_name(case.procedure)}


def sent_back(case: Case) -> list[Approval]:
    """The seats that sent a draft of the case back, with their reasons, newest first."""
    return list(Approval.objects.filter(draft__case=case, outcome="sent-back").select_related("by").order_by("-at"))


@dataclass(frozen=True)
class MayDo:
    """What this officer may do with the case now; only that is offered."""

    work: bool
    answer: str = ""
    """The title of what the step asks, where it asks."""
    steps: Sequence[tuple[str, str]] = ()
    correct: bool = False
    draft: bool = False
    acknowledge: bool = False
    seat: Approval | None = None
    as_deputy: bool = False


def may_do(case: Case, actor: Actor, today: date) -> MayDo:
    """The actions open to this officer at this step."""
    seat, as_deputy = my_seat(case, actor, today)
    if not actor.holds(case.office) or not case.is_open:
        return MayDo(False, seat=seat, as_deputy=as_deputy)
    flow = flow_of(case)
    outcomes = flow.outcomes(case.step, "officer")
    if asked := asked_now(case):
        step, resting = flow.step_by_id[case.step], case.compiled.procedure.asks[case.step].only_if
        aside = {name: one for name, one in outcomes.items() if not leads_forward(flow, step, one)}
        outcomes = {name: one for name, one in aside.items() if name not in resting}
    corrections = [name for name, one in outcomes.items() if leads_to_correction(case, one)]
    ends = [name for name, one in outcomes.items() if one.to in flow.end_by_id]
    own_verbs = {*corrections, *ends, "drafted"}
    return MayDo(
        work=True,
        answer=asked,
        steps=[(name, one.text(language())) for name, one in outcomes.items() if name not in own_verbs],
        correct=bool(corrections),
        draft="drafted" in outcomes,
        acknowledge=bool(ends),
        seat=seat,
        as_deputy=as_deputy,
    )


def asked_now(case: Case) -> str:
    """The title of what the present step asks; "" where it asks nothing."""
    asked = case.compiled.procedure.asks.get(case.step)
    return case.compiled.words(language()).text(f"asks.{case.step}.title", asked.title) if asked else ""


def offered(case: Case) -> dict[str, Outcome]:
    """The outcomes that an officer may choose with the answers to what the present step asks."""
    every = flow_of(case).outcomes(case.step, "officer")
    return {name: one for name, one in every.items() if not leads_to_correction(case, one)}


def leads_to_correction(case: Case, outcome: Outcome) -> bool:
    """Whether an outcome asks the applicant for a correction, which has its own page."""
    target = flow_of(case).step_by_id.get(outcome.to)
    return target is not None and target.is_correction


def my_seat(case: Case, actor: Actor, today: date) -> tuple[Approval | None, bool]:
    """The seat in which this officer may approve now, and whether as a deputy (代決); never one's own draft."""
    draft = case.drafts.filter(state=Draft.State.PENDING).first()
    seat = next_seat(draft) if draft else None
    if draft is None or seat is None or (actor.officer and draft.drafted_by_id == actor.officer.pk):
        return None, False
    sits, as_deputy = sits_in(seat, actor, today)
    return (seat if sits else None), as_deputy


def whole(case: Case, actor: Actor, today: date) -> dict[str, Any]:
    """Everything the case's screen shows."""
    line = row(case, today)
    return {
        "case": case,
        "name": line.procedure,
        "step": line.step,
        "row": line,
        "office": office_name(case.office),
        "reference": case.reference,
        "file_url": "desk:file",
        "offices": [(o.code, o.in_language(language())) for o in town().offices.values() if o.code != case.office],
        "may": may_do(case, actor, today),
        "visitor": visitor(case, actor),
        "may_withdraw_document": actor.holds(case.office, [Role.MANAGER, Role.DIRECTOR]),
        "alike": list(lookalikes(case) & Case.objects.for_actor(actor))[:MOST_ALIKE],
        "checklist": checklist(case),
        "checked": checked(case),
        "sent_back": sent_back(case),
        "record": record(case),
        "letters": letters(case),
        "appointments": appointment.coming(case),
        "counters": [(one.code, one.name.said(language())) for one in appointment.counters_for(case.procedure)],
        **standing(case, today),
        **conversations(case, actor),
        **outcome(case),
        **answers(case),
        **registers.of_case(case),
        "of_steps": of_steps(case, newest_filings(case), language()),
        **money.charge(charge_of(case), actor),
    }


def visitor(case: Case, actor: Actor) -> dict[str, bool]:
    """What can be entered for an applicant who stands at the counter; empty when nothing can."""
    if not actor.holds(case.office, COUNTER):
        return {}
    waits = case.is_open and case.corrections.filter(answered_at__isnull=True).exists()
    may = {"correct": waits, "withdraw": case.is_open and "withdrawn" in flow_of(case).outcomes(case.step)}
    return may if any(may.values()) else {}


def standing(case: Case, today: date) -> dict[str, Any]:
    """How much of the standard period has gone."""
    found = clock(case)
    if found is None:
        return {"clock": None}
    return {"clock": found, "used": found.used(today), "remaining": found.remaining(today)}


def conversations(case: Case, actor: Actor) -> dict[str, Any]:
    """What was written about the case: notes, consultations, corrections."""
    asked = case.consultations.select_related("asked_by", "answered_by").order_by("-asked_at")
    return {
        "notes": list(case.notes.select_related("by").order_by("-at")),
        "consultations": [
            {"one": one, "office": office_name(one.office), "mine": actor.holds(one.office) and not one.answered_at}
            for one in asked
        ],
        "corrections": list(case.corrections.select_related("asked_by").order_by("-asked_at")),
    }


def outcome(case: Case) -> dict[str, Any]:
    """Drafts with their seats, and the documents that were issued."""
    drafts = case.drafts.prefetch_related("approvals__by").select_related("drafted_by").order_by("-pk")
    return {
        "drafts": [
            {
                "one": draft,
                "result": result_name(case, draft.result),
                "seats": [
                    {"one": seat, "position": position_name(seat.position), "office": office_name(seat.office)}
                    for seat in draft.approvals.all()
                ],
            }
            for draft in drafts
        ],
        "documents": list(case.credentials.defer("pdf")),
    }
