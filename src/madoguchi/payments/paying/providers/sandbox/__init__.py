"""A hosted checkout of play money on this server: for trying out and for tests, never in production.

It keeps its payments in its own table (`SandboxPayment`), as a real provider would on its own server, and signs its
notifications: `Sandbox-Signature: t=<unix seconds>,v1=<HMAC-SHA256 of "t.body">`; older than five minutes is refused.
"""

import hmac
import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as marked
from django.utils.translation import override

from madoguchi.platform.failpoints import switched_off

from ....models import SandboxPayment
from ..base import Forged, Notice, Request, Started, Unavailable

HEADER: Final = "Sandbox-Signature"
TOLERANCE_SECONDS: Final = 300
MOST_BYTES: Final = 10_000


def sign(body: bytes, at: int) -> str:
    """The signature header of a body sent at `at` (seconds of the epoch)."""
    return f"t={at},v1={_mac(body, at)}"


def _mac(body: bytes, at: int) -> str:
    return salted_hmac("madoguchi.sandbox", b"%d." % at + body, algorithm="sha256").hexdigest()


def told(event: str, payment: SandboxPayment, outcome: str) -> tuple[dict[str, str], bytes]:
    """A signed notification, as it would leave now: headers and body."""
    body = json.dumps(
        {
            "event": event,
            "reference": payment.reference,
            "outcome": outcome,
            "yen": payment.yen,
            "currency": "JPY",
            "method": "sandbox",
            "at": payment.at.isoformat(),
        }
    ).encode()
    return {HEADER: sign(body, int(time.time()))}, body


def _is_genuine(body: bytes, at: int, mac: str) -> bool:
    """Signed by us and not old; the control of `drills.payments` switches this off and must then see forged ones in."""
    if switched_off("payment-signature"):
        return True
    same = hmac.compare_digest(_mac(body, at), mac.encode("ascii", "replace").decode())
    return same and abs(time.time() - at) <= TOLERANCE_SECONDS


def _answers() -> None:
    """A drill can let the sandbox be down: `MADOGUCHI_LOCKS_OFF=sandbox-answers`."""
    if switched_off("sandbox-answers"):
        raise Unavailable("the sandbox is down")


class Sandbox:
    """The provider."""

    code = "sandbox"
    name = marked("試験用の支払い（お金は動きません）")
    hosted = True
    by_file = False
    by_hand = False

    def is_ready(self) -> bool:
        """Wherever this is not a real town hall."""
        return bool(settings.SANDBOX)

    def start(self, request: Request) -> Started:
        """A checkout; the same attempt gives the same."""
        _answers()
        payment, _is_new = SandboxPayment.objects.get_or_create(
            attempt=request.attempt,
            defaults={"yen": request.yen, "label": request.label, "back": request.back, "at": timezone.now()},
        )
        with override(request.language):
            url = settings.PUBLIC_URL + reverse("payments:sandbox", args=[payment.reference])
        return Started(payment.reference, url)

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Check the signature and its age, then the content."""
        given = next((value for name, value in headers.items() if name.lower() == HEADER.lower()), "")
        at, _comma, mac = given.removeprefix("t=").partition(",v1=")
        if not (at.isascii() and at.isdigit()) or len(at) > 12 or len(body) > MOST_BYTES:
            raise Forged("no signature")
        if not _is_genuine(body, int(at), mac):
            raise Forged("a wrong signature, or too old")
        return _notice(json.loads(body))

    def status(self, provider_reference: str) -> Notice:
        """How the checkout stands."""
        _answers()
        payment = SandboxPayment.objects.get(reference=provider_reference)
        state: Any = payment.state
        event = f"status:{payment.reference}:{state}"
        return Notice(event, payment.reference, state, payment.yen, payment.at, "sandbox")

    def refund(self, provider_reference: str, yen: int, *, key: str) -> Notice:
        """Pay back; the same key pays once."""
        _answers()
        payment = SandboxPayment.objects.get(reference=provider_reference)
        if key not in payment.refunds:
            payment.refunds = {**payment.refunds, key: {"yen": yen, "at": timezone.now().isoformat()}}
            payment.save(update_fields=["refunds"])
        return _repaid(payment, key)

    def listed(self, day: date) -> Sequence[Notice]:
        """What was paid and refunded on a day."""
        _answers()
        found = [
            Notice(f"listed:{one.reference}", one.reference, "paid", one.yen, one.at, "sandbox")
            for one in SandboxPayment.objects.filter(state="paid", at__date=day)
        ]
        repaid = [_repaid(one, key) for one in SandboxPayment.objects.exclude(refunds={}) for key in one.refunds]
        return [*found, *(one for one in repaid if timezone.localdate(one.at) == day)]


def _repaid(payment: SandboxPayment, key: str) -> Notice:
    kept = payment.refunds[key]
    at = datetime.fromisoformat(kept["at"])
    return Notice(f"refund:{key}", payment.reference, "refunded", kept["yen"], at, "sandbox", key)


def _notice(told: dict[str, Any]) -> Notice:
    at = datetime.fromisoformat(told["at"]).astimezone(UTC)
    return Notice(
        told["event"], told["reference"], told["outcome"], told["yen"], at, told["method"], currency=told["currency"]
    )
