"""Pages whose address holds a sheet's token: for nobody's store, nobody's index, and gone when it was sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.catalogue.compiled import Compiled
from madoguchi.people import keys

from .. import actions, sheets
from .channels import BASES, ROUTES, language


def private(response: HttpResponse) -> HttpResponse:
    """A page with a secret in its address. `strict-origin`: with `no-referrer` a form's `Origin` would be null."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def gone(request: HttpRequest, compiled: Compiled, token: str, channel: str) -> HttpResponse:
    """Instead of a sheet that is no more: where the application went, or that the time is over."""
    code = compiled.procedure.code
    reference = actions.reference_of(code, sheets.key_of(token))
    context = {
        "compiled": compiled,
        "name": compiled.words(language()).text("name", compiled.procedure.name),
        "reference": reference,
        "case_url": _way_in(request, reference, channel),
        "form_url": reverse(ROUTES[channel].form, args=[code]),
        "base_template": BASES[channel],
    }
    template = "applications/sent.html" if reference else "applications/expired.html"
    return render(request, template, context, status=200 if reference else 410)


def _way_in(request: HttpRequest, reference: str, channel: str) -> str:
    if reference and channel != "online":
        return reverse(ROUTES[channel].received, args=[reference])
    if reference in keys.held(request):
        return reverse(ROUTES[channel].case, args=[reference])
    return reverse("applications:enter")
