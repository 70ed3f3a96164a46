"""The case on one screen, and what an officer does with it in one press."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.cases import actions as cases
from madoguchi.cases.models import Case
from madoguchi.credentials import actions as credentials
from madoguchi.decisions import actions as decisions
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.foundation.text import is_blank
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused

from .. import actions, queries

FREE_TEXTS = ("text", "question", "answer", "comment", "reason")


def load(request: HttpRequest, reference: str) -> Case:
    """The case as this officer may see it; otherwise it does not exist."""
    if parse_reference(reference) != reference:
        raise Http404
    return get_object_or_404(Case.objects.for_actor(acting(request)), reference=reference)


def opened(request: HttpRequest, reference: str) -> Case:
    """The case, opened: that it was read is recorded and shown to the applicant."""
    found = load(request, reference)
    cases.record_read(found, by=acting(request))
    found.refresh_from_db()
    return found


def show(request: HttpRequest, case: Case, refused: str = "", status: int = 200) -> HttpResponse:
    """The screen; after a refusal with its sentence on top and what was typed."""
    context = queries.whole(case, acting(request), today())
    # Where somebody was faster, the form that was typed into may be gone: its words are shown beside the sentence.
    typed = [request.POST.get(name, "") for name in FREE_TEXTS] if status == 409 else []
    kept = [text for text in typed if not is_blank(text)]
    told = {"refused": refused, "kept": kept, "typed": request.POST}
    return render(request, "desk/case.html", {**context, **told}, status=status)


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the file."""
    return show(request, opened(request, reference))


def status_of(refused: ActionRefused) -> int:
    """409 when somebody else was faster, else 422."""
    return 409 if refused.conflict else 422


def does(action: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A POST on a case: do it and go back to the case; a refusal shows the case with its sentence."""

    @wraps(action)
    def view(request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponse:
        found = load(request, reference)
        try:
            action(request, found, **kwargs)
        except ActionRefused as refused:
            return show(request, load(request, reference), str(refused), status_of(refused))
        return redirect("desk:case", reference)

    return require_POST(view)


@does
def take(request: HttpRequest, case: Case) -> None:
    """Become the one who works on it."""
    cases.take(case, by=acting(request))


@does
def step(request: HttpRequest, case: Case) -> None:
    """End the step that the page showed."""
    cases.advance_step(
        case, outcome=request.POST.get("outcome", ""), seen=request.POST.get("seen", ""), by=acting(request)
    )


@does
def note(request: HttpRequest, case: Case) -> None:
    """Leave a note for colleagues."""
    cases.note(case, text=request.POST.get("text", ""), by=acting(request))


@does
def check(request: HttpRequest, case: Case) -> None:
    """Save what was changed in the check list."""
    before, now = request.POST.getlist("before"), request.POST.getlist("item")
    actions.check(case, seen=request.POST.get("seen", ""), before=before, now=now, by=acting(request))


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
    messages.success(request, _("照会に回答しました。"))


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


def acknowledge(request: HttpRequest, reference: str) -> HttpResponse:
    """Finish a notification: its page tells first what is unchecked and unpaid, and that the case ends."""
    found = load(request, reference)
    may = queries.may_do(found, acting(request), today()).acknowledge
    if request.method == "POST" and (request.POST.get("anyway") or not may):
        return _acknowledge(request, reference)
    if not may:
        return redirect("desk:case", reference)
    return render(request, "desk/acknowledge.html", {"case": found, **queries.left_open(found)})


@does
def _acknowledge(request: HttpRequest, case: Case) -> None:
    actions.acknowledge(case, by=acting(request))


@does
def withdraw_document(request: HttpRequest, case: Case, number: int) -> None:
    """Withdraw an issued document."""
    credential = get_object_or_404(case.credentials, pk=number)
    actions.withdraw_document(credential, reason=request.POST.get("reason", ""), by=acting(request))


@does
def hand_over_document(request: HttpRequest, case: Case, number: int) -> None:
    """Note that the visitor got the document on paper."""
    credentials.hand_over(get_object_or_404(case.credentials, pk=number), by=acting(request))


@does
def visitor_withdraws(request: HttpRequest, case: Case) -> None:
    """The applicant stands at the counter and withdraws."""
    if request.POST.get("confirmed") != "yes":
        raise ActionRefused(_("ご本人の意思を確かめてから、確認の欄にチェックしてください。"))
    cases.withdraw(case, by=acting(request))
