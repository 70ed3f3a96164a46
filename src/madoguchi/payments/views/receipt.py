"""The receipt and the payment slip behind the payment link."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from madoguchi.platform.refusing import ActionRefused

from ..models import Charge
from ..paying.receipt import receipt as receipt_of
from ..paying.slip import slip as slip_of
from .payment import charge_of, payment_page


def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """The signed PDF; while something is due, the payment page says so."""
    charge = charge_of(secret)
    return _paper(charge, lambda: receipt_of(charge), "receipt")


def receipt_named(request: HttpRequest, secret: str) -> HttpResponse:
    """The same with the name that was typed, which is not kept."""
    charge = charge_of(secret)
    name = request.POST.get("name", "")
    try:
        return _file(charge, receipt_of(charge, name), "receipt")
    except ActionRefused as refused:
        return payment_page(request, charge, str(refused), 422, name=name)


def slip(request: HttpRequest, secret: str, attempt: str) -> HttpResponse:
    """The slip as PDF; where there is nothing to pay with it, the way to the payment page."""
    found = get_object_or_404(charge_of(secret).attempts, pk=attempt)
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
