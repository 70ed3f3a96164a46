"""What a step asks: the officer answers it and finishes the step, with one press."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from madoguchi.applications import forms
from madoguchi.applications.actions import NotAccepted
from madoguchi.applications.views.form import linked
from madoguchi.cases.models import Case
from madoguchi.cases.sentences import language
from madoguchi.catalogue import typed
from madoguchi.catalogue.fields import FormBuilder
from madoguchi.catalogue.problems import Problem
from madoguchi.catalogue.queries import procedure_name
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused

from .. import actions, queries
from .case import load, opened, show, status_of


def answers(request: HttpRequest, reference: str) -> HttpResponse:
    """The form of the present step; sent, the step is finished by the outcome that was chosen."""
    if request.method != "POST":
        found = opened(request, reference)
        if not queries.may_do(found, acting(request), today()).answer:
            return show(request, found, _("この段階で記入することはありません。"), 409)
        before = found.filings.filter(step=found.step).order_by("number").last()
        return _page(request, found, before.as_typed if before else {})
    found, seen = load(request, reference), request.POST.get("seen", "")
    if seen != found.step or found.step not in found.compiled.procedure.asks:
        sentence = _("この案件は、ほかの職員が次の段階に進めました。画面を読み直してください。")
        return show(request, found, sentence, 409)
    return _send(request, found, seen)


def _send(request: HttpRequest, case: Case, seen: str) -> HttpResponse:
    posted = forms.read(request, case.compiled.at(case.step))
    if posted.button or posted.problems:
        return _page(request, case, posted.answers, posted.problems, status=422 if posted.problems else 200)
    try:
        outcome = request.POST.get("outcome", "")
        actions.finish_step(case, outcome=outcome, answers=posted.answers, seen=seen, by=acting(request))
    except NotAccepted as refused:
        shown = typed.over(refused.answers, posted.answers)
        return _page(request, case, shown, refused.problems, status=422)
    except ActionRefused as refused:
        return _page(request, case, posted.answers, refused=str(refused), status=status_of(refused))
    return redirect("desk:case", case.reference)


def _page(
    request: HttpRequest,
    case: Case,
    shown: Mapping[str, Any],
    problems: Sequence[Problem] = (),
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    form = case.compiled.at(case.step)
    sections = FormBuilder(form, language(), shown, problems, files=partial(forms.files, of=case)).sections()
    outcomes = [(name, one.text(language())) for name, one in queries.offered(case).items()]
    context = {
        "case": case,
        "name": procedure_name(case.procedure),
        "title": queries.asked_now(case),
        "sections": sections,
        "summary": linked(form, [field for section in sections for field in section.fields], problems),
        "outcomes": outcomes,
        "chosen": request.POST.get("outcome", outcomes[0][0]),
        "refused": refused,
        **queries.left_open(case),
    }
    return render(request, "desk/step.html", context, status=status)
