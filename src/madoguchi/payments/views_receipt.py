"""The receipt and the payment slip behind the payment link."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from madoguchi.cases.actions import ActionRefused

from .models import Attempt, Charge
from .receipt import receipt as receipt_of
from .slip import slip as slip_of


def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """The signed PDF; while something is due, the way to the payment page, which says so."""
    charge = get_object_or_404(Charge, secret=secret[:40])
    return _paper(charge, lambda: receipt_of(charge), "receipt")


def slip(request: HttpRequest, secret: str, attempt: str) -> HttpResponse:
    """The slip as PDF; where there is nothing to pay with it, the way to the payment page."""
    found = get_object_or_404(Attempt.objects.select_related("charge"), charge__secret=secret[:40], pk=attempt)
    return _paper(found.charge, lambda: slip_of(found), "slip")


def _paper(charge: Charge, made: Callable[[], bytes], name: str) -> HttpResponse:
    try:
        pdf = made()
    except ActionRefused:
        return redirect("payments:pay", charge.secret)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{charge.reference}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
