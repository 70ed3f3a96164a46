"""Cancelling, changing and closing in the same moment: once, without a deadlock; each guard with its control."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from madoguchi.bookings.facilities.slots import close
from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales import cancelling, changing
from madoguchi.bookings.sales.holds import confirm, let_go
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.platform.refusing import ActionRefused
from tests import paying, shop
from tests.elsewhere import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, SYSTEM = 6, worker("bookings")


def bought(slot, **wanted):
    made = shop.bought(slot, **wanted)
    paying.pays(made.charge)
    confirm(order=made.pk, by=SYSTEM)
    return Order.objects.get(pk=made.pk)


def cancelled_by_eight():
    """(owed, taken) after eight presses at once on an order of 1,600 yen of which half is paid back."""
    slot = Slot.objects.get(pk=shop.slot(days=1, capacity=200).pk)
    before, made = slot.taken, bought(slot, student=4)
    at_the_same_time(*[lambda: cancelling.cancel(order=made.pk, by=PUBLIC)] * 8)
    made.charge.refresh_from_db()
    slot.refresh_from_db()
    return made.charge.owed, slot.taken - before


def test_eight_presses_cancel_once():
    assert [cancelled_by_eight() for _round in range(ROUNDS)] == [(800, 0)] * ROUNDS


def test_without_the_lock_they_pay_back_more_than_once(monkeypatch):
    """The control."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "order-lock")
    assert {cancelled_by_eight() for _round in range(ROUNDS)} != {(800, 0)}


def test_orders_that_change_places_do_not_block_each_other():
    one, other = shop.slot(capacity=40), shop.slot(days=5, capacity=40)
    there, back = ([bought(slot, student=2) for _order in range(4)] for slot in (one, other))
    moves = [lambda o=o: changing.change(order=o.pk, since=one.pk, to=other, shown=0, by=PUBLIC) for o in there]
    moves += [lambda o=o: changing.change(order=o.pk, since=other.pk, to=one, shown=0, by=PUBLIC) for o in back]
    got = at_the_same_time(*moves)
    assert all(isinstance(done, Order) for done in got), got
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.taken, other.taken) == (8, 8)


def test_whatever_happens_together_places_and_ledger_agree():
    """Random deeds of buyers, workers and the office at once: counted again, nothing is lost or doubled."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance, slots = random.Random(seed), [shop.slot(days=days, capacity=30) for days in (3, 4, 5)]
    orders = [bought(chance.choice(slots), student=chance.randint(1, 3)) for _order in range(8)]
    deeds = [lambda o=o: cancelling.cancel(order=o.pk, by=PUBLIC) for o in orders]
    moves = [(order, chance.choice(slots)) for order in orders]
    deeds += [
        lambda o=o, to=to: changing.change(order=o.pk, since=o.slot_id, to=to, shown=0, by=PUBLIC) for o, to in moves
    ]
    deeds += [lambda: let_go(by=SYSTEM), lambda: close([slots[0].pk], "停電")]
    deeds += [lambda: cancelling.clear_closed(by=SYSTEM)]
    chance.shuffle(deeds)
    got = at_the_same_time(*deeds)
    assert not [one for one in got if isinstance(one, Exception) and not isinstance(one, ActionRefused)], got
    cancelling.clear_closed(by=SYSTEM)
    for slot in slots:
        slot.refresh_from_db()
        live = slot.tickets.filter(cancelled_at__isnull=True).aggregate(people=Sum("people"))["people"] or 0
        assert slot.taken == live
    for order in Order.objects.select_related("charge"):
        live = order.tickets.filter(cancelled_at__isnull=True).aggregate(yen=Sum("yen"))["yen"] or 0
        assert order.charge.owed == live


def sold_while_closing():
    """What a buyer gets whose order waits for the slot while it is being closed."""
    slot = shop.slot(days=random.randint(10, 20))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            close([slot.pk], "停電のため")
            buyer = pool.submit(lambda: at_the_same_time(lambda: shop.bought(slot, student=1))[0])
            until = time.monotonic() + 20
            while not _somebody_waits_for_us():
                assert time.monotonic() < until
        return buyer.result()


def _somebody_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0]


def test_nobody_gets_into_a_slot_that_is_being_closed():
    assert isinstance(sold_while_closing(), ActionRefused)


def test_without_the_guard_somebody_does(monkeypatch):
    """The control."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "closing-guard")
    assert isinstance(sold_while_closing(), Order)
