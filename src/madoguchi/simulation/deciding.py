"""Draft, approval chain, decision, document number, and the signed document."""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings

from madoguchi.cases.models import Case
from madoguchi.credentials import paper
from madoguchi.credentials.actions import signer
from madoguchi.credentials.models import Credential
from madoguchi.decisions import rules
from madoguchi.decisions.actions import decide
from madoguchi.decisions.models import NEEDS_REASONS, Approval, Decision, Draft
from madoguchi.foundation.dates import fiscal_year
from madoguchi.foundation.identifiers import new_secret
from madoguchi.paper.document import Document
from madoguchi.paper.typst import render
from madoguchi.platform.sql.rows import instance, row_of
from madoguchi.registers.models import Entry, Holding
from madoguchi.registers.nightly import beginning
from madoguchi.registers.queries import act_under
from madoguchi.town.offices import town

from .dossier import Dossier, Row, Writer
from .lives import Happening

FACTS: Final = "申請書と添付書類を確かめたところ、この理由にあたる事実があった（見本）。"
SENT_BACK: Final = "理由の書き方を確かめてください。"


def _drafted(dossier: Dossier, one: Happening) -> None:
    pk, result = next(dossier.ids[Draft]), one.data["result"]
    dossier.open["draft"] = dossier.add(
        Draft, id=pk, case_id=dossier.case["id"], result=result, reasons=[], explanation="", conditions=[],
        drafted_by_id=dossier.officer("officer"), drafted_at=dossier.at, state="pending", seats=[],
    )  # fmt: skip
    if result in NEEDS_REASONS:
        possible = [reason.id for reason in dossier.story.source.compiled.procedure.refusal_reasons]
        dossier.open["draft"].update(reasons=[dossier.chance.choice(possible)], explanation=FACTS)
    seats = dossier.story.source.course.seats(result)
    for order, (office, position, joint) in enumerate(seats, 1):
        seat = dossier.add(
            Approval, draft_id=pk, order=order, office=office, position=position, joint=joint,
            final=order == len(seats), outcome="", by_id=None, at=None, comment="",
        )  # fmt: skip
        dossier.open["draft"]["seats"].append(seat)
    dossier.record("drafted", dossier.actor(one), {"draft": pk, "result": result})


def _seat(dossier: Dossier, outcome: str, comment: str = "") -> Row:
    """The seat whose turn it is, filled."""
    seat: Row = next(one for one in dossier.open["draft"]["seats"] if not one["outcome"])
    by = dossier.officer(seat["position"], seat["office"])
    seat.update(outcome=outcome, by_id=by, at=dossier.at, comment=comment)
    return seat


def _approved(dossier: Dossier, one: Happening) -> None:
    seat, draft = _seat(dossier, "approved"), dossier.open["draft"]
    if seat["final"]:
        draft["state"] = "approved"
    told = {"draft": draft["id"], "position": seat["position"], "deputy": False, "order": seat["order"]}
    dossier.record("approved", ("officer", str(seat["by_id"])), told)


def _sent_back(dossier: Dossier, one: Happening) -> None:
    seat, draft = _seat(dossier, "sent-back", SENT_BACK), dossier.open["draft"]
    draft["state"] = "sent-back"
    told = {"draft": draft["id"], "position": seat["position"]}
    dossier.record("sent-back", ("officer", str(seat["by_id"])), told)


def _number(dossier: Dossier, one: Happening) -> tuple[int, str]:
    office, year = dossier.case["office"], fiscal_year(one.at.date())
    number = next(dossier.numbers[office, year])
    return number, rules.document_number(town().offices[office].mark, year, number)


def _case(dossier: Dossier) -> Case:
    return instance(Case, {**_blank(), **dossier.case})


@cache
def _blank() -> dict[str, Any]:
    return {field.attname: None for field in Case._meta.concrete_fields}


def _decided(dossier: Dossier, one: Happening) -> None:
    number, shown = _number(dossier, one)
    draft = instance(Draft, {key: value for key, value in dossier.open["draft"].items() if key != "seats"})
    decision = decide(_case(dossier), draft, number=number, document_number=shown, on=one.at.date())
    decision.pk = next(dossier.ids[Decision])
    dossier.open["decision"] = {"one": decision}
    dossier.add(Decision, id=decision.pk, **row_of(decision))
    dossier.record("decided", dossier.actor(one), {"decision": decision.pk, "result": decision.result, "number": shown})
    if decision.result != "refused":
        _registered(dossier, one, decision)


def _registered(dossier: Dossier, one: Happening, decision: Decision) -> None:
    """Entered as new, a renewal too: of what was before this past began no register knows."""
    act = act_under(dossier.story.source.compiled, dossier.open["filing"]["answers"])
    if act is None or act.effect not in ("enter", "renew"):
        return
    holding, entry = beginning(
        act, number=decision.document_number, office=decision.office, on=decision.valid_from,
        until=decision.valid_until, at=dossier.at,
    )  # fmt: skip
    holding.pk, holding.invented = dossier.identifier(), dossier.case["invented"]
    dossier.add(Holding, **row_of(holding))
    dossier.add(Entry, **{**row_of(entry), "holding_id": holding.pk, "case_id": dossier.case["id"]})
    told = {"register": holding.register, "holding": str(holding.pk), "effect": "enter", "seq": 1}
    dossier.record("registered", dossier.actor(one), told)


def _closed(dossier: Dossier, one: Happening) -> None:
    _numeral, shown = _number(dossier, one)
    dossier.open["receipt"] = {"number": shown}
    dossier.record("closed", dossier.actor(one), {"number": shown})


def _issued(dossier: Dossier, one: Happening) -> None:
    """Render, sign and register, as `credentials.actions.issue`; the signature tells the day on which it was made."""
    if not dossier.whole:
        return
    code, pk = new_secret(), next(dossier.ids[Credential])
    document = _document(dossier, one, code)
    pdf = signer().sign(render(document, fonts=settings.FONTS_DIR))
    decision = dossier.open.get("decision")
    digest = hashlib.sha256(pdf).hexdigest()
    dossier.open["credential"] = dossier.add(
        Credential, id=pk, case_id=dossier.case["id"], form=document.form, title=document.title,
        number=document.number, code=code, pdf=pdf, sha256=digest, issued_at=dossier.at,
        valid_until=decision["one"].valid_until if decision else None,
    )  # fmt: skip
    dossier.record("issued", dossier.actor(one), {"credential": pk, "sha256": digest})


def _document(dossier: Dossier, one: Happening, code: str) -> Document:
    answers = dossier.open["filing"]["answers"]
    if found := dossier.open.get("decision"):
        return paper.of_decision(found["one"], code, answers)
    number = dossier.open["receipt"]["number"]
    return paper.of_notification(_case(dossier), number, code, on=one.at.date(), answers=answers)


def _delivered(dossier: Dossier, one: Happening) -> None:
    if credential := dossier.open.get("credential"):
        dossier.record("delivered", dossier.actor(one), {"credential": credential["id"], **one.data})


WRITERS: Final[Mapping[str, Writer]] = {
    "drafted": _drafted,
    "approved": _approved,
    "sent-back": _sent_back,
    "decided": _decided,
    "closed": _closed,
    "issued": _issued,
    "delivered": _delivered,
}
