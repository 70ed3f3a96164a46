"""The real counter: a clerk files for a visitor into the same store, and hands the case over to the visitor's phone."""

import base64
import io

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from madoguchi.applications.entrance import invite
from madoguchi.applications.models import Invitation
from madoguchi.applications.views import confirmation as confirming
from madoguchi.applications.views import correction, submission
from madoguchi.applications.views import form as forms
from madoguchi.cases.models import Case, Event
from madoguchi.catalogue.queries import current, procedure_name
from madoguchi.counter.receipt_paper import receipt as receipt_of
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.town.offices import office_name

from .case import load, opened

CHANNEL = "counter"


def choose(request: HttpRequest) -> HttpResponse:
    """The procedures of the clerk's offices first, then all."""
    offices = set(acting(request).offices or {})
    day = today()
    open_now = [(code, one.compiled.procedure.office) for code, one in current().items() if one.is_open(day)]
    listed = [(office, code, procedure_name(code)) for code, office in open_now]
    own = [(code, name) for office, code, name in listed if office in offices]
    others = [(code, name, office_name(office)) for office, code, name in sorted(listed) if office not in offices]
    return render(request, "desk/counter.html", {"own": own, "others": others})


def form(request: HttpRequest, code: str) -> HttpResponse:
    """The same form as online."""
    return forms.form(request, code, CHANNEL)


def sheet(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The form with what was typed."""
    return forms.sheet(request, code, token, CHANNEL)


def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Judge what was typed."""
    return submission.confirm(request, code, CHANNEL)


def confirmation(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The visitor confirms on the clerk's screen."""
    return confirming.confirmation(request, code, token, CHANNEL)


def submit(request: HttpRequest, code: str) -> HttpResponse:
    """File it, channel = counter."""
    return submission.submit(request, code, CHANNEL)


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
        "name": procedure_name(case.procedure),
        # Of a case that was filed online only the applicant holds the key; a QR code that is made here is recorded.
        "key": keys.shown_key(keys.case_key(case.pk, case.key_salt)) if case.channel == CHANNEL else "",
        "link": link,
        "qr": _picture(link) if link else "",
        "office": office_name(case.office),
    }
    return render(request, "desk/received.html", context)


def receipt_paper(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt to hand over (受付票). Of a case that was filed online only the applicant holds the key."""
    case = _filed(request, reference)
    if case.channel != CHANNEL:
        raise Http404(reference)
    answer = HttpResponse(receipt_of(case), content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{_('受付票')}_{case.reference}.pdf") or ""
    answer["Cache-Control"] = "private, no-store"
    return answer


def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """The visitor answers a correction on the clerk's screen."""
    found = load(request, reference) if request.method == "POST" else opened(request, reference)
    return correction.correct_case(request, found, CHANNEL)


def correct_sheet(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """The same with what was typed, and what is wrong with it."""
    return correction.correct_case_sheet(request, load(request, reference), token, CHANNEL)


def _filed(request: HttpRequest, reference: str) -> Case:
    """A case of the clerk's office, or one that this clerk filed at the counter for another office."""
    if parse_reference(reference) != reference:
        raise Http404
    mine = Event.objects.filter(kind="submitted", actor_kind="officer", actor_code=acting(request).code)
    filed = Case.objects.filter(reference=reference, channel=CHANNEL, events__in=mine).first()
    return filed or opened(request, reference)


def _picture(link: str) -> str:
    held = io.BytesIO()
    segno.make(link, error="m").save(held, kind="svg", scale=6, border=4)
    return "data:image/svg+xml;base64," + base64.b64encode(held.getvalue()).decode()
