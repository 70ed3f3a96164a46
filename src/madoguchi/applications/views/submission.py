"""Confirm, submit once."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from madoguchi.catalogue.compiled import Compiled
from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.platform.once import is_idempotency_key

from .. import actions, forms, sheets, steps
from ..sheets import Sheet
from .channels import ROUTES, closed, language, listed_or_404
from .form import part


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
    typed = sheet_of(request.POST, code, posted)
    if request.headers.get("X-Part") == "section":
        left = steps.left(listed.compiled, typed, posted.button.partition(":")[2])
        return part(request, listed.compiled, channel, left)
    return _to(next_place(listed.compiled, typed, posted, channel))


def next_place(compiled: Compiled, typed: Sheet, posted: forms.Posted, channel: str) -> str:
    """The address of the page that follows what was posted, which is kept for it."""
    shown, good = steps.after(compiled, typed, posted.button)
    if good is None:
        return _place_of_form(shown, channel, posted.opened)
    found = {"version": compiled.version_id, "answers": good.found.answers, "typed": good.found.typed}
    found["fee"] = compiled.fee(good.found.answers)
    token = sheets.put(replace(shown, answers=dict(good.answers), good=found))
    return reverse(ROUTES[channel].confirmation, args=[typed.subject, token])


def sheet_of(fields: MultiValueDict[str, str], code: str, posted: forms.Posted) -> Sheet:
    """What was posted, as a sheet."""
    key = fields.get("form:key", fields.get("key", ""))
    return Sheet(
        code,
        posted.answers,
        key if sheets.is_key(key) else sheets.new_key(),
        problems=posted.problems,
        judged=fields.get("form:judged", "").split(),
        at=fields.get("form:at", ""),
        started=fields.get("started", "")[:9],
    )


def _place_of_form(sheet: Sheet, channel: str, opened: str = "") -> str:
    place = reverse(ROUTES[channel].sheet, args=[sheet.subject, sheets.put(sheet)])
    return f"{place}#{opened}" if opened else place


def _to(place: str) -> HttpResponse:
    return HttpResponseRedirect(place, status=303)


def submit(request: HttpRequest, code: str, channel: str = "online") -> HttpResponse:
    """File the application once, however often the button is pressed."""
    listed, key = listed_or_404(code), request.POST.get("key", "")
    if not listed.is_open(today()) and not actions.reference_of(code, key):
        return closed(request, listed)
    if request.method != "POST":
        return redirect(ROUTES[channel].form, code)
    posted = forms.read(request, listed.compiled)
    if not is_idempotency_key(key):
        return _to(_place_of_form(sheet_of(request.POST, code, posted), channel))
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
        shown, _good = steps.after(listed.compiled, sheet_of(request.POST, code, posted), "")
        return _to(_place_of_form(shown, channel))
    except actions.KeyReused:
        return render(request, "applications/key_reused.html", {"compiled": listed.compiled}, status=409)
    response = _to(reverse(ROUTES[channel].received, args=[done.case.reference]))
    if channel == "online":
        keys.hand_over(request, response, done.case.reference, done.key)
    return response


def seconds_of(started: str) -> int | None:
    """The seconds since the form was opened, as the page told them."""
    return int(started) if started.isdecimal() and len(started) < 9 else None
