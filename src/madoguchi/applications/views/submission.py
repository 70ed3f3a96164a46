"""Confirm, submit once, receipt."""

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from types import SimpleNamespace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from madoguchi.cases.queries import today
from madoguchi.catalogue import queries as catalogue
from madoguchi.design.templatetags.design import day, moment
from madoguchi.foundation.identifiers import new_secret
from madoguchi.people import keys
from madoguchi.people.access import acting

from .. import actions, forms, intake, present
from ..rules import is_idempotency_key
from .channels import BASES, ROUTES, closed, language, listed_or_404
from .form import KEPT_PAGES, form_page, nobodys


def confirm(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """Judge what was typed: show it for confirmation, or the form again with everything that was typed."""
    listed = listed_or_404(code)
    if not listed.is_open(today()):
        return closed(request, listed)
    compiled = listed.compiled
    posted = forms.read(request, compiled)
    if posted.button:
        return form_page(request, compiled, channel, posted.answers, posted.problems, opened=posted.opened)
    judged = compiled.judge(posted.answers)
    told = {problem.path for problem in posted.problems}
    problems = posted.problems + [p for p in judged.problems if not (p.code == "missing" and p.path in told)]
    problems += actions.upload_problems(compiled, judged.answers)
    if problems:
        return form_page(request, compiled, channel, {**posted.answers, **judged.answers}, problems, status=422)
    context = {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "parts": present.shown(compiled, judged.answers, language()),
        "answers": json.dumps(judged.answers),  # in ASCII, which a browser sends with a third of the escapes
        "fee": compiled.fee(judged.answers),
        "key": new_secret(),
        "started": request.POST.get("started", ""),
        "submit_url": reverse(ROUTES[channel].submit, args=[code]),
        "edit_url": reverse(ROUTES[channel].confirm, args=[code]),
        "channel": channel,
        "base_template": BASES[channel],
    }
    return render(request, "applications/confirm.html", context)


def submit(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """File the application once, however often the button is pressed."""
    listed, key = listed_or_404(code), request.POST.get("key", "")
    if not listed.is_open(today()) and not actions.was_submitted(code, key):
        return closed(request, listed)
    compiled = listed.compiled
    posted = forms.read(request, compiled)
    if not is_idempotency_key(key):
        return form_page(request, compiled, channel, posted.answers, [], status=422)
    try:
        done = actions.submit(
            compiled=compiled,
            answers=posted.answers,
            key=key,
            channel=channel,
            language=language(),
            by=acting(request),
            seconds=_seconds(request.POST.get("started", "")),
        )
    except actions.NotAccepted as refused:
        return form_page(
            request, compiled, channel, {**posted.answers, **refused.answers}, refused.problems, status=422
        )
    except actions.KeyReused:
        return render(request, "applications/key_reused.html", {"compiled": compiled}, status=409)
    response = HttpResponseRedirect(reverse(ROUTES[channel].received, args=[done.case.reference]), status=303)
    if channel == "online":
        keys.hand_over(request, response, done.case.reference, done.key)
    return response


def _seconds(started: str) -> int | None:
    return int(started) if started.isdecimal() and len(started) < 9 else None


def received(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt: reference, case key, promised day, what happens next."""
    held = keys.held(request).get(reference, "")
    receipt = intake.receipt(reference) if held else None
    if receipt is None or not keys.is_key(held, receipt.case_id, receipt.key_salt):
        raise Http404(reference)
    page = _blank_receipt(receipt.version, language(), receipt.due_on is not None)
    key = keys.shown_key(keys.case_key(receipt.case_id, receipt.key_salt))
    texts = (reference, key, moment(receipt.received_at), day(receipt.due_on))
    for blank, text in zip(_blanks(language()), texts, strict=True):
        page = page.replace(blank, escape(text))
    return HttpResponse(page)


# A receipt differs from another of the same procedure in four texts only, so its page is rendered once with these.
BLANK = SimpleNamespace(
    reference="LLLL-LLLL-LLL", key="llll-llll", received_at=datetime(1900, 1, 1, tzinfo=UTC), due_on=date(1901, 1, 1)
)


@lru_cache
def _blanks(_language: str) -> tuple[str, str, str, str]:
    return BLANK.reference, BLANK.key, moment(BLANK.received_at), day(BLANK.due_on)


@lru_cache(maxsize=KEPT_PAGES)
def _blank_receipt(version: int, _language: str, is_dated: bool) -> str:
    """The receipt of nobody's case in the active language."""
    compiled = catalogue.compiled_version(version)
    name = compiled.words(language()).text("name", compiled.procedure.name)
    due_on = BLANK.due_on if is_dated else None
    case = SimpleNamespace(
        procedure=compiled.procedure.code, reference=BLANK.reference, received_at=BLANK.received_at, due_on=due_on
    )
    nobody = nobodys(reverse("applications:received", args=[BLANK.reference]))
    return render_to_string("applications/received.html", {"case": case, "key": BLANK.key, "name": name}, nobody)
