"""The drill of seats, a short one; without the slot's lock it must go red."""

import pytest

from drills.bookings import GUARDS, drill

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = {"seats": 60, "clients": 8, "slots": 2, "seconds": 60}


def test_every_seat_is_sold_once_and_paid():
    result = drill(seed=4711, **SIZE)
    print(result)
    assert result.is_sound, result


def test_without_the_lock_the_drill_is_not_sound(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", GUARDS)
    result = drill(seed=4711, **SIZE | {"seconds": 5})
    print(result)
    assert result.oversold or result.miscounted or result.failures
