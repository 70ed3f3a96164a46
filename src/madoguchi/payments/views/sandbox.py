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
    """Show the checkout, or do what the button says and go back to the payment page."""
    if not Sandbox().is_ready():
        raise Http404
    payment = get_object_or_404(SandboxPayment, reference=checkout)
    how = request.POST.get("how", "")
    if request.method != "POST" or how not in TIMES:
        status = 422 if request.method == "POST" else 200
        return render(request, "payments/sandbox.html", {"payment": payment}, status=status)
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
