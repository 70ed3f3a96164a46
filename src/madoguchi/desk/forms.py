"""What the desk's two larger forms say: a correction to ask for, and a decision to propose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from madoguchi.applications import present
from madoguchi.applications.actions import last_filing
from madoguchi.cases.models import Case
from madoguchi.cases.queries import flow_of
from madoguchi.cases.sentences import language, result_name
from madoguchi.decisions.models import NEEDS_REASONS, Draft
from madoguchi.foundation.dates import DateRefused, add_open_days, plausible_day
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused

ANSWER_IN_OPEN_DAYS = 10


def asked_correction(case: Case, posted: QueryDict) -> dict[str, Any]:
    """What to ask for. Raises ActionRefused without a day, or for a question that this applicant was never asked."""
    items = [(question, posted.get(f"why.{question}", "")) for question in posted.getlist("question")]
    seen = {question.id for question in case.compiled.visible(_answers(case))}
    if not seen.issuperset(question for question, _why in items):
        raise ActionRefused(_("申請者の画面になかった項目は選べません。画面を読み直してください。"), conflict=True)
    try:
        day = plausible_day(posted.get("answer_by", ""), today())
    except DateRefused:
        day = None
    if day is None:
        raise ActionRefused(_("回答の目安の日を選んでください。"))
    return {"items": items, "answer_by": day}


def _answers(case: Case) -> Mapping[str, Any]:
    """The answers as they stand; none once they were purged."""
    return last_filing(case).answers if case.purged_at is None else {}


@dataclass(frozen=True)
class Line:
    """A question that can be asked about again, with its present answer (None where there is none)."""

    id: str
    label: str
    answer: present.Line | None
    is_chosen: bool
    why: str


def correction_form(case: Case, posted: QueryDict) -> dict[str, Any]:
    """The form with what was typed; section by section, as the applicant knows it."""
    words, chosen = case.compiled.words(language()), posted.getlist("question")
    now = _answers(case)
    visible = {question.id for question in case.compiled.visible(now)}
    answers = {line.id: line for part in present.shown(case.compiled, now, language()) for line in part.lines}

    def why(question: str) -> str:
        return str(posted.get(f"why.{question}", ""))

    sections = [
        (
            words.text(f"sections.{section.id}.title", section.title),
            [
                Line(q.id, words.text(f"questions.{q.id}.label", q.label), answers.get(q.id), q.id in chosen, why(q.id))
                for q in section.questions
                if q.id in visible
            ],
        )
        for section in case.compiled.sections
    ]
    usual = add_open_days(today(), ANSWER_IN_OPEN_DAYS).isoformat()
    return {
        "sections": sections,
        "file_url": "desk:file",
        "reference": case.reference,
        "answer_by": posted.get("answer_by", usual),
    }


def proposed(posted: QueryDict) -> dict[str, Any]:
    """The decision that was typed."""
    return {
        "result": posted.get("result", ""),
        "reasons": posted.getlist("reason"),
        "explanation": posted.get("explanation", ""),
        "conditions": posted.get("conditions", "").splitlines(),
    }


def draft_form(case: Case, request: HttpRequest) -> dict[str, Any]:
    """The form with what was typed; else with what was sent back, so that it is put right and not written anew."""
    procedure, words = case.compiled.procedure, case.compiled.words(language())
    before = case.drafts.order_by("-pk").first()
    results = [(result, result_name(case, result), result in NEEDS_REASONS) for result in flow_of(case).decisions]
    reasons = [(r.id, words.text(f"refusal_reasons.{r.id}", r.text), str(r.law)) for r in procedure.refusal_reasons]
    return {
        "results": results,
        "reasons": reasons,
        "fixed_conditions": procedure.outcome.conditions,
        "sent_back": _sent_back(before),
        **(typed_in(request.POST) if request.method == "POST" else taken_over(before)),
    }


def typed_in(posted: QueryDict) -> Mapping[str, Any]:
    """The fields as typed."""
    return {
        "result": posted.get("result", ""),
        "chosen": posted.getlist("reason"),
        "explanation": posted.get("explanation", ""),
        "conditions": posted.get("conditions", ""),
    }


def taken_over(before: Draft | None) -> Mapping[str, Any]:
    """The fields of the draft before."""
    if before is None:
        return {"result": "", "chosen": [], "explanation": "", "conditions": ""}
    return {
        "result": before.result,
        "chosen": before.reasons,
        "explanation": before.explanation,
        "conditions": "\n".join(before.conditions),
    }


def _sent_back(before: Draft | None) -> Any:
    if before is None or before.state != Draft.State.SENT_BACK:
        return None
    return before.approvals.filter(outcome="sent-back").select_related("by").first()
