"""The drill of notifications, a short one; with its guard off it must find double charges."""

import pytest

from drills.payments import GUARD, drill

pytestmark = pytest.mark.django_db


def test_nothing_that_is_told_wrongly_changes_the_ledger():
    result = drill(count=60, seed=4711)
    print(result)
    assert result.is_sound, result
    assert result.planted


def test_the_drill_sees_a_notification_that_is_taken_twice(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", GUARD)
    result = drill(count=40, seed=4711)
    print(result)
    assert result.double_charges > 0
