"""A wrong line planted in the ledger is found, whatever is wrong with it."""

import pytest
from django.utils import timezone

from madoguchi.payments.ledger import queries, rules
from madoguchi.payments.models import Attempt, Charge, Entry, Refund
from madoguchi.payments.paying import actions
from madoguchi.people.actor import PUBLIC, worker
from tests import paying, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge():
    """3,000 yen asked for and paid, 500 of them paid back."""
    charge = actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=3000, by=PUBLIC)
    paying.pays(charge)
    actions.lower(charge=charge, yen=500, key="fewer", reason="変更", by=worker("test"))
    actions.pay_back(charge)
    charge.refresh_from_db()
    assert queries.unsound() == []
    assert Refund.objects.filter(attempt__charge=charge).exists()
    return charge


def plant(charge, kind, debit, credit, yen=100, attempt=None):
    """A line as a fault of the program would write it: around `actions`."""
    Entry.objects.create(
        charge=charge, kind=kind, debit=debit, credit=credit, yen=yen, at=timezone.now(), actor_kind="system",
        reason="試し", attempt=attempt, key=f"planted:{kind}:{debit}:{credit}",
    )  # fmt: skip


MONEY = rules.money_at("sandbox")
PLANTED = {
    "asked for once more": ("owed", rules.RECEIVABLE, rules.INCOME),
    "asked for with the accounts the wrong way round": ("owed", rules.INCOME, rules.RECEIVABLE),
    "lowered on another account": ("lowered", rules.LOSSES, rules.RECEIVABLE),
    "reduced without the charge knowing": ("reduced", rules.REDUCTIONS, rules.RECEIVABLE),
    "written off without the charge knowing": ("written-off", rules.LOSSES, rules.RECEIVABLE),
    "paid twice": ("paid", MONEY, rules.RECEIVABLE),
    "paid into another provider's money": ("paid", rules.money_at("slip"), rules.RECEIVABLE),
    "paid straight into income": ("paid", MONEY, rules.INCOME),
    "paid back twice": ("refunded", rules.RECEIVABLE, MONEY),
}


@pytest.mark.parametrize("line", PLANTED.values(), ids=PLANTED)
def test_a_planted_line_is_found(charge, line):
    attempt = charge.attempts.get() if line[0] in ("paid", "refunded") else None
    plant(charge, *line, attempt=attempt)
    assert queries.unsound() == [charge.reference]


@pytest.mark.parametrize("name", ["paid twice", "paid back twice", "lowered on another account"])
def test_a_planted_line_is_found_though_the_figures_were_changed_with_it(charge, name):
    kind, *accounts = PLANTED[name]
    change = rules.change(kind, 100)
    plant(charge, kind, *accounts, attempt=charge.attempts.get() if kind in ("paid", "refunded") else None)
    Charge.objects.filter(pk=charge.pk).update(owed=charge.owed + change.owed, paid=charge.paid + change.paid)
    assert queries.unsound() == [charge.reference]


def test_a_payment_that_no_line_knows_is_found(charge):
    Attempt.objects.create(
        charge=charge, provider="jpqr", yen=100, state="paid", started_at=timezone.now(), settled_at=timezone.now()
    )
    assert queries.unsound() == [charge.reference]


def test_a_repayment_that_no_line_knows_is_found(charge):
    Attempt.objects.filter(charge=charge).update(refunded=501)
    assert queries.unsound() == [charge.reference]
