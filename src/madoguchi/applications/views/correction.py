"""The answer to a correction: only the questions asked about, and what depends on them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.cases.models import Case
from madoguchi.catalogue import typed
from madoguchi.catalogue.fields import FormBuilder
from madoguchi.catalogue.problems import Problem
from madoguchi.people.access import acting

from .. import actions, forms
from ..rules import changeable
from .channels import BASES, ROUTES, language
from .entrance import case_or_404
from .form import linked


def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer to a correction: only the questions asked about (and what depends on them)."""
    return correct_case(request, case_or_404(request, reference))


def correct_case(request: HttpRequest, case: Case, channel: str = "online") -> HttpResponse:
    """The same for a case that was loaded already: at the counter a clerk answers for the visitor."""
    correction = case.corrections.filter(answered_at__isnull=True).first()
    if correction is None:
        return redirect(ROUTES[channel].case, case.reference)
    shown = partial(_correction_form, request, case, correction, channel)
    if request.method != "POST":
        return shown(actions.last_filing(case).as_typed, ())
    posted = forms.read(request, case.compiled)
    if posted.button or posted.problems:
        merged = {**actions.last_filing(case).as_typed, **posted.answers}
        return shown(merged, posted.problems, status=422 if posted.problems else 200)
    try:
        actions.answer_correction(
            case=case,
            answers=posted.answers,
            by=acting(request),
            channel=channel,
            right=request.POST.getlist("right"),
        )
    except actions.NotAccepted as refused:
        return shown(typed.over(refused.answers, posted.answers), refused.problems, status=422)
    return redirect(ROUTES[channel].case, case.reference)


def _correction_form(
    request: HttpRequest,
    case: Case,
    correction: Any,
    channel: str,
    answers: Mapping[str, Any],
    problems: Sequence[Problem],
    status: int = 200,
) -> HttpResponse:
    opened = changeable(case.compiled, [item["question"] for item in correction.items])
    asked = {item["question"]: item["text"] for item in correction.items}
    builder = FormBuilder(case.compiled, language(), answers, problems, files=partial(forms.files, of=case))
    same = {problem.path[0] for problem in problems if problem.code == "unchanged"} | set(request.POST.getlist("right"))
    fields = [
        (builder.field(question), asked.get(question.id, ""), question.id if question.id in same else "")
        for question in case.compiled.questions
        if question.id in opened
    ]
    context = {
        "case": case,
        "correction": correction,
        "fields": fields,
        "right": request.POST.getlist("right"),
        "summary": linked(case.compiled, [one[0] for one in fields], problems),
        "compiled": case.compiled,
        "action": reverse(ROUTES[channel].correct, args=[case.reference]),
        "channel": channel,
        "base_template": BASES[channel],
    }
    return render(request, "applications/correct.html", context, status=status)
