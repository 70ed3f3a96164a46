"""The sandbox's checkout page: pay, fail, and how its notification behaves (late, twice, lost)."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from procrastinate.contrib.django import app

from ..models import SandboxPayment
from ..paying import actions
from ..paying.providers.sandbox import Sandbox, told

LATE = timedelta(minutes=1)
TIMES = {"pay": 1, "fail": 1, "twice": 2, "late": 0, "lost": 0}
"""Button → how often the notification comes at once."""


def page(request: HttpRequest, checkout: str) -> HttpResponse:
    """The checkout."""
    return render(request, "payments/sandbox.html", {"payment": _payment(checkout)})


def _payment(checkout: str) -> SandboxPayment:
    if not Sandbox().is_ready():
        raise Http404
    return get_object_or_404(SandboxPayment, reference=checkout)


def press(request: HttpRequest, checkout: str) -> HttpResponse:
    """Do what the button says and go back to the payment page."""
    payment, how = _payment(checkout), request.POST.get("how", "")
    if how not in TIMES:
        return render(request, "payments/sandbox.html", {"payment": payment}, status=422)
    if payment.state == "waiting":
        payment.state, payment.at = "failed" if how == "fail" else "paid", timezone.now()
        payment.save(update_fields=["state", "at"])
    for _time in range(TIMES[how]):
        send(payment)
    if how == "late":
        app.configure_task(name="madoguchi.sandbox-late", schedule_in={"seconds": LATE.total_seconds()}).defer(
            reference=payment.reference
        )
    return redirect(payment.back)


def send(payment: SandboxPayment) -> str:
    """Sign the notification now and let it come in as any other."""
    headers, body = told(f"event:{payment.reference}:{payment.state}", payment, payment.state)
    return actions.receive(provider=Sandbox.code, headers=headers, body=body)
