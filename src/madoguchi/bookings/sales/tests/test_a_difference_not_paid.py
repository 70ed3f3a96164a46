"""Moved to a dearer slot and its difference not paid: what was paid comes back by the rule, however the order ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales import cancelling, changing
from madoguchi.bookings.sales.holds import confirm, let_go
from madoguchi.payments.ledger.queries import recount
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.platform.refusing import ActionRefused
from tests import paying, shop, town

pytestmark = pytest.mark.django_db
SYSTEM = worker("bookings")
FAR, NEAR = {"days": 3}, {"days": 0, "hours": 3}
"""When all of the price comes back, and when half of it does."""


@pytest.fixture
def waits(dearer):
    """Two students paid 600 yen and moved to a slot of 1,000: `waits(FAR)`."""

    def make(left):
        slot, to = shop.slot(**left), shop.slot(days=20)
        dearer(300, 500, shop.day_of(to))
        made = shop.bought(slot, student=2)
        paying.pays(made.charge)
        confirm(order=made.pk, by=SYSTEM)
        return changing.change(order=made.pk, since=slot.pk, to=to, shown=400, by=PUBLIC)

    return make


def money(order):
    """(owed, paid, due) of an order, which the ledger confirms."""
    order.charge.refresh_from_db()
    assert recount(order.charge) == (order.charge.owed, order.charge.paid)
    return order.charge.owed, order.charge.paid, order.charge.due


@pytest.mark.parametrize(("left", "kept"), [(FAR, 0), (NEAR, 300)])
def test_it_lapses(waits, left, kept):
    made = waits(left)
    Order.objects.filter(pk=made.pk).update(held_until=timezone.now())
    assert let_go(by=SYSTEM) == 1
    made.refresh_from_db()
    assert made.state == "expired" and money(made) == (kept, 600, kept - 600)


@pytest.mark.parametrize(("left", "kept"), [(FAR, 0), (NEAR, 300)])
def test_it_is_cancelled_and_the_page_says_what_then_comes_back(waits, left, kept):
    made, browser = waits(left), town.visitor()
    path = f"/orders/{made.secret}/cancel/"
    page = browser.get(path).content.decode()
    assert f"すべて取り消すと、{600 - kept}円を" in page and "1,000円" not in page
    tickets = [str(one.pk) for one in made.tickets.filter(cancelled_at=None)]
    assert browser.post(path, {"percent": str(100 - kept // 6), "ticket": tickets}).status_code == 302
    made.refresh_from_db()
    assert made.state == "cancelled" and money(made) == (kept, 600, kept - 600)
    made.slot.refresh_from_db()
    assert made.slot.taken == 0


@pytest.mark.parametrize("left", [FAR, NEAR])
def test_a_part_of_it_is_not_cancelled_and_the_sentence_says_what_can_be_done(waits, left):
    made = waits(left)
    one = made.tickets.filter(cancelled_at=None).first()
    with pytest.raises(ActionRefused, match="差額を支払うか、すべて取り消して"):
        cancelling.cancel(order=made.pk, tickets=[one.pk], by=PUBLIC)
    assert money(made) == (1000, 600, 400) and made.tickets.filter(cancelled_at=None).count() == 2


def test_once_the_difference_is_paid_the_new_slots_rule_counts_though_no_worker_looked_yet(waits):
    made = waits(FAR)
    paying.pays(made.charge)
    one = made.tickets.filter(cancelled_at=None).first()
    cancelling.cancel(order=made.pk, tickets=[one.pk], by=PUBLIC)
    assert money(made) == (500, 1000, -500)
    Slot.objects.filter(pk=made.slot_id).update(starts_at=timezone.now() + timedelta(hours=3))
    cancelling.cancel(order=made.pk, by=PUBLIC)
    assert money(made) == (250, 1000, -750)


def test_the_page_promises_no_more_than_is_asked_for_after_an_officer_reduced_it():
    made = shop.bought(shop.slot(), student=2)
    paying.pays(made.charge)
    confirm(order=made.pk, by=SYSTEM)
    cancelling.repay(made, 500, "減免", SYSTEM)
    page = town.visitor().get(f"/orders/{made.secret}/cancel/").content.decode()
    assert "すべて取り消すと、300円を" in page
