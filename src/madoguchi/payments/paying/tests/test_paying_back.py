"""Repayments: never more than is over, and by hand where the provider is stuck, but not twice unnoticed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi import sequence
from madoguchi.payments.closing.reconciliation import reconcile
from madoguchi.payments.ledger import queries
from madoguchi.payments.models import Difference, Refund, SandboxPayment
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import PROVIDERS, Notice
from madoguchi.payments.paying.repaying import STUCK, is_by_hand
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import paying, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge():
    """A thousand yen, paid through the sandbox."""
    made = actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=1000, by=PUBLIC)
    attempt = actions.start(charge=made, provider="sandbox", language="ja", by=PUBLIC)
    SandboxPayment.objects.update(state="paid", at=timezone.now())
    actions.look(attempt)
    return made


def promised():
    return sorted(Refund.objects.filter(done_at__isnull=True).values_list("yen", flat=True))


def lower(charge, yen, key="a"):
    actions.lower(charge=charge, yen=yen, key=key, reason="変更", by=PUBLIC)


@pytest.mark.parametrize(("raised", "left"), [(300, [300]), (600, []), (700, [])])
def test_what_is_asked_for_again_before_it_was_paid_back_is_not_paid_back(charge, raised, left):
    lower(charge, 600)
    assert promised() == [600]
    actions.owe_more(charge=charge, yen=raised, key="b", by=PUBLIC)
    assert promised() == left
    actions.pay_back(charge)
    charge.refresh_from_db()
    assert charge.due == max(raised - 600, 0) and queries.unsound() == []


def test_of_several_promises_the_latest_is_taken_back_first(charge):
    lower(charge, 200)
    lower(charge, 300, "b")
    actions.owe_more(charge=charge, yen=400, key="c", by=PUBLIC)
    assert promised() == [100]


def test_what_the_provider_was_asked_for_is_not_taken_back(charge, monkeypatch):
    lower(charge, 600)
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "sandbox-answers")
    with pytest.raises(Exception, match="down"):
        actions.pay_back(charge)
    actions.owe_more(charge=charge, yen=600, key="b", by=PUBLIC)
    assert promised() == [600]


def stuck(charge):
    """A repayment that the provider was asked for days ago."""
    lower(charge, 400)
    Refund.objects.update(asked_at=timezone.now() - STUCK)
    return Refund.objects.get()


def by_hand(refund, by=None):
    return actions.repaid_by_hand(refund=refund, slip="振込 77", by=by or town.suzuki())


def test_a_repayment_that_a_provider_makes_is_not_made_by_hand_as_well(charge):
    lower(charge, 400)
    with pytest.raises(ActionRefused, match="自動で"):
        by_hand(Refund.objects.get())


def test_where_the_provider_is_stuck_an_officer_transfers_and_it_is_not_asked_again(charge):
    refund = stuck(charge)
    assert is_by_hand(refund)
    by_hand(refund)
    charge.refresh_from_db()
    assert (charge.owed, charge.paid) == (600, 600)
    assert actions.pay_back(charge) == 0 and SandboxPayment.objects.get().refunds == {}
    assert reconcile(provider="sandbox", day=timezone.localdate()) == []


def test_a_provider_that_pays_back_after_all_is_told_as_a_difference(charge):
    refund = stuck(charge)
    by_hand(refund)
    late = PROVIDERS["sandbox"].refund(refund.attempt.provider_reference, refund.yen, key=str(refund.pk))
    assert isinstance(late, Notice) and actions.settle(late, provider="sandbox") == "mismatch"
    row = Difference.objects.get()
    assert (row.kind, row.movement, row.theirs) == ("twice", "refunded", 400)
    charge.refresh_from_db()
    assert charge.paid == 600


@pytest.mark.django_db(transaction=True)  # a lock that is taken is an error of the database
def test_the_hourly_look_asks_again_for_all_even_where_one_waits_in_the_queue(charge):
    lower(charge, 400)
    for _hour in range(2):
        sequence.watch_payments(timestamp=0)
    locks = ProcrastinateJob.objects.filter(queueing_lock=f"pay-back/{charge.pk}")
    assert locks.count() == 1


def test_one_faulty_charge_does_not_stop_the_reminders_of_the_others(monkeypatch, caplog):
    cases = [town.applied() for _case in range(2)]
    charges = [paying.charged(case) for case in cases]
    for one in charges:
        one.due_on = timezone.localdate() - timedelta(days=1)
        one.save()
    lapse, first = actions.lapse, min(charges, key=lambda one: one.pk)

    def faulty(*, charge, by):
        if charge.pk == first.pk:
            raise RuntimeError("a fault")
        return lapse(charge=charge, by=by)

    monkeypatch.setattr(actions, "lapse", faulty)
    sequence.watch_payments(timestamp=0)
    for case in cases:
        case.refresh_from_db()
    assert sorted(case.result for case in cases) == ["", "lapsed"] and "was not done" in caplog.text
