"""A hold ends once: sold when paid, let go when its time is over, never both."""

from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales import letters
from madoguchi.bookings.sales.actions import order
from madoguchi.bookings.sales.holds import confirm, let_go
from madoguchi.bookings.sales.selling import Place
from madoguchi.payments.models import Charge, SandboxPayment
from madoguchi.payments.paying import actions as payments
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from madoguchi.sequence import end_holds, settled
from tests.elsewhere import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)


def held(minutes, key="k"):
    now = timezone.now()
    start = now + timedelta(days=1)
    slot = Slot.objects.create(facility="garden", offer="entry", starts_at=start, ends_at=start + timedelta(hours=1),
                               opens_at=now - timedelta(days=1), capacity=5)  # fmt: skip
    return order(slot=slot, places=[Place("adult", 2, 600)], label="庭園", office="koen", key=key,
                 hold=timedelta(minutes=minutes), by=PUBLIC)  # fmt: skip


def now_is(made):
    made = Order.objects.select_related("slot", "charge").get(pk=made.pk)
    return made.state, made.slot.taken, made.charge.owed


def test_a_hold_whose_time_is_over_gives_its_places_back_and_owes_nothing():
    made = held(-1)
    assert (let_go(by=PUBLIC), let_go(by=PUBLIC)) == (1, 0)
    assert now_is(made) == ("expired", 0, 0)


def test_who_paid_keeps_the_places_even_if_the_news_of_it_was_lost():
    made = held(5)
    payments.start(charge=made.charge, provider="sandbox", language="ja", by=PUBLIC)
    SandboxPayment.objects.update(state="paid")
    Order.objects.update(held_until=timezone.now())
    assert let_go(by=PUBLIC) == 0
    assert now_is(made) == ("confirmed", 2, 600)


def test_after_its_time_paying_is_not_begun_any_more():
    made = held(-1)
    with pytest.raises(ActionRefused, match="取り置きの時間が過ぎた"):
        payments.start(charge=made.charge, provider="sandbox", language="ja", by=PUBLIC)


def test_one_order_that_cannot_be_let_go_does_not_keep_the_others(caplog, monkeypatch):
    stuck, other = held(-1), held(-1, key="other")
    queue = letters.queue

    def faulty(letter, order, **told):
        if order.pk == stuck.pk:
            raise RuntimeError("a fault")
        queue(letter, order, **told)

    monkeypatch.setattr(letters, "queue", faulty)
    assert let_go(by=PUBLIC) == 1
    assert (now_is(stuck)[:2], now_is(other)[:2]) == (("held", 2), ("expired", 0))
    assert "was not done" in caplog.text


def test_eight_workers_let_it_go_once():
    made = held(-1)
    assert sum(at_the_same_time(*[lambda: let_go(by=PUBLIC)] * 8)) == 1
    assert now_is(made) == ("expired", 0, 0)


def test_a_hold_that_still_runs_stays_and_is_not_sold_unpaid():
    made = held(5)
    assert (let_go(by=PUBLIC), confirm(order=made.pk, by=PUBLIC)) == (0, False)
    assert now_is(made) == ("held", 2, 600)


@pytest.mark.parametrize("minutes", [5, -1])
def test_what_is_paid_is_sold_once_even_if_its_time_is_over(minutes):
    made = held(minutes)
    Charge.objects.update(paid=600)
    got = at_the_same_time(lambda: confirm(order=made.pk, by=PUBLIC), lambda: let_go(by=PUBLIC))
    assert all(not isinstance(one, Exception) for one in got), got
    assert now_is(made) == ("confirmed", 2, 600)


def test_the_workers_sell_what_is_settled_and_let_go_what_is_over():
    made = held(-1)
    end_holds(timestamp=0)
    settled(charge_id=str(made.charge_id))  # too late: it stays let go
    assert now_is(made) == ("expired", 0, 0)


def test_a_settled_charge_sells_its_order():
    made = held(5)
    Charge.objects.update(paid=600)
    settled(charge_id=str(made.charge_id))
    assert now_is(made) == ("confirmed", 2, 600)
