"""The receipt and the payment slip behind the payment link."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from madoguchi.platform.refusing import ActionRefused

from ..models import Attempt, Charge
from ..paying.receipt import receipt as receipt_of
from ..paying.slip import slip as slip_of
from .payment import payment_page


def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """The signed PDF with the name that was typed; while something is due, the payment page says so."""
    charge = get_object_or_404(Charge.objects.select_related("case__version"), secret=secret[:40])
    if request.method != "POST":
        return _paper(charge, lambda: receipt_of(charge), "receipt")
    name = request.POST.get("name", "")
    try:
        return _file(charge, receipt_of(charge, name), "receipt")
    except ActionRefused as refused:
        return payment_page(request, charge, str(refused), 422, name=name)


def slip(request: HttpRequest, secret: str, attempt: str) -> HttpResponse:
    """The slip as PDF; where there is nothing to pay with it, the way to the payment page."""
    found = get_object_or_404(Attempt.objects.select_related("charge"), charge__secret=secret[:40], pk=attempt)
    return _paper(found.charge, lambda: slip_of(found), "slip")


def _paper(charge: Charge, made: Callable[[], bytes], name: str) -> HttpResponse:
    try:
        pdf = made()
    except ActionRefused:
        return redirect("payments:pay", charge.secret)
    return _file(charge, pdf, name)


def _file(charge: Charge, pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{charge.reference}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
