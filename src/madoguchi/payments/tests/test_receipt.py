"""The receipt: a signed PDF once everything is paid, and nothing before."""

import pytest
from django.urls import reverse
from django.utils import timezone

from madoguchi.credentials.actions import trust_roots
from madoguchi.credentials.checking import State, check
from madoguchi.payments import actions
from madoguchi.payments.models import SandboxPayment
from madoguchi.people.actor import PUBLIC
from tests import town

pytestmark = pytest.mark.django_db


def a_charge():
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料（一般2枚）", yen=3000, by=PUBLIC)


def paid(charge):
    attempt = actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)
    SandboxPayment.objects.filter(reference=attempt.provider_reference).update(state="paid", at=timezone.now())
    actions.look(attempt)


def test_a_paid_charge_has_a_receipt_that_verifies():
    charge = a_charge()
    paid(charge)
    answer = town.visitor().get(reverse("payments:receipt", args=[charge.secret]))
    assert answer["Content-Type"] == "application/pdf"
    verdict = check(answer.content, trust_roots=trust_roots())
    assert (verdict.state, verdict.subject) == (State.GENUINE, str(charge.pk))


def test_an_unpaid_charge_leads_to_its_payment_page():
    charge = a_charge()
    answer = town.visitor().get(reverse("payments:receipt", args=[charge.secret]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("payments:pay", args=[charge.secret]))
