"""The two forms with a page of their own: asking for a correction (補正), proposing a decision (起案)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from madoguchi.cases import actions as cases
from madoguchi.cases.models import Case
from madoguchi.catalogue.queries import procedure_name
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused

from .. import actions, forms, queries
from .case import load, opened, show, status_of
from .files import attached


def correction(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose what must be corrected, and say why for each."""
    if request.method != "POST":
        found = opened(request, reference)
        if not queries.may_do(found, acting(request), today()).correct:
            return show(request, found, _("この段階では補正を求められません。"), 409)
        return _correction(request, found)
    found = load(request, reference)
    try:
        cases.ask_correction(found, **forms.asked_correction(found, request.POST), by=acting(request))
    except ActionRefused as refused:
        return _correction(request, load(request, reference), str(refused), status_of(refused))
    return redirect("desk:case", reference)


def _correction(request: HttpRequest, case: Case, refused: str = "", status: int = 200) -> HttpResponse:
    context = {"case": case, "name": procedure_name(case.procedure), "refused": refused}
    filled = forms.correction_form(case, request.POST)
    return render(request, "desk/correction.html", {**context, **filled}, status=status)


def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose a decision (起案), or look first at the document that it would issue."""
    if request.method != "POST":
        found = opened(request, reference)
        if not queries.may_do(found, acting(request), today()).draft:
            return show(request, found, _("この段階では起案できません。"), 409)
        return _draft(request, found)
    found = load(request, reference)
    proposal = forms.proposed(request.POST)
    try:
        if request.POST.get("do") == "preview":
            pdf = actions.preview_proposal(found, by=acting(request), **proposal)
            return attached(pdf, "application/pdf", f"draft_{reference}.pdf")
        actions.propose(found, by=acting(request), **proposal)
    except ActionRefused as refused:
        return _draft(request, load(request, reference), str(refused), status_of(refused))
    return redirect("desk:case", reference)


def _draft(request: HttpRequest, case: Case, refused: str = "", status: int = 200) -> HttpResponse:
    context = {"case": case, "name": procedure_name(case.procedure), "refused": refused}
    return render(request, "desk/draft.html", {**context, **forms.draft_form(case, request)}, status=status)
