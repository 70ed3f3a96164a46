"""The ledger is the truth: after any history `owed`, `paid` and every payment are what its lines say."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.payments.ledger import queries, rules
from madoguchi.payments.models import Charge, Difference, Entry, Refund, SandboxPayment
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import sandbox
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.platform.refusing import ActionRefused
from tests import paying, town

pytestmark = pytest.mark.django_db
YEN = st.sampled_from([1, 99, 1000, 3000, 5000])
MOVES = st.one_of(
    st.tuples(st.sampled_from(["more", "lower", "reduce", "refund"]), YEN),
    st.tuples(st.sampled_from(["start", "pay", "fail", "again", "old", "wrong", "back", "write-off"]), st.just(0)),
)


def fresh(yen=3000):
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)


def start(charge):
    return actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)


def tell(payment, outcome, **parts):
    for name, value in parts.items():
        setattr(payment, name, value)
    headers, body = sandbox.told(f"e:{payment.reference}:{outcome}:{payment.yen}", payment, outcome)
    actions.receive(provider="sandbox", headers=headers, body=body)


def do(charge, move, yen, n):
    """One movement of a random history; refusals are a part of it."""
    payments = list(SandboxPayment.objects.order_by("pk"))
    newest, oldest = (payments[-1], payments[0]) if payments else (None, None)
    key, boss = f"k{n}", town.yamamoto()
    deeds = {
        "more": lambda: actions.owe_more(charge=charge, yen=yen, key=key, by=PUBLIC),
        "lower": lambda: actions.lower(charge=charge, yen=yen, key=key, reason="変更", by=PUBLIC),
        "reduce": lambda: actions.reduce(charge=charge, yen=yen, reason="減免", by=boss),
        "refund": lambda: actions.refund(charge=charge, yen=yen, reason="還付", by=boss),
        "write-off": lambda: actions.write_off(charge=charge, reason="不納", by=boss),
        "back": lambda: actions.pay_back(charge),
        "start": lambda: start(charge),
        "pay": lambda: newest and tell(newest, "paid", state="paid"),
        "again": lambda: newest and tell(newest, "paid", state="paid"),
        "old": lambda: oldest and tell(oldest, "paid", state="paid"),
        "fail": lambda: newest and tell(newest, "failed", state="failed"),
        "wrong": lambda: newest and tell(newest, "paid", yen=newest.yen + 1),
    }
    try:
        deeds[move]()
    except ActionRefused:
        return


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(history=st.lists(MOVES, min_size=3, max_size=25))
def test_after_any_history_the_figures_are_what_the_ledger_says(history):
    with transaction.atomic():
        charge = fresh()
        for n, (move, yen) in enumerate(history):
            do(charge, move, yen, n)
        charge.refresh_from_db()
        lines = queries.lines_of(charge)
        assert rules.sums(lines) == (charge.owed, charge.paid)
        assert rules.balances(lines).get(rules.RECEIVABLE, 0) == charge.due
        assert queries.unsound() == []
        actions.pay_back(charge)
        charge.refresh_from_db()
        assert charge.due >= 0, "everything that is over was paid back"
        paid = sum(attempt.yen - attempt.refunded for attempt in charge.attempts.filter(state="paid"))
        assert paid == charge.paid
        transaction.set_rollback(True)


def test_a_charge_whose_figures_were_tampered_with_is_found():
    charge = fresh()
    Charge.objects.filter(pk=charge.pk).update(paid=3000)
    assert queries.unsound() == [charge.reference]


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_a_line_cannot_be_changed_or_taken_out(deed):
    fresh()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(yen=1) if deed == "update" else Entry.objects.all()._raw_delete("default")


@pytest.mark.parametrize("yen", [0, -1, 100_000_001, 10**20])
def test_an_amount_that_cannot_be_is_refused(yen):
    with pytest.raises(ActionRefused):
        fresh(yen)
    with pytest.raises(ActionRefused):
        actions.owe_more(charge=fresh(), yen=yen, key="k", by=PUBLIC)


def test_many_small_additions_do_not_pass_the_limit():
    charge = fresh(100_000_000)
    with pytest.raises(ActionRefused, match="大きすぎます"):
        actions.owe_more(charge=charge, yen=1, key="k", by=PUBLIC)


def test_the_same_change_is_charged_once():
    charge = fresh()
    for _time in range(2):
        actions.owe_more(charge=charge, yen=500, key="order-2", by=PUBLIC)
        actions.lower(charge=charge, yen=200, key="order-3", reason="取消し", by=PUBLIC)
    charge.refresh_from_db()
    assert charge.owed == 3300


def test_a_refund_in_part_goes_back_through_the_same_payment_once():
    charge = fresh()
    attempt = paying.pays(charge)
    actions.refund(charge=charge, yen=1000, reason="催しの中止", by=town.sasaki())
    assert Refund.objects.get().done_at is None
    assert [actions.pay_back(charge) for _time in range(3)] == [1, 0, 0]
    charge.refresh_from_db()
    attempt.refresh_from_db()
    assert (charge.owed, charge.paid, attempt.refunded) == (2000, 2000, 1000)
    assert charge.entries.get(kind="refunded").reason == "催しの中止"


def test_what_is_asked_for_again_before_it_is_paid_back_is_not_paid_back():
    charge = fresh()
    paying.pays(charge)
    actions.refund(charge=charge, yen=1000, reason="誤り", by=town.sasaki())
    actions.owe_more(charge=charge, yen=1000, key="again", by=PUBLIC)
    assert not Refund.objects.exists()
    assert actions.pay_back(charge) == 0


def test_a_refund_that_we_did_not_ask_for_is_a_difference():
    charge = fresh()
    attempt = paying.pays(charge)
    told = sandbox.Notice("r1", attempt.provider_reference, "refunded", 3000, timezone.now(), refund="by hand")
    assert actions.settle(told, provider="sandbox") == "mismatch"
    charge.refresh_from_db()
    assert charge.paid == 3000
    assert Difference.objects.get().provider_reference == "by hand"


REFUSED = {
    "reduce too much": lambda charge: actions.reduce(charge=charge, yen=3001, reason="x", by=town.sasaki()),
    "reduce without a reason": lambda charge: actions.reduce(charge=charge, yen=1, reason="  ", by=town.sasaki()),
    "reduce as a clerk": lambda charge: actions.reduce(charge=charge, yen=1, reason="x", by=town.suzuki()),
    "reduce in another office": lambda charge: actions.reduce(charge=charge, yen=1, reason="x", by=town.kato()),
    "reduce as a worker": lambda charge: actions.reduce(charge=charge, yen=1, reason="x", by=worker("x")),
    "refund what was not paid": lambda charge: actions.refund(charge=charge, yen=1, reason="x", by=town.sasaki()),
    "write off as an officer": lambda charge: actions.write_off(charge=charge, reason="x", by=town.sasaki()),
    "write off without a reason": lambda charge: actions.write_off(charge=charge, reason="", by=town.yamamoto()),
}


@pytest.mark.parametrize("deed", REFUSED)
def test_what_is_not_allowed_is_refused_with_a_sentence(deed):
    charge = fresh()
    with pytest.raises(ActionRefused, match="。"):
        REFUSED[deed](charge)
    charge.refresh_from_db()
    assert (charge.owed, charge.entries.count()) == (3000, 1)


def test_a_manager_writes_off_what_is_due():
    charge = actions.write_off(charge=fresh(), reason="時効", by=town.yamamoto())
    assert (charge.owed, charge.due) == (0, 0)
