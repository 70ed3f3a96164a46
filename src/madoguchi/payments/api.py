"""The API's operations on payments: what is due, and starting to pay. The bearer token is the charge's secret."""

import hmac
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from madoguchi.foundation.identifiers import parse_reference
from madoguchi.people.actor import PUBLIC
from madoguchi.people.rules import ANYONE, WRITE, Rule, allowed
from madoguchi.platform.problems import Problems
from madoguchi.platform.programs import Sent, told
from madoguchi.platform.refusing import ActionRefused

from .ledger.queries import charge_numbered
from .models import Charge
from .paying import actions, attempts
from .words import subject

router = Router()


class PaymentOut(Schema):
    reference: str
    subject: str = Field(description="what for; never who")
    owed: int = Field(description="yen asked for, after reductions")
    paid: int = Field(description="yen that came in, after refunds")
    due: int = Field(description="yen still to pay; negative while something is paid back")
    due_on: date | None
    lapsed: bool
    invented: bool = Field(description="of a demo town's invented past; never true in a real town")
    page: str = Field(description="the payment page; whoever has this link may pay")
    providers: list[str] = Field(description="ways to pay for POST …/attempts")


class HeldPayment(PaymentOut):
    access_token: str = Field(description="opens GET /payments/{reference}")


class AttemptIn(Sent):
    provider: str = Field(max_length=24)


class AttemptOut(Schema):
    attempt: str
    yen: int
    state: str
    told: dict[str, Any] = Field(description="where the payer goes on: `url` of a page, or what to show")


def payment(charge: Charge) -> dict[str, Any]:
    """A charge as the API shows it."""
    return {
        "reference": charge.reference,
        "subject": subject(charge),
        "owed": charge.owed,
        "paid": charge.paid,
        "due": charge.due,
        "due_on": charge.due_on,
        "lapsed": charge.lapsed_at is not None,
        "invented": charge.is_invented,
        "page": settings.PUBLIC_URL + reverse("payments:pay", args=[charge.secret]),
        "providers": attempts.ways(charge),
    }


def _charge(request: HttpRequest, reference: str) -> Charge:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()[:40]
    parsed = parse_reference(reference)
    found = charge_numbered(parsed)
    if found is None or not hmac.compare_digest(found.secret.encode(), token.encode()):
        raise Problems(
            404,
            _("このトークンで開ける支払いはありません。"),
            detail=_("ヘッダー Authorization: Bearer （access_token）を送ってください。"),
        )
    return found


@router.get("/payments/{charge}", response=PaymentOut, url_name="get_payment", openapi_extra=told(404, held=True))
@allowed(ANYONE)
def get_payment(request: HttpRequest, charge: str) -> dict[str, Any]:
    """What is due for an application or an order. The token is `payment.access_token` of the application."""
    return payment(_charge(request, charge))


@router.post(
    "/payments/{charge}/attempts",
    response={201: AttemptOut},
    url_name="start_payment",
    openapi_extra=told(400, 404, 409, 422, 503, held=True),
)
@allowed(Rule("anyone", WRITE))
def start_payment(request: HttpRequest, charge: str, body: AttemptIn) -> tuple[int, dict[str, Any]]:
    """Begin to pay what is due; the same way to pay goes on with its open attempt, so repeating is safe."""
    found = _charge(request, charge)
    if body.provider not in attempts.ways(found):
        raise Problems(
            422, _("この支払い方法はありません。"), detail=_("使える方法は、支払いの providers にあります。")
        )
    try:
        attempt = actions.start(charge=found, provider=body.provider, language=get_language() or "ja", by=PUBLIC)
    except ActionRefused as refused:
        raise Problems(409 if refused.conflict else 503, str(refused)) from refused
    return 201, {"attempt": str(attempt.pk), "yen": attempt.yen, "state": attempt.state, "told": attempt.told}
