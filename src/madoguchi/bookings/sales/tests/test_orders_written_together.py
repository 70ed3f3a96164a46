"""Orders that come while another is being written go into one transaction, and each buyer gets the own answer."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from madoguchi.bookings.models import Order, Slot, Ticket
from madoguchi.bookings.sales import selling
from madoguchi.bookings.sales.actions import order
from madoguchi.bookings.sales.selling import Place
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests.elsewhere import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)
ADULT, FREE, GROUP = Place("adult", 1, 300), Place("child", 1, 0), Place("group", 4, 800)


def slot(hours=0, capacity=40, **changed):
    start = timezone.now() + timedelta(days=1, hours=hours)
    given = {"facility": "garden", "offer": "entry", "opens_at": timezone.now(), "capacity": capacity, **changed}
    return Slot.objects.create(starts_at=start, ends_at=start + timedelta(hours=1), **given)


def buyer(into, *places, key):
    how = {"label": "庭園", "office": "koen", "hold": timedelta(minutes=15), "by": PUBLIC}
    return lambda: order(slot=into, places=places, key=key, **how)


def until(is_so):
    """Look again until it is so."""
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


def written_behind(first, *buyers):
    """What the buyers get who come while `first` waits for its slot, which is locked here."""
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            list(Slot.objects.select_for_update())
            leading = pool.submit(at_the_same_time, first)
            until(somebody_waits)
            following = pool.submit(at_the_same_time, *buyers)
            until(lambda: len(selling._together._waiting) == len(buyers))
        return leading.result() + following.result()


def transactions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM bookings_order")
        return cursor.fetchone()[0]


def test_those_who_come_meanwhile_share_one_transaction_and_their_numbers_follow():
    one, other = slot(), slot(hours=2)
    got = written_behind(
        buyer(one, ADULT, key="first"),
        buyer(one, GROUP, ADULT, key="a"), buyer(other, ADULT, key="b"), buyer(one, FREE, key="c"),
        buyer(other, GROUP, GROUP, key="d"),
    )  # fmt: skip
    assert all(isinstance(made, Order) for made in got), got
    assert transactions() == 2
    for place, people in ((one, 7), (other, 9)):
        place.refresh_from_db()
        assert (place.taken, place.issued) == (people, people)
        numbers = [
            number + n
            for number, count in Ticket.objects.filter(slot=place).values_list("number", "people")
            for n in range(count)
        ]
        assert sorted(numbers) == list(range(1, people + 1))
    for made in got:
        stored = Order.objects.select_related("charge").get(pk=made.pk)
        assert (stored.state, stored.reference, stored.secret) == (made.state, made.reference, made.secret)
        assert (stored.charge and stored.charge.owed) == (made.charge and made.charge.owed)


def test_who_cannot_be_served_does_not_spoil_it_for_the_others():
    good, full, closed = slot(), slot(hours=2, capacity=3), slot(hours=4, is_closed=True)
    got = written_behind(
        buyer(good, ADULT, key="first"),
        buyer(good, ADULT, key="twice"), buyer(full, GROUP, key="too many"), buyer(closed, ADULT, key="closed"),
        buyer(good, ADULT, key="twice"), buyer(full, ADULT, ADULT, key="fits"), buyer(good, GROUP, key="first"),
    )  # fmt: skip
    first, twice, too_many, shut, again, fits, other_body = got
    assert [type(one) for one in (too_many, shut, other_body)] == [ActionRefused] * 3
    assert twice.pk == again.pk
    assert Order.objects.count() == len({first.pk, twice.pk, fits.pk}) == 3
    assert (Slot.objects.get(pk=good.pk).taken, Slot.objects.get(pk=full.pk).taken) == (2, 2)


def sold_elsewhere_meanwhile(into, people):
    """An order that waits for its slot while another process sells these places of it."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(Slot.objects.select_for_update())
            waiting = pool.submit(at_the_same_time, buyer(into, ADULT, key="behind"))
            until(somebody_waits)
            Slot.objects.filter(pk=into.pk).update(taken=people, issued=people)
        (got,) = waiting.result()
    into.refresh_from_db()
    return got, (into.taken, into.issued)


def test_what_another_process_sold_meanwhile_is_counted_and_its_numbers_are_not_given_again():
    one = slot()
    got, counted = sold_elsewhere_meanwhile(one, 3)
    assert counted == (4, 4)
    assert Ticket.objects.get(order=got).number == 4


def test_without_the_lock_what_another_process_sold_is_forgotten(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "slot-lock")
    _got, counted = sold_elsewhere_meanwhile(slot(), 3)
    assert counted == (1, 1)


def test_the_last_places_another_process_took_are_refused():
    one = slot(capacity=3)
    got, counted = sold_elsewhere_meanwhile(one, 3)
    assert isinstance(got, ActionRefused)
    assert (counted, Order.objects.count()) == ((3, 3), 0)


def test_the_last_places_go_to_as_many_as_fit():
    one = slot(capacity=5)
    got = written_behind(*(buyer(one, ADULT, ADULT, key=str(n)) for n in range(6)))
    assert sum(isinstance(made, Order) for made in got) == 2
    one.refresh_from_db()
    assert (one.taken, Ticket.objects.count()) == (4, 4)
