"""Fees that are charged and paid."""

from django.utils import timezone

from madoguchi.payments.models import SandboxPayment
from madoguchi.payments.paying import actions as payments
from madoguchi.payments.paying.fees import follow_fee
from madoguchi.payments.paying.providers import sandbox
from madoguchi.people.actor import PUBLIC, worker
from tests import town


def charged(case):
    """The charge of a case's fee, as the worker opens it; None where nothing is charged."""
    return follow_fee(case=case, by=worker("fees"))


def pays(charge, how="paid"):
    """Somebody pays what is due at the sandbox's checkout, and its notification arrives."""
    attempt = payments.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)
    payment = SandboxPayment.objects.get(reference=attempt.provider_reference)
    payment.state, payment.at = how, timezone.now()
    payment.save()
    headers, body = sandbox.told(f"event:{payment.reference}:{how}", payment, how)
    payments.receive(provider="sandbox", headers=headers, body=body)
    attempt.refresh_from_db()
    return attempt


def pays_at_the_counter(charge, method="card", slip="0001"):
    """Somebody pays what is due at the terminal of the charge's office."""
    clerk = town.officer("窓口 係", charge.office, "clerk")
    return payments.take_at_counter(charge=charge, method=method, slip=slip, by=clerk)


def paid(case):
    """The case with its fee paid."""
    if case.unpaid:
        pays(charged(case))
    case.refresh_from_db()
    return case
