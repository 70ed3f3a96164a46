"""A provider that is down leaves everything waiting; tellings at the same moment count once; with their controls."""

import pytest
from django.utils import timezone

from madoguchi.payments.ledger import queries
from madoguchi.payments.models import Refund
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import Notice, Unavailable
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import paying, town
from tests.elsewhere import at_the_same_time

DOWN, LOCK_OFF = "sandbox-answers", "ledger-lock"
ROUNDS = 4


def charge_of(yen=3000):
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)


def started(charge):
    return actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)


@pytest.mark.django_db
def test_a_provider_that_is_down_when_one_starts_is_a_sentence_and_nothing_is_lost(monkeypatch):
    charge = charge_of()
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", DOWN)
    with pytest.raises(ActionRefused, match="お金は動いていません"):
        started(charge)
    monkeypatch.delenv("MADOGUCHI_LOCKS_OFF")
    assert started(charge).provider_reference
    assert charge.attempts.count() == 1


@pytest.mark.django_db
def test_a_refund_waits_while_its_provider_is_down_and_is_made_once(monkeypatch):
    charge = charge_of()
    paying.pays(charge)
    actions.refund(charge=charge, yen=3000, reason="催しの中止", by=town.sasaki())
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", DOWN)
    for _time in range(2):
        with pytest.raises(Unavailable):
            actions.pay_back(charge)
    assert Refund.objects.get().done_at is None
    page = town.visitor().get(f"/pay/{charge.secret}/")
    assert "多く支払われた分" in page.content.decode()
    monkeypatch.delenv("MADOGUCHI_LOCKS_OFF")
    assert [actions.pay_back(charge), actions.pay_back(charge)] == [1, 0]
    charge.refresh_from_db()
    assert (charge.owed, charge.paid) == (0, 0)


def two_payments_at_once():
    """Two people pay one charge in the same moment through two checkouts; what the charge then says."""
    charge = charge_of()
    first = started(charge)
    actions.owe_more(charge=charge, yen=500, key="x", by=PUBLIC)
    second = started(charge)
    told = [Notice(f"e:{one.pk}", one.provider_reference, "paid", one.yen, timezone.now()) for one in (first, second)]
    got = at_the_same_time(*(lambda one=one: actions.settle(one, provider="sandbox") for one in told))
    charge.refresh_from_db()
    return charge, got


@pytest.mark.django_db(transaction=True)
def test_two_payments_in_the_same_moment_are_both_credited():
    for _round in range(ROUNDS):
        charge, got = two_payments_at_once()
        assert got == ["paid", "paid"]
        assert charge.paid == queries.recount(charge).paid == 6500
    assert queries.unsound() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_of_them_is_lost_from_the_figures(monkeypatch):
    """The control: the ledger still holds both lines, and the recount finds that the figures do not."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", LOCK_OFF)
    for _round in range(ROUNDS * 5):
        two_payments_at_once()
    assert queries.unsound() != []


@pytest.mark.django_db(transaction=True)
def test_the_same_payment_told_twice_in_the_same_moment_counts_once():
    charge = charge_of()
    attempt = started(charge)
    told = [Notice(f"e{n}", attempt.provider_reference, "paid", 3000, timezone.now()) for n in range(2)]
    got = at_the_same_time(*(lambda one=one: actions.settle(one, provider="sandbox") for one in told))
    charge.refresh_from_db()
    assert sorted(map(str, got)) == ["nothing", "paid"]
    assert charge.paid == 3000
