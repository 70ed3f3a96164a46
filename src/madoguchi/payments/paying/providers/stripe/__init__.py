"""Stripe: Checkout Sessions and signed webhooks, by the official package, loaded only where a key is set.

The payment is known by its Checkout Session; a repayment carries our key and the session in its metadata, so that
Stripe's list names both as we do. Yen has no smaller unit: amounts go as they are.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as marked

from ..base import Forged, Notice, Outcome, Request, Started, Unavailable

HEADER: Final = "Stripe-Signature"
TOKYO: Final = ZoneInfo("Asia/Tokyo")
TIMEOUT_SECONDS: Final = 10
MOST_BYTES: Final = 200_000
KEPT: Final = timedelta(days=29)
"""So far back a whole day of events is still there."""
LANGUAGES: Final = {"ja": "ja", "ja-easy": "ja", "en": "en"}
SHORTEST: Final = timedelta(minutes=60)
"""Stripe ends no session within 30 minutes of asking, and a lost answer is asked for again with the same words.

An attempt of ours may end sooner; what is paid after it is paid back.
"""
SESSIONS: Final[Mapping[str, Outcome]] = {
    "checkout.session.completed": "paid",
    "checkout.session.async_payment_succeeded": "paid",
    "checkout.session.async_payment_failed": "failed",
    "checkout.session.expired": "expired",
}
PAID: Final = ["checkout.session.completed", "checkout.session.async_payment_succeeded"]
Answer = TypeVar("Answer")


@cache
def client(key: str, base: str) -> Any:
    """Stripe's client for a key; the package is heavy, so it is imported where it is needed."""
    import stripe

    http = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
    where: Any = {"base_addresses": {"api": base}} if base else {}
    return stripe.StripeClient(key, http_client=http, max_network_retries=0, **where).v1


def asked(do: Callable[[Any], Answer]) -> Answer:
    """What Stripe answers. Raises Unavailable for whatever is no answer; the ledger is untouched then."""
    import stripe

    try:
        return do(client(settings.STRIPE_KEY, settings.STRIPE_API_BASE))
    except stripe.StripeError as error:
        raise Unavailable(f"Stripe: {type(error).__name__}") from error


class Stripe:
    """The provider."""

    code = "stripe"
    name = marked("クレジットカードなど")
    hosted = True
    by_file = False
    by_hand = False

    def is_ready(self) -> bool:
        """Whether the key and the webhook's secret are set."""
        return bool(settings.STRIPE_KEY and settings.STRIPE_WEBHOOK_SECRET)

    def start(self, request: Request) -> Started:
        """A Checkout Session; the attempt's id is the idempotency key, so a lost answer is given again."""
        params, options = checkout(request), {"idempotency_key": request.attempt}
        session = asked(lambda api: api.checkout.sessions.create(params, options))
        return Started(session.id, session.url)

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """A webhook: its signature and age (five minutes), then what it says."""
        import stripe

        given = next((value for name, value in headers.items() if name.lower() == HEADER.lower()), "")
        if not given or len(body) > MOST_BYTES:
            raise Forged("no signature")
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), given, settings.STRIPE_WEBHOOK_SECRET, stripe.Webhook.DEFAULT_TOLERANCE
            )
            event = json.loads(body)
        except (stripe.SignatureVerificationError, ValueError) as error:
            raise Forged("a wrong signature, or too old") from error
        return notice_of(event)

    def status(self, provider_reference: str) -> Notice:
        """How the session stands."""
        found = asked(lambda api: api.checkout.sessions.retrieve(provider_reference)).to_dict()
        outcome: Outcome = "waiting"
        if found["payment_status"] == "paid":
            outcome = "paid"
        elif found.get("status") == "expired":
            outcome = "expired"
        return _of_session(f"status:{provider_reference}:{outcome}", found, outcome, datetime.now(UTC))

    def refund(self, provider_reference: str, yen: int, *, key: str) -> Notice:
        """Pay back; the same key pays once."""
        session = asked(lambda api: api.checkout.sessions.retrieve(provider_reference))
        params = {
            "payment_intent": session.payment_intent,
            "amount": yen,
            "metadata": {"key": key, "session": provider_reference},
        }
        made = asked(lambda api: api.refunds.create(params, {"idempotency_key": key})).to_dict()
        if made.get("status") != "succeeded":  # pending: its webhook, or the next time we ask, says that it was made
            raise Unavailable(f"Stripe: the refund is {made['status']}")
        return _of_refund(f"refund:{made['id']}", made)

    def listed(self, day: date) -> Sequence[Notice]:
        """Payments by the events of the day, repayments by their own list."""
        if day < timezone.localdate() - KEPT:  # an empty list would make a difference of all that we have
            raise Unavailable("Stripe keeps events for 30 days")
        start = datetime.combine(day, time(), TOKYO)
        span = {"gte": int(start.timestamp()), "lt": int((start + timedelta(days=1)).timestamp())}
        events = [event for kind in PAID for event in asked(partial(_events, kind=kind, span=span))]
        refunds = asked(lambda api: list(api.refunds.list({"created": span, "limit": 100}).auto_paging_iter()))
        paid = [notice_of(one.to_dict()) for one in events]
        repaid = [one.to_dict() for one in refunds]
        return [
            *(one for one in paid if one and one.outcome == "paid"),
            *(_of_refund(f"refund:{one['id']}", one) for one in repaid if one.get("status") == "succeeded"),
        ]


def checkout(request: Request) -> dict[str, Any]:
    """The words that ask for a Checkout Session; the same request always gives the same, as its key demands."""
    price = {"currency": "jpy", "unit_amount": request.yen, "product_data": {"name": request.label}}
    ours = {"attempt": request.attempt, "reference": request.reference}
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": request.attempt,
        "locale": LANGUAGES.get(request.language, "auto"),
        "success_url": request.back,
        "cancel_url": request.back,
        "metadata": ours,
        "payment_intent_data": {"metadata": ours},
    }
    if request.expires_at:
        params["expires_at"] = int(max(request.expires_at, request.started_at + SHORTEST).timestamp())
    return params


def notice_of(event: Mapping[str, Any]) -> Notice | None:
    """What an event says about a payment or a repayment; None for all others."""
    kind, told = event["type"], event["data"]["object"]
    at = datetime.fromtimestamp(event["created"], UTC)
    if kind in SESSIONS:
        outcome = SESSIONS[kind]
        if outcome == "paid" and told.get("payment_status") != "paid":
            outcome = "waiting"  # a way to pay that takes days: async_payment_succeeded follows
        return _of_session(event["id"], told, outcome, at)
    if kind in ("refund.created", "refund.updated") and told.get("status") == "succeeded":
        return _of_refund(event["id"], told)
    return None


def _of_session(event: str, session: Mapping[str, Any], outcome: Outcome, at: datetime) -> Notice:
    ways = session.get("payment_method_types") or [""]
    return Notice(
        event, session["id"], outcome, session["amount_total"] or 0, at, ways[0], currency=session["currency"].upper()
    )


def _of_refund(event: str, refund: Mapping[str, Any]) -> Notice:
    ours = refund.get("metadata") or {}
    return Notice(
        event,
        ours.get("session") or str(refund.get("payment_intent") or refund["id"]),
        "refunded",
        refund["amount"],
        datetime.fromtimestamp(refund["created"], UTC),
        refund=ours.get("key") or refund["id"],
        currency=refund["currency"].upper(),
    )


def _events(api: Any, *, kind: str, span: Mapping[str, int]) -> list[Any]:
    return list(api.events.list({"type": kind, "created": dict(span), "limit": 100}).auto_paging_iter())
