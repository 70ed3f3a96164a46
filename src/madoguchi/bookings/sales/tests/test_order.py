"""However many want the last places, no more are sold than there are; one key is one order."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from madoguchi.bookings.models import Order, Slot, Ticket
from madoguchi.bookings.sales.actions import order
from madoguchi.bookings.sales.selling import Place
from madoguchi.payments.models import Charge, Entry
from madoguchi.payments.paying.actions import open_charge
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests.elsewhere import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)
ADULT, FREE, GROUP = Place("adult", 1, 300), Place("child", 1, 0), Place("group", 4, 800)


def slot(capacity, **changed):
    now = timezone.now()
    start = changed.pop("starts_at", now + timedelta(days=1))
    given = {"facility": "garden", "offer": "entry", "opens_at": now - timedelta(days=1), **changed}
    return Slot.objects.create(starts_at=start, ends_at=start + timedelta(hours=1), capacity=capacity, **given)


def buy(into, *places, key="k", **given):
    return order(slot=into, places=places, label="庭園", office="koen", key=key, hold=timedelta(minutes=15), by=PUBLIC,
                 **given)  # fmt: skip


def taken(one):
    one.refresh_from_db()
    return one.taken


def rush(into, buyers):
    return at_the_same_time(*(lambda key=str(n): buy(into, ADULT, key=key) for n in range(buyers)))


def test_an_order_holds_places_gives_numbers_and_opens_a_charge_with_its_ledger():
    one = slot(10)
    made = buy(one, ADULT, GROUP, ADULT)
    made.refresh_from_db()
    assert (made.state, taken(one), made.charge.owed) == ("held", 6, 1400)
    assert list(made.tickets.order_by("number").values_list("number", "people")) == [(1, 1), (2, 4), (6, 1)]
    assert Entry.objects.get(charge=made.charge).yen == 1400


def test_an_orders_charge_and_its_line_are_those_that_payments_opens_by_itself():
    charge = buy(slot(10), ADULT).charge
    alone = open_charge(code="garden", office="koen", label="庭園", yen=300, by=PUBLIC)
    own = {"id", "reference", "secret", "opened_at", "pay_by", "charge_id", "at", "key"}
    for model, key in ((Charge, "pk"), (Entry, "charge")):
        here, there = (model.objects.filter(**{key: one.pk}).values().get() for one in (charge, alone))
        assert [name for name in here if here[name] != there[name] and name not in own] == []


def test_a_free_order_is_sold_at_once_and_owes_nothing():
    made = buy(slot(1), FREE)
    assert (Order.objects.get(pk=made.pk).state, Charge.objects.count()) == ("confirmed", 0)


def test_the_same_key_and_body_is_the_same_order_and_another_body_is_refused():
    one = slot(10)
    assert buy(one, ADULT).pk == buy(one, ADULT).pk
    with pytest.raises(ActionRefused) as refused:
        buy(one, ADULT, ADULT)
    assert refused.value.conflict
    assert taken(one) == Ticket.objects.count() == 1


def test_eight_threads_with_one_key_make_one_order():
    one = slot(10)
    got = at_the_same_time(*[lambda: buy(one, ADULT)] * 8)
    assert len({made.pk for made in got}) == taken(one) == Ticket.objects.count() == Charge.objects.count() == 1


@pytest.mark.parametrize("guard", ["", "slot-guard"])
def test_eight_want_three_places_and_three_get_them_also_by_the_constraint_alone(monkeypatch, guard):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", guard)
    one = slot(3)
    got = rush(one, 8)
    refused = [made for made in got if isinstance(made, ActionRefused)]
    assert len(refused) == 5, got
    assert all(told.conflict for told in refused)
    assert taken(one) == Order.objects.count() == Ticket.objects.count() == Charge.objects.count() == 3


@pytest.mark.parametrize("guard", ["", "slot-guard"])
def test_a_refusal_inside_a_transaction_leaves_it_usable(monkeypatch, guard):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", guard)
    one = slot(1)
    with transaction.atomic():
        with pytest.raises(ActionRefused):
            buy(one, ADULT, ADULT, key="two")
        assert buy(one, ADULT, key="one").slot == one
    assert taken(one) == Order.objects.count() == 1


def test_the_control_oversells_without_lock_and_constraint(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "slot-guard")
    one = slot(3)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_slot DROP CONSTRAINT slot_not_oversold")
    try:
        rush(one, 8)
        assert Ticket.objects.count() > one.capacity
    finally:
        Ticket.objects.all().delete()
        Slot.objects.update(taken=0)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE bookings_slot ADD CONSTRAINT slot_not_oversold CHECK (taken <= capacity)")


@pytest.mark.parametrize(
    ("changed", "word"),
    [({"is_closed": True}, "休み"), ({"opens_at": timezone.now() + timedelta(hours=1)}, "まだ"),
     ({"starts_at": timezone.now() - timedelta(hours=1)}, "もう")],
)  # fmt: skip
def test_a_closed_an_early_and_a_past_slot_are_refused_with_their_sentence(changed, word):
    one = slot(3, **changed)
    with pytest.raises(ActionRefused, match=word):
        buy(one, ADULT)
    assert Order.objects.count() == taken(one) == 0


@pytest.mark.parametrize("places", [(), (Place("adult", -1, 0),), (Place("adult", 2**40, 0),), (Place("a", 1, -5),)])
def test_impossible_counts_are_refused(places):
    with pytest.raises(ActionRefused):
        buy(slot(3), *places)


def test_what_is_asked_further_of_a_new_orders_tickets_is_asked_of_that_order_alone():
    buy(slot(9), ADULT, ADULT, ADULT, key="somebody else's")
    made = buy(slot(9), ADULT, FREE)
    own = {ticket.pk for ticket in Ticket.objects.filter(order_id=made.pk)}
    assert {ticket.pk for ticket in made.tickets.all()} == own
    assert made.tickets.first().pk in own
    assert {ticket.pk for ticket in made.tickets.filter(cancelled_at=None)} == own
