"""From a decision (or a notification) to what is printed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from madoguchi.applications.step_answers import answers_of
from madoguchi.cases.models import Case
from madoguchi.catalogue.judgement import Answers
from madoguchi.catalogue.questions.address import shown_address
from madoguchi.decisions.actions import decide
from madoguchi.decisions.models import NEEDS_REASONS, Decision, Draft
from madoguchi.foundation.dates import format_ja
from madoguchi.paper.document import Addressee, Document, Issuer, Office, Reason
from madoguchi.town.offices import contact_lines, town

FORMS = {"acknowledgement": "notification-receipt"}


def of_decision(decision: Decision, code: str, answers: Answers | None = None) -> Document:
    """The document of a decision: the permit and its kin, or the refusal; `answers` the last ones (None: as stored)."""
    case, outcome = decision.case, decision.case.compiled.procedure.outcome
    answers = answers_of(case) if answers is None else answers
    refused = decision.result == "refused"
    return Document(
        form="refusal" if refused else FORMS.get(outcome.document, outcome.document),
        number=decision.document_number,
        issued_on=decision.decided_on,
        title=_title(decision),
        lead=_refusal_lead(decision) if refused else outcome.lead,
        rows=tuple(_facts(case, answers)),
        conditions=tuple(decision.conditions),
        valid=(decision.valid_from, decision.valid_until) if decision.valid_until else None,
        reasons=_reasons(decision),
        appeal=tuple(decision.appeal),
        **_common(case, code, answers),
    )


def of_draft(draft: Draft, valid_from: date | None = None) -> Document:
    """What the decision of a draft would look like: unsigned, and marked as a draft in place of its number."""
    in_place = "（案）番号は決裁時に付きます"
    as_decided = decide(draft.case, draft, number=0, document_number=in_place, valid_from=valid_from)
    return of_decision(as_decided, "draft" + "x" * 27)


def of_notification(
    case: Case, number: str, code: str, *, on: date | None = None, answers: Answers | None = None
) -> Document:
    """The receipt of a notification, given on a day (None: today). `answers`: the last ones (None: as stored)."""
    outcome = case.compiled.procedure.outcome
    answers = answers_of(case) if answers is None else answers
    return Document(
        form="notification-receipt",
        number=number,
        issued_on=on or timezone.localdate(),
        title=outcome.title,
        lead=outcome.lead,
        rows=tuple(_facts(case, answers)),
        **_common(case, code, answers),
    )


def _title(decision: Decision) -> str:
    procedure = decision.case.compiled.procedure
    if decision.result == "refused":
        return f"{procedure.name}に関する拒否決定通知書"
    return procedure.outcome.title


def _refusal_lead(decision: Decision) -> str:
    received = timezone.localdate(decision.case.received_at)
    return (
        f"{format_ja(received)}付けで申請のあった「{decision.case.compiled.procedure.name}」については、"
        "次の理由により認めないことに決定したので、通知します。"
    )


def _reasons(decision: Decision) -> tuple[Reason, ...]:
    if decision.result not in NEEDS_REASONS:
        return ()
    *others, last = [Reason(reason["text"], reason["law"]) for reason in decision.reasons]
    # The facts follow the last reason: the law asks for the reasons and the facts they rest on.
    return (*others, Reason(f"{last.text}（あてはまる事実：{decision.explanation}）", last.basis))


def _common(case: Case, code: str, answers: Answers) -> dict[str, Any]:
    office = town().offices[case.office]
    return {
        "addressee": _addressee(case, answers),
        "issuer": Issuer(town().head),
        "office": Office(office.name, contact_lines(case.office)),
        "reference": case.reference,
        "verify_url": f"{settings.PUBLIC_URL}/verify/{code}/",
        "verify_code": "-".join(code[n : n + 4] for n in range(0, 32, 4)),
        "subject": str(case.pk),
        "law": tuple(str(law) for law in case.compiled.procedure.law),
    }


def _addressee(case: Case, answers: Answers) -> Addressee:
    for party in case.compiled.parties_in(answers):
        lines = (shown_address(party["address"]),) if party.get("address") else ()
        head = party.get("representative") if party["kind"] != "person" else None
        return Addressee(party["name"] + (f"　代表者 {head}" if head else ""), lines)
    return Addressee(case.title or "申請者")


def _facts(case: Case, answers: Answers) -> Iterator[tuple[str, str]]:
    words = case.compiled.words("ja")
    for fact in case.compiled.procedure.outcome.facts:
        identifier, _dot, part = fact.value.partition(".")
        question = case.compiled.every[identifier]
        if identifier not in answers:
            continue
        value, of = answers[identifier], words.of(f"questions.{identifier}")
        parts = question.show_parts(value, of) if part else None
        shown = question.show(value, of) if parts is None else next((p.text for p in parts if p.part == part), "")
        if shown:
            yield fact.label, shown
