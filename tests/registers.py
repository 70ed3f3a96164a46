"""Permits that stand in a register, and the cases that renew and end them."""

from madoguchi.cases.actions import advance_step, tick
from madoguchi.decisions.actions import next_seat
from madoguchi.desk import actions as desk
from madoguchi.foundation.dates import add_years
from madoguchi.registers import actions
from madoguchi.registers.directory import registers
from tests import paying, town

CHANGE, SUCCESSION = "food-business-change", "food-business-succession"


def at_drafting(answers=None, example="accepted-new-restaurant-person"):
    """A restaurant's application whose decision can be drafted."""
    case = paying.paid(town.applied(town.RESTAURANT, example, **(answers or {})))
    by = town.worker_of(case)
    for outcome in ("complete", "reviewed"):
        for line in case.compiled.procedure.checklist.get(case.step, ()):
            tick(case, item=line.id, done=True, by=by)
        case.refresh_from_db()
        advance_step(case, outcome=outcome, by=by)
        case.refresh_from_db()
    return case


def decided(case, result="granted"):
    """The case, decided by everybody in the chain."""
    reasons = {"reasons": ["facility_standard"], "explanation": "手洗い設備がない。"} if result == "refused" else {}
    draft = desk.propose(case, result=result, by=town.worker_of(case), **reasons)
    while not case.credentials.exists():
        desk.approve(draft, by=town.holder_of_seat(next_seat(draft)))
    case.refresh_from_db()
    return case


def permitted(answers=None):
    """A restaurant with its permit."""
    return decided(at_drafting(answers))


def renewal_of(first, *, confirmed=True):
    """The renewal of a permit, ready to be drafted; an officer compared it with the register."""
    number = first.decision.document_number
    case = at_drafting({"previous_permit_number": number}, "accepted-renewal-corporation-well")
    if confirmed:
        actions.confirm(case, number=number, by=town.worker_of(case))
    return case


def a_holding(since, values=None, number="8中保第999号"):
    """What a register holds, as if a list had been taken over."""
    defined = registers()["food-business"]
    holding = actions.begin(defined, number=number, office=defined.register.office)
    said = {"trade_name": "食堂さくら", "operator": {"kind": "person", "name": "山田 花子"}, **(values or {})}
    actions.enter(holding, defined, effect="enter", values=said, on=since, until=add_years(since, 6), by=town.sasaki())
    return holding


def changed(first, name):
    """The notification that a shop has another name, finished."""
    said = {"permit_number": first.decision.document_number, "changes": ["trade_name"], "new_trade_name": name}
    rest = {key: None for key in town.example(CHANGE, "accepted-person-new-name") if key.startswith("new_")}
    said = {
        **rest,
        **said,
        "new_trade_name_kana": "アタラシイミセ",
        "supervisor_pledge": None,
        "changed_on": "2026-04-02",
    }
    case = town.applied(CHANGE, "accepted-person-new-name", **said)
    town.acknowledged(case)
    return case


def succeeded(first):
    """The notification that somebody took a shop over, finished."""
    case = town.applied(SUCCESSION, permit_number=first.decision.document_number)
    town.acknowledged(case)
    return case


def closure_of(first, *, closed_on, number=""):
    """The notification that a shop closed."""
    said = {"permit_number": first.decision.document_number if first else number, "closed_on": closed_on}
    return town.applied(town.CLOSURE, "accepted-person-closed", **{k: v for k, v in said.items() if v})
