"""A provider's notice becomes lines of the ledger once, in any order; what does not fit credits nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.payments.ledger import queries
from madoguchi.payments.models import Attempt, Difference, Notification, Refund
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import PROVIDERS, Forged, Notice, sandbox
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.platform.refusing import ActionRefused
from tests import paying, town

pytestmark = pytest.mark.django_db


def charge_of(yen=3000):
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)


def started(charge):
    return actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)


def notice(attempt, outcome="paid", **parts):
    usual = Notice(f"e:{attempt.pk}", attempt.provider_reference, outcome, attempt.yen, timezone.now(), "card")
    return replace(usual, **parts)


def settle(told):
    return actions.settle(told, provider="sandbox")


def standing(charge):
    charge.refresh_from_db()
    assert queries.recount(charge) == (charge.owed, charge.paid)
    assert queries.unsound() == []
    return charge.owed, charge.paid


def jobs(name):
    return ProcrastinateJob.objects.filter(task_name=name).count()


def test_a_payment_is_credited_and_what_waits_for_it_is_queued():
    charge = charge_of()
    assert settle(notice(started(charge))) == "paid"
    assert standing(charge) == (3000, 3000)
    assert jobs("madoguchi.settled") == 1


def test_the_same_notification_counts_once():
    charge = charge_of()
    told = notice(started(charge))
    assert [settle(told) for _time in range(3)] == ["paid", "nothing", "nothing"]
    assert settle(replace(told, event="told in other words")) == "nothing"
    assert standing(charge) == (3000, 3000)
    assert jobs("madoguchi.settled") == 1


def test_a_failure_that_arrives_after_the_payment_changes_nothing():
    charge = charge_of()
    attempt = started(charge)
    settle(notice(attempt))
    assert settle(notice(attempt, "failed", event="late")) == "nothing"
    assert standing(charge) == (3000, 3000)


def test_a_payment_that_arrives_after_its_failure_is_credited():
    charge = charge_of()
    attempt = started(charge)
    assert settle(notice(attempt, "failed", event="first")) == "failed"
    assert settle(notice(attempt)) == "paid"
    assert standing(charge) == (3000, 3000)


@pytest.mark.parametrize("parts", [{"yen": 1}, {"yen": 3001}, {"yen": 10**12}, {"yen": -3000}, {"currency": "USD"}])
def test_another_amount_or_currency_credits_nothing_and_leaves_a_difference(parts):
    charge = charge_of()
    assert settle(notice(started(charge), **parts)) == "mismatch"
    assert standing(charge) == (3000, 0)
    assert Difference.objects.get().kind == "amount"


def test_an_unknown_payment_leaves_a_difference():
    assert settle(Notice("e", "never started", "paid", 3000, timezone.now())) == "mismatch"
    assert Difference.objects.get().kind == "only-there"


def test_what_waits_at_the_provider_is_not_kept():
    attempt = started(charge_of())
    assert settle(notice(attempt, "waiting")) == "nothing"
    assert not Notification.objects.exists()


def test_paying_twice_is_credited_and_paid_back():
    charge = charge_of()
    first, other = started(charge), None
    other = Attempt.objects.create(
        charge=charge, provider="jpqr", provider_reference="q1", yen=3000, started_at=timezone.now()
    )
    settle(notice(first))
    assert actions.settle(notice(other), provider="jpqr") == "paid"
    assert standing(charge) == (3000, 6000)
    assert list(Refund.objects.values_list("attempt", "yen", "reason")) == [(other.pk, 3000, "二重の納付")]
    assert jobs("madoguchi.pay-back") == 1


def test_money_for_a_lapsed_charge_is_taken_in_and_paid_back_in_full(clock):
    clock("2026-07-01")
    case = town.applied()
    charge = paying.charged(case)
    attempt = started(charge)
    clock("2026-07-20")
    assert actions.lapse(charge=charge, by=worker("fees"))
    payment = sandbox.SandboxPayment.objects.get()
    payment.state = "paid"
    payment.save()
    assert settle(notice(attempt)) == "paid"
    assert standing(charge) == (0, attempt.yen)
    assert actions.pay_back(charge) == 1
    assert standing(charge) == (0, 0)
    case.refresh_from_db()
    assert (case.step, case.result, case.unpaid) == ("lapsed", "lapsed", 0)


def test_nothing_can_be_started_for_what_is_paid_or_lapsed():
    charge = charge_of()
    settle(notice(started(charge)))
    with pytest.raises(ActionRefused, match="すでに支払いが済んでいます"):
        started(charge)
    other = charge_of()
    actions.waive_rest(charge=other, by=worker("fees"))
    with pytest.raises(ActionRefused, match="期限が過ぎた"):
        started(other)


def test_going_back_and_starting_again_uses_the_same_checkout():
    charge = charge_of()
    assert started(charge).pk == started(charge).pk
    actions.owe_more(charge=charge, yen=500, key="x", by=PUBLIC)
    newer = started(charge)
    assert newer.yen == 3500
    assert list(charge.attempts.order_by("started_at").values_list("state", flat=True)) == ["expired", "started"]


def test_the_amount_of_an_older_checkout_is_credited_as_it_was_and_the_rest_stays_due():
    charge = charge_of()
    older = started(charge)
    actions.owe_more(charge=charge, yen=500, key="x", by=PUBLIC)
    assert settle(notice(older)) == "paid"
    assert standing(charge) == (3500, 3000)
    assert jobs("madoguchi.settled") == 0


def test_a_notification_with_a_wrong_signature_leaves_no_row():
    charge = charge_of()
    attempt = started(charge)
    payment = sandbox.SandboxPayment.objects.get(reference=attempt.provider_reference)
    headers, body = sandbox.told("e1", payment, "paid")
    for forged_headers, forged_body in [
        ({}, body),
        (headers, body.replace(b"3000", b"0003")),
        ({sandbox.HEADER: "t=1,v1=" + "0" * 64}, body),
        ({sandbox.HEADER: "t=９,v1=é"}, body),
        ({sandbox.HEADER: sandbox.sign(body, int(timezone.now().timestamp()) - 301)}, body),
    ]:
        with pytest.raises(Forged):
            actions.receive(provider="sandbox", headers=forged_headers, body=forged_body)
    assert not Notification.objects.exists()
    assert actions.receive(provider="sandbox", headers=headers, body=body) == "paid"


def test_a_lost_notification_is_made_up_for_by_asking():
    charge = charge_of()
    attempt = started(charge)
    sandbox.SandboxPayment.objects.update(state="paid")
    assert actions.look(attempt).state == "paid"
    assert standing(charge) == (3000, 3000)


def test_open_tries_are_asked_about_until_they_are_told_and_one_that_is_down_is_passed_over(monkeypatch):
    charge, other = charge_of(), charge_of()
    started(charge), started(other)
    sandbox.SandboxPayment.objects.update(state="paid")
    since = timezone.now() - timedelta(days=3)
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "sandbox-answers")
    assert actions.look_at_open(since=since) == 0
    monkeypatch.delenv("MADOGUCHI_LOCKS_OFF")
    assert actions.look_at_open(since=timezone.now()) == 0, "older than asked for"
    assert actions.look_at_open(since=since) == 2
    assert [standing(one) for one in (charge, other)] == [(3000, 3000)] * 2
    assert actions.look_at_open(since=since) == 0, "nothing is open any more"


def test_the_register_knows_its_providers_by_their_own_codes():
    assert all(provider.code == code for code, provider in PROVIDERS.items())
