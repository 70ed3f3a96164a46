"""The receipt behind the payment link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from madoguchi.cases.actions import ActionRefused

from .models import Charge
from .receipt import receipt as receipt_of


def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """The signed PDF; while something is due, the way to the payment page, which says so."""
    charge = get_object_or_404(Charge, secret=secret[:40])
    try:
        pdf = receipt_of(charge)
    except ActionRefused:
        return redirect("payments:pay", charge.secret)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{charge.reference}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
