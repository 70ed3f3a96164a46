"""What is offered: a way whose news come after days is not offered for what is held for minutes, and given time."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from madoguchi import sequence
from madoguchi.payments.models import Charge
from madoguchi.payments.paying import actions, attempts
from madoguchi.people.actor import PUBLIC
from tests import paying, shop, town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_ways(settings):
    settings.JPQR_MERCHANT, settings.JPQR_NAME, settings.JPQR_CITY = "1234567890123-0001-000001-000002", "TOWN", "TOWN"


def test_a_fee_can_be_paid_with_a_slip_and_places_that_are_held_cannot():
    fee, tickets = paying.charged(town.applied()), shop.bought(shop.slot(), student=2).charge
    assert {"slip", "jpqr", "sandbox"} <= set(attempts.ways(fee))
    assert attempts.ways(tickets) == ["sandbox"]


@pytest.mark.parametrize("way", ["slip", "jpqr"])
def test_the_page_and_the_api_refuse_it_for_held_places(way):
    charge = shop.bought(shop.slot(), student=2).charge
    browser = town.visitor()
    page = reverse("payments:pay", args=[charge.secret])
    assert f'value="{way}"' not in browser.get(page).content.decode()
    assert browser.post(reverse("payments:start", args=[charge.secret]), {"provider": way}).status_code == 422
    token = {"Authorization": f"Bearer {charge.secret}"}
    url = f"/api/v1/payments/{charge.reference}"
    assert browser.get(url, headers=token).json()["providers"] == ["sandbox"]
    body = json.dumps({"provider": way})
    assert browser.post(f"{url}/attempts", body, "application/json", headers=token).status_code == 422
    assert not charge.attempts.exists()


def test_the_checkout_is_told_until_when_the_places_are_held():
    made = shop.bought(shop.slot(), student=2)
    attempt = actions.start(charge=made.charge, provider="sandbox", language="ja", by=PUBLIC)
    assert attempt.expires_at == made.charge.pay_by == made.held_until


@pytest.mark.parametrize(("way", "days"), [("sandbox", 1), ("slip", 8)])
def test_a_case_does_not_lapse_while_a_file_may_still_tell_that_it_was_paid(way, days):
    case = town.applied()
    charge = paying.charged(case)
    actions.start(charge=charge, provider=way, language="ja", by=PUBLIC)
    for passed, ended in ((days - 1, False), (days, True)):
        Charge.objects.update(due_on=timezone.localdate() - timedelta(days=passed))
        sequence.watch_payments(timestamp=0)
        case.refresh_from_db()
        assert (case.result == "lapsed") is ended
