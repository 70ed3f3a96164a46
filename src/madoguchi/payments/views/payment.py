"""The payment page behind a secret link, the return from a checkout, and the providers' notifications.

Whoever has the link may pay: the page shows what for and how much, and nothing about persons.
"""

import io
from contextlib import suppress

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from ..ledger.queries import charge_behind, returned
from ..models import Attempt, Charge
from ..paying import actions, attempts
from ..paying.providers import PROVIDERS, Forged, Unavailable, provider_name
from ..paying.slip import code_picture, grouped, is_read_by_apps
from ..words import subject


def charge_of(secret: str) -> Charge:
    """The charge that this secret opens. Raises Http404."""
    found = charge_behind(secret)
    if found is None:
        raise Http404
    return found


def pay(request: HttpRequest, secret: str) -> HttpResponse:
    """What is due, and the ways to pay it."""
    return payment_page(request, charge_of(secret))


def own_case(request: HttpRequest, charge: Charge) -> Case | None:
    """The case that this is the fee of, if this browser holds its key: a payer with the link alone learns nothing."""
    case = charge.case
    if case is None or not keys.is_key(keys.held(request).get(case.reference, ""), case.pk, case.key_salt):
        return None
    return case


def payment_page(
    request: HttpRequest, charge: Charge, refused: str = "", status: int = 200, name: str | None = None
) -> HttpResponse:
    """The page with a refusal's sentence on top; `name` is what was typed as the receipt's addressee."""
    case, gone = own_case(request, charge), returned(charge)
    context = {
        "own_case": case,
        "came": charge.paid + gone,
        "returned": gone,
        "payer": name if name is not None else case.title if case else "",
        "charge": charge,
        "subject": subject(charge),
        "hold_is_over": charge.due > 0 and charge.pay_by is not None and charge.pay_by <= timezone.now(),
        "ways": [(code, provider_name(code)) for code in attempts.ways(charge)],
        "link": settings.PUBLIC_URL + reverse("payments:pay", args=[charge.secret]),
        "refused": refused,
    }
    return render(request, "payments/pay.html", context, status=status)


def start(request: HttpRequest, secret: str) -> HttpResponse:
    """Begin with a way to pay, and go on where it says."""
    charge = charge_of(secret)
    code = request.POST.get("provider", "")
    if code not in attempts.ways(charge):
        return payment_page(request, charge, _("支払方法を選んでください。"), 422)
    try:
        attempt = actions.start(charge=charge, provider=code, language=get_language() or "ja", by=acting(request))
    except ActionRefused as refused:
        return payment_page(request, charge_of(secret), str(refused), 409 if refused.conflict else 422)
    url = str(attempt.told.get("url", ""))
    if url.startswith(f"{settings.PUBLIC_URL}/"):
        return redirect(url.removeprefix(settings.PUBLIC_URL))
    return redirect("payments:back", secret, attempt.pk)  # a form may not lead to another site, a link may


def back(request: HttpRequest, secret: str, attempt: str) -> HttpResponse:
    """How a try to pay stands: back from the checkout, or what its way of paying shows (a code, a number).

    When the notification has not come, the provider is asked.
    """
    charge = charge_of(secret)
    found = get_object_or_404(charge.attempts, pk=attempt)
    with suppress(Unavailable, ActionRefused):  # then the page says that we are waiting
        actions.look(found)
    charge.refresh_from_db()
    case = own_case(request, charge)
    shown = {key: value for key, value in found.told.items() if key != "url"}
    context = {
        "charge": charge,
        "own_case": case,
        "payer": case.title if case else "",
        "subject": subject(charge),
        "attempt": found,
        "way": provider_name(found.provider),
        "state": _state(charge, found),
        "needless": found.refunds.filter(reason__in=(attempts.TWICE, attempts.LATE)).exists(),
        "returned": found.refunded,
        "url": found.told.get("url", ""),
        "shown": shown,
        "picture": code_picture(str(shown["code"])) if "code" in shown else "",
        "by_apps": is_read_by_apps(found),
        "slip_number": grouped(str(shown.get("number", ""))),
        "shown_template": select_template([f"payments/shown/{found.provider}.html", "payments/shown/any.html"]),
    }
    return render(request, "payments/back.html", context)


def _state(charge: Charge, attempt: Attempt) -> str:
    """paid, over (paid, and something will be paid back), returned (it was), failed, waiting."""
    if attempt.state == Attempt.State.PAID:
        return "over" if charge.due < 0 else "returned" if attempt.refunded else "paid"
    return "waiting" if attempt.state == Attempt.State.STARTED else "failed"


def qr(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the payment page as a QR code, for somebody else's phone."""
    charge = charge_of(secret)
    held = io.BytesIO()
    segno.make(settings.PUBLIC_URL + reverse("payments:pay", args=[charge.secret]), error="m").save(
        held, kind="svg", scale=6, border=4
    )
    return HttpResponse(held.getvalue(), content_type="image/svg+xml")


def notify(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider's notification: 200 when it was authentic, whatever it changed; 400 when it was not."""
    if provider not in PROVIDERS:
        raise Http404(provider)
    try:
        outcome = actions.receive(provider=provider, headers=request.headers, body=request.body)
    except (Forged, ActionRefused):
        return HttpResponse("refused", status=400, content_type="text/plain")
    return HttpResponse(outcome, content_type="text/plain")
