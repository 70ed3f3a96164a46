"""The real counter: a clerk files for a visitor into the same store, and hands the case over to the visitor's phone."""

import base64
import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from madoguchi.applications import views as applications
from madoguchi.applications.actions import invite
from madoguchi.applications.models import Invitation
from madoguchi.cases.models import Case, Event
from madoguchi.catalogue.queries import current
from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.people.town import town

from .. import queries
from .case import load

CHANNEL = "counter"


def choose(request: HttpRequest) -> HttpResponse:
    """The procedures of the clerk's offices first, then all."""
    offices = set(acting(request).offices or {})
    listed = [(code, queries.row_name(code), one.compiled.procedure.office) for code, one in current().items()]
    own = [(code, name) for code, name, office in listed if office in offices]
    others = [(code, name) for code, name, office in listed if office not in offices]
    return render(request, "desk/counter.html", {"own": own, "others": others})


def form(request: HttpRequest, code: str) -> HttpResponse:
    """The same form as online."""
    return applications.form(request, code, CHANNEL)


def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """The visitor confirms on the clerk's screen."""
    return applications.confirm(request, code, CHANNEL)


def submit(request: HttpRequest, code: str) -> HttpResponse:
    """File it, channel = counter."""
    return applications.submit(request, code, CHANNEL)


def received(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt for the visitor; a POST makes the QR code with which the visitor goes on by phone."""
    case = _filed(request, reference)
    link = ""
    if request.method == "POST":
        token = invite(case=case, purpose=Invitation.Purpose.HANDOVER, by=acting(request))
        link = settings.PUBLIC_URL + reverse("applications:open", args=[token])
    context = {
        "case": case,
        "own": Case.objects.for_actor(acting(request)).filter(pk=case.pk).exists(),
        "name": queries.row_name(case.procedure),
        "key": keys.shown_key(keys.case_key(case.pk, case.key_salt)),
        "link": link,
        "qr": _picture(link) if link else "",
        "office": town().offices[case.office].in_language(queries.language()),
    }
    return render(request, "desk/received.html", context)


def _filed(request: HttpRequest, reference: str) -> Case:
    """A case of the clerk's office, or one that this clerk filed at the counter for another office."""
    mine = Event.objects.filter(kind="submitted", actor_kind="officer", actor_code=acting(request).code)
    filed = Case.objects.filter(reference=reference, channel=CHANNEL, events__in=mine).first()
    return filed or load(request, reference)


def _picture(link: str) -> str:
    held = io.BytesIO()
    segno.make(link, error="m").save(held, kind="svg", scale=6, border=4)
    return "data:image/svg+xml;base64," + base64.b64encode(held.getvalue()).decode()
