"""The answer to a correction: only the questions asked about, and what depends on them.

As with an application, a fault is shown by a page with an address (ADR 37), so that Back and reload send nothing again.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.cases.correspondence import Correction
from madoguchi.cases.models import Case
from madoguchi.catalogue import typed
from madoguchi.catalogue.fields import FormBuilder
from madoguchi.catalogue.problems import Problem
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from .. import actions, correcting, forms, sheets
from ..rules import changeable
from ..sheets import Sheet
from .channels import BASES, ROUTES, language
from .entrance import case_or_404
from .form import linked
from .sheet import private

JUDGED = "correction"
"""The one section of the sheet, judged when it was sent; not when a row was added or taken away."""


def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer to a correction: only the questions asked about (and what depends on them)."""
    return correct_case(request, case_or_404(request, reference))


def correct_sheet(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """The same with what was typed, and what is wrong with it."""
    return correct_case_sheet(request, case_or_404(request, reference), token)


def correct_case(request: HttpRequest, case: Case, channel: str = "online") -> HttpResponse:
    """The same for a case that was loaded already: at the counter a clerk answers for the visitor."""
    correction = _open(case)
    if correction is None:
        return redirect(ROUTES[channel].case, case.reference)
    if request.method != "POST":
        return _page(request, case, correction, channel, Sheet(case.reference, {}, ""))
    posted = forms.read(request, case.compiled)
    sheet = _sheet(request, case, posted)
    if posted.button or posted.problems:
        return _to_sheet(sheet, channel, posted.opened)
    try:
        actions.answer_correction(
            case=case, answers=posted.answers, by=acting(request), channel=channel, right=sheet.right
        )
    except actions.NotAccepted:
        return _to_sheet(sheet, channel)
    except ActionRefused:  # answered meanwhile, on another device: the case says so
        return redirect(ROUTES[channel].case, case.reference)
    sheets.forget(sheet.key)
    return redirect(ROUTES[channel].case, case.reference)


def correct_case_sheet(request: HttpRequest, case: Case, token: str, channel: str = "online") -> HttpResponse:
    """What was typed; where it was answered since, the case; where its time is over, what stands in the record."""
    correction, sheet = _open(case), sheets.get(token, case.reference)
    if correction is None:
        return private(redirect(ROUTES[channel].case, case.reference))
    if sheet is None:
        return private(redirect(ROUTES[channel].correct, case.reference))
    return private(_page(request, case, correction, channel, sheet))


def _open(case: Case) -> Correction | None:
    return case.corrections.filter(answered_at__isnull=True).first()


def _sheet(request: HttpRequest, case: Case, posted: forms.Posted) -> Sheet:
    key = request.POST.get("form:key", "")
    return Sheet(
        case.reference,
        posted.answers,
        key if sheets.is_key(key) else sheets.new_key(),
        problems=posted.problems,
        judged=() if posted.button else (JUDGED,),
        right=request.POST.getlist("right"),
    )


def _to_sheet(sheet: Sheet, channel: str, opened: str = "") -> HttpResponse:
    place = reverse(ROUTES[channel].correct_sheet, args=[sheet.subject, sheets.put(sheet)])
    return redirect(f"{place}#{opened}" if opened else place)


def _page(request: HttpRequest, case: Case, correction: Correction, channel: str, sheet: Sheet) -> HttpResponse:
    answers, problems = _shown(case, correction, sheet)
    fields = _fields(case, correction, sheet, answers, problems)
    context = {
        "case": case,
        "correction": correction,
        "fields": fields,
        "right": sheet.right,
        "filled": sheet,
        "summary": linked(case.compiled, [one[0] for one in fields], problems),
        "compiled": case.compiled,
        "action": reverse(ROUTES[channel].correct, args=[case.reference]),
        "channel": channel,
        "base_template": BASES[channel],
    }
    return render(request, "applications/correct.html", context)


def _shown(case: Case, correction: Correction, sheet: Sheet) -> tuple[Mapping[str, Any], Sequence[Problem]]:
    """What stands in the fields, and what is wrong. A file that was refused is told as that, not as missing."""
    latest = actions.last_filing(case)
    if JUDGED not in sheet.judged:
        return {**latest.as_typed, **sheet.answers}, sheet.problems
    judged = correcting.judge(case, correction, latest, sheet.answers, sheet.right)
    told = {problem.path for problem in sheet.problems}
    own = [one for one in judged.problems if one.path not in told]
    return typed.over(judged.answers, sheet.answers), [*sheet.problems, *own]


def _fields(
    case: Case, correction: Correction, sheet: Sheet, answers: Mapping[str, Any], problems: Sequence[Problem]
) -> list[tuple[Any, str, str]]:
    """Each open question with why it is asked about, and its id where it may be told to be right as it is."""
    opened = changeable(case.compiled, [item["question"] for item in correction.items])
    asked = {item["question"]: item["text"] for item in correction.items}
    builder = FormBuilder(case.compiled, language(), answers, problems, files=partial(forms.files, of=case))
    same = {problem.path[0] for problem in problems if problem.code == "unchanged"} | set(sheet.right)
    return [
        (builder.of(question), asked.get(question.id, ""), question.id if question.id in same else "")
        for question in case.compiled.questions
        if question.id in opened
    ]
