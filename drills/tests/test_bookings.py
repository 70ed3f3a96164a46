"""The drill of seats, a short one; without the slot's lock it must go red."""

import pytest

from drills.bookings import GUARDS, drill

pytestmark = pytest.mark.django_db(transaction=True)
SALES = 8
"""Without the lock, two must still meet at one slot: of so many short sales, some do."""
SIZE = {"seats": 60, "clients": 8, "slots": 2, "seconds": 60}


def test_every_seat_is_sold_once_and_paid():
    result = drill(seed=4711, **SIZE)
    print(result)
    assert result.is_sound, result


def test_without_the_lock_the_drill_is_not_sound(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", GUARDS)
    sales = (drill(seed=seed, **SIZE | {"seconds": 5}) for seed in range(SALES))
    assert any(one.oversold or one.miscounted or one.failures for one in sales)
