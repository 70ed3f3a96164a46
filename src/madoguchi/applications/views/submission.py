"""Confirm, submit once."""

import json
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.platform.once import is_idempotency_key

from .. import actions, forms, likeness, present, sheets, steps
from ..sheets import Sheet
from .channels import BASES, ROUTES, closed, language, listed_or_404
from .form import part
from .sheet import gone, private


def confirm(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """Judge what was typed and lead to its page: the confirmation, or the form at the section that wants something.

    Always a redirect, so that the browser's Back and reload show a page and send nothing again.
    """
    listed = listed_or_404(code)
    if not listed.is_open(today()):
        return closed(request, listed)
    if request.method != "POST":
        return redirect(ROUTES[channel].form, code)
    posted = forms.read(request, listed.compiled)
    typed = _sheet(request, code, posted)
    if request.headers.get("X-Part") == "section":
        left = steps.left(listed.compiled, typed, posted.button.partition(":")[2])
        return part(request, listed.compiled, channel, left)
    shown, good = steps.after(listed.compiled, typed, posted.button)
    if good is None:
        return _to_form(shown, channel, posted.opened)
    token = sheets.put(replace(shown, answers=dict(good)))
    return _to(reverse(ROUTES[channel].confirmation, args=[code, token]))


def _sheet(request: HttpRequest, code: str, posted: forms.Posted) -> Sheet:
    key = request.POST.get("form:key", request.POST.get("key", ""))
    return Sheet(
        code,
        posted.answers,
        key if sheets.is_key(key) else sheets.new_key(),
        problems=posted.problems,
        judged=request.POST.get("form:judged", "").split(),
        at=request.POST.get("form:at", ""),
        started=request.POST.get("started", "")[:9],
    )


def _to_form(sheet: Sheet, channel: str, opened: str = "") -> HttpResponse:
    place = reverse(ROUTES[channel].sheet, args=[sheet.subject, sheets.put(sheet)])
    return _to(f"{place}#{opened}" if opened else place)


def _to(place: str) -> HttpResponse:
    return HttpResponseRedirect(place, status=303)


def confirmation(request: HttpRequest, code: str, token: str, channel: str = "online") -> HttpResponse:
    """What was typed, for confirmation; once it was sent, that it was."""
    compiled = listed_or_404(code).compiled
    sheet = sheets.get(token, code)
    if sheet is None:
        return private(gone(request, compiled, token, channel))
    judged = compiled.judge(sheet.answers)
    context = {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "parts": present.shown(compiled, judged.answers, language(), typed=judged.typed),
        "answers": json.dumps(sheet.answers),  # in ASCII, which a browser sends with a third of the escapes
        "fee": compiled.fee(judged.answers),
        "key": sheet.key,
        "started": sheet.started,
        "submit_url": reverse(ROUTES[channel].submit, args=[code]),
        "edit_url": reverse(ROUTES[channel].sheet, args=[code, token]),
        "earlier": likeness.earlier(compiled, judged.answers, by=acting(request)),
        "case_url": ROUTES[channel].case,
        "channel": channel,
        "base_template": BASES[channel],
    }
    return private(render(request, "applications/confirm.html", context))


def submit(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """File the application once, however often the button is pressed."""
    listed, key = listed_or_404(code), request.POST.get("key", "")
    if not listed.is_open(today()) and not actions.reference_of(code, key):
        return closed(request, listed)
    if request.method != "POST":
        return redirect(ROUTES[channel].form, code)
    posted = forms.read(request, listed.compiled)
    if not is_idempotency_key(key):
        return _to_form(_sheet(request, code, posted), channel)
    try:
        done = actions.submit(
            compiled=listed.compiled,
            answers=posted.answers,
            key=key,
            channel=channel,
            language=language(),
            by=acting(request),
            seconds=seconds_of(request.POST.get("started", "")),
        )
    except actions.NotAccepted:
        shown, _good = steps.after(listed.compiled, _sheet(request, code, posted), "")
        return _to_form(shown, channel)
    except actions.KeyReused:
        return render(request, "applications/key_reused.html", {"compiled": listed.compiled}, status=409)
    response = _to(reverse(ROUTES[channel].received, args=[done.case.reference]))
    if channel == "online":
        keys.hand_over(request, response, done.case.reference, done.key)
    return response


def seconds_of(started: str) -> int | None:
    """The seconds since the form was opened, as the page told them."""
    return int(started) if started.isdecimal() and len(started) < 9 else None
