"""The case on one screen, and what an officer does with it."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.cases import actions as cases
from madoguchi.cases.actions import ActionRefused
from madoguchi.cases.models import Case
from madoguchi.cases.queries import flow_of, today
from madoguchi.credentials import actions as credentials
from madoguchi.decisions import actions as decisions
from madoguchi.decisions.models import NEEDS_REASONS
from madoguchi.foundation.dates import add_open_days
from madoguchi.people.access import acting

from .. import actions, queries

ANSWER_IN_OPEN_DAYS = 10


def load(request: HttpRequest, reference: str) -> Case:
    """The case as this officer may see it; otherwise it does not exist."""
    return get_object_or_404(Case.objects.for_actor(acting(request)), reference=reference)


def show(request: HttpRequest, case: Case, refused: str = "", status: int = 200) -> HttpResponse:
    """The screen; after a refusal with its sentence on top and what was typed."""
    context = queries.whole(case, acting(request), today())
    return render(request, "desk/case.html", {**context, "refused": refused, "typed": request.POST}, status=status)


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the file; that it was read is recorded and shown to the applicant."""
    found = load(request, reference)
    cases.record_read(found, by=acting(request))
    found.refresh_from_db()
    return show(request, found)


def does(action: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A POST on a case: do it and go back to the case; a refusal shows the case with its sentence."""

    @wraps(action)
    def view(request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponse:
        found = load(request, reference)
        try:
            action(request, found, **kwargs)
        except ActionRefused as refused:
            found = load(request, reference)
            return show(request, found, str(refused), 409 if refused.conflict else 422)
        return redirect("desk:case", reference)

    return require_POST(view)


@does
def take(request: HttpRequest, case: Case) -> None:
    """Become the one who works on it."""
    cases.take(case, by=acting(request))


@does
def step(request: HttpRequest, case: Case) -> None:
    """End the present step."""
    cases.advance_step(case, outcome=request.POST.get("outcome", ""), by=acting(request))


@does
def note(request: HttpRequest, case: Case) -> None:
    """Leave a note for colleagues."""
    cases.note(case, text=request.POST.get("text", ""), by=acting(request))


@does
def check(request: HttpRequest, case: Case) -> None:
    """Save the check list as ticked."""
    ticked = set(request.POST.getlist("item"))
    for line in case.compiled.procedure.checklist.get(case.step, ()):
        cases.tick(case, item=line.id, done=line.id in ticked, by=acting(request))


@does
def consult(request: HttpRequest, case: Case) -> None:
    """Ask another office."""
    cases.consult(
        case, office=request.POST.get("office", ""), question=request.POST.get("question", ""), by=acting(request)
    )


@does
def answer(request: HttpRequest, case: Case, number: int) -> None:
    """Answer another office's question."""
    consultation = get_object_or_404(case.consultations, pk=number)
    cases.answer_consultation(consultation, answer=request.POST.get("answer", ""), by=acting(request))


@does
def approve(request: HttpRequest, case: Case, number: int) -> None:
    """Approve at one's seat."""
    draft = get_object_or_404(case.drafts, pk=number)
    actions.approve(draft, by=acting(request), comment=request.POST.get("comment", ""))


@does
def send_back(request: HttpRequest, case: Case, number: int) -> None:
    """Send the draft back."""
    draft = get_object_or_404(case.drafts, pk=number)
    decisions.send_back(draft, by=acting(request), comment=request.POST.get("comment", ""))


@does
def acknowledge(request: HttpRequest, case: Case) -> None:
    """Finish a notification."""
    actions.acknowledge(case, by=acting(request))


@does
def withdraw_document(request: HttpRequest, case: Case, number: int) -> None:
    """Withdraw an issued document."""
    credential = get_object_or_404(case.credentials, pk=number)
    credentials.withdraw(credential, reason=request.POST.get("reason", ""), by=acting(request))


def correction(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose what must be corrected, and say why for each."""
    found = load(request, reference)
    if request.method != "POST":
        return _correction(request, found)
    chosen = request.POST.getlist("question")
    items = [(question, request.POST.get(f"why.{question}", "")) for question in chosen]
    try:
        answer_by = date.fromisoformat(request.POST.get("answer_by", ""))
    except ValueError:
        return _correction(request, found, _("回答の目安の日を選んでください。"), 422)
    try:
        cases.ask_correction(found, items=items, answer_by=answer_by, by=acting(request))
    except ActionRefused as refused:
        return _correction(request, found, str(refused), 409 if refused.conflict else 422)
    return redirect("desk:case", reference)


def _correction(request: HttpRequest, case: Case, refused: str = "", status: int = 200) -> HttpResponse:
    words = case.compiled.words(queries.language())
    chosen = request.POST.getlist("question")
    questions = [
        (q.id, words.text(f"questions.{q.id}.label", q.label), q.id in chosen, request.POST.get(f"why.{q.id}", ""))
        for q in case.compiled.questions
    ]
    usual = add_open_days(today(), ANSWER_IN_OPEN_DAYS).isoformat()
    context = {
        "case": case,
        "questions": questions,
        "answer_by": request.POST.get("answer_by", usual),
        "refused": refused,
    }
    return render(request, "desk/correction.html", context, status=status)


def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose a decision (起案)."""
    found = load(request, reference)
    if request.method != "POST":
        return _draft(request, found)
    try:
        decisions.propose(
            found,
            result=request.POST.get("result", ""),
            reasons=request.POST.getlist("reason"),
            explanation=request.POST.get("explanation", ""),
            conditions=request.POST.get("conditions", "").splitlines(),
            by=acting(request),
        )
    except ActionRefused as refused:
        return _draft(request, found, str(refused), 409 if refused.conflict else 422)
    return redirect("desk:case", reference)


def _draft(request: HttpRequest, case: Case, refused: str = "", status: int = 200) -> HttpResponse:
    procedure, words = case.compiled.procedure, case.compiled.words(queries.language())
    if not case.is_open or "drafted" not in flow_of(case).outcomes(case.step):
        raise Http404(_("この段階では起案できません。"))
    results = [
        (result, queries.result_name(case, result), result in NEEDS_REASONS) for result in flow_of(case).decisions
    ]
    reasons = [(r.id, words.text(f"refusal_reasons.{r.id}", r.text), str(r.law)) for r in procedure.refusal_reasons]
    before = case.drafts.order_by("-pk").first()
    context = {
        "case": case,
        "results": results,
        "reasons": reasons,
        "chosen": request.POST.getlist("reason") or (before.reasons if before else []),
        "result": request.POST.get("result") or (before.result if before else ""),
        "explanation": request.POST.get("explanation", before.explanation if before else ""),
        "conditions": request.POST.get("conditions", "\n".join(before.conditions) if before else ""),
        "fixed_conditions": procedure.outcome.conditions,
        "sent_back": before.approvals.filter(outcome="sent-back").first()
        if before and before.state == "sent-back"
        else None,
        "refused": refused,
    }
    return render(request, "desk/draft.html", context, status=status)
