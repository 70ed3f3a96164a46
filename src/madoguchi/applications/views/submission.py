"""Confirm, submit once."""

import json

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from madoguchi.cases.queries import today
from madoguchi.catalogue import typed
from madoguchi.foundation.identifiers import new_secret
from madoguchi.people import keys
from madoguchi.people.access import acting

from .. import actions, forms, present
from ..rules import is_idempotency_key
from .channels import BASES, ROUTES, closed, language, listed_or_404
from .form import form_page


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
        return form_page(request, compiled, channel, typed.over(judged.answers, posted.answers), problems, status=422)
    context = {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "parts": present.shown(compiled, judged.answers, language(), typed=judged.typed),
        "answers": json.dumps(judged.as_typed),  # in ASCII, which a browser sends with a third of the escapes
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
            request, compiled, channel, typed.over(refused.answers, posted.answers), refused.problems, status=422
        )
    except actions.KeyReused:
        return render(request, "applications/key_reused.html", {"compiled": compiled}, status=409)
    response = HttpResponseRedirect(reverse(ROUTES[channel].received, args=[done.case.reference]), status=303)
    if channel == "online":
        keys.hand_over(request, response, done.case.reference, done.key)
    return response


def _seconds(started: str) -> int | None:
    return int(started) if started.isdecimal() and len(started) < 9 else None
