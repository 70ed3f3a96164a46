"""Stripe: what its package signs and asks, against `localstripe` as a real process; ADR 0015 says what that proves."""

import hashlib
import hmac
import json
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from bench.hall import free_port, wait_for
from madoguchi.payments.paying.providers import Forged, Request, Unavailable
from madoguchi.payments.paying.providers.stripe import Stripe, checkout

SECRET = "whsec_test"
NOW = timezone.now()
REQUEST = Request("0191-attempt", 3000, "観覧料", "A1B2", "ja", "http://127.0.0.1/back", "http://127.0.0.1/notify", NOW)


@pytest.fixture(scope="module")
def base():
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.stripe_server", "--port", str(port), "--from-scratch"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(f"{url}/js.stripe.com/v3/")
    yield url
    server.terminate()
    server.wait(10)


@pytest.fixture
def stripe(settings):
    settings.STRIPE_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", SECRET
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{free_port()}"
    return Stripe()


def paid_at(base, session):
    request = urllib.request.Request(
        f"{base}/v1/checkout/sessions/{session}/pay", b"", {"Authorization": "Bearer sk_test_1"}
    )
    urllib.request.urlopen(request).close()


def test_a_session_is_started_paid_listed_and_paid_back(stripe, settings, base):
    settings.STRIPE_API_BASE = base
    started = stripe.start(REQUEST)
    assert started.url
    assert stripe.status(started.provider_reference).outcome == "waiting"
    paid_at(base, started.provider_reference)
    standing = stripe.status(started.provider_reference)
    assert (standing.outcome, standing.yen, standing.currency) == ("paid", 3000, "JPY")
    repaid = stripe.refund(started.provider_reference, 1000, key="key-1")
    assert (repaid.outcome, repaid.yen, repaid.refund) == ("refunded", 1000, "key-1")


@pytest.mark.parametrize(("minutes", "ends_after"), [(20, 60), (180, 180)])
def test_a_session_ends_with_the_hold_but_not_before_stripe_allows(minutes, ends_after):
    asked_for = checkout(replace(REQUEST, expires_at=NOW + timedelta(minutes=minutes)))
    assert asked_for["expires_at"] == int((NOW + timedelta(minutes=ends_after)).timestamp())
    assert "expires_at" not in checkout(REQUEST)


def test_a_session_that_ends_is_taken_by_the_server(stripe, settings, base):
    settings.STRIPE_API_BASE = base
    request = replace(REQUEST, attempt="0191-held", expires_at=NOW + timedelta(minutes=20))
    assert stripe.status(stripe.start(request).provider_reference).outcome == "waiting"


@pytest.mark.parametrize("do", ["start", "status", "refund", "listed"])
def test_a_server_that_does_not_answer_is_unavailable(stripe, do):
    asked = {
        "start": lambda: stripe.start(REQUEST),
        "status": lambda: stripe.status("cs_1"),
        "refund": lambda: stripe.refund("cs_1", 1, key="k"),
        "listed": lambda: stripe.listed(timezone.localdate()),
    }
    with pytest.raises(Unavailable):
        asked[do]()


def webhook(kind="checkout.session.completed", *, secret=SECRET, at=None, **changes):
    session = {"id": "cs_1", "amount_total": 3000, "currency": "jpy", "payment_status": "paid", **changes}
    body = json.dumps(
        {"id": "evt_1", "object": "event", "type": kind, "created": 1, "data": {"object": session}}
    ).encode()
    at = int(time.time()) if at is None else at
    mac = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={mac}"}, body


def test_a_signed_webhook_is_read(stripe):
    told = stripe.read(*webhook())
    assert (told.event, told.provider_reference, told.outcome, told.yen) == ("evt_1", "cs_1", "paid", 3000)


def test_a_session_completed_by_a_slow_way_to_pay_waits(stripe):
    assert stripe.read(*webhook(payment_status="unpaid")).outcome == "waiting"


def test_a_webhook_about_something_else_says_nothing(stripe):
    assert stripe.read(*webhook("customer.created")) is None


@pytest.mark.parametrize("how", [{"secret": "whsec_other"}, {"at": int(time.time()) - 301}])
def test_a_webhook_with_another_secret_or_too_old_is_forged(stripe, how):
    with pytest.raises(Forged):
        stripe.read(*webhook(**how))


@pytest.mark.parametrize(
    "change", [lambda h, b: (h, b.replace(b"3000", b"1")), lambda h, b: ({}, b), lambda h, b: (h, b"\xff")]
)
def test_a_changed_or_unsigned_webhook_is_forged(stripe, change):
    with pytest.raises(Forged):
        stripe.read(*change(*webhook()))


def test_a_hall_without_stripe_does_not_load_its_package():
    code = (
        "import django; django.setup(); import sys, madoguchi.payments.paying.providers; print('stripe' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
