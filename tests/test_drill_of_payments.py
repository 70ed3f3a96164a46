"""The drill of notifications, a short one; with a guard off it must find what the guard keeps out."""

import pytest

from drills.payments import CONTROLS, drill

pytestmark = pytest.mark.django_db


def test_nothing_that_is_told_wrongly_changes_the_ledger():
    result = drill(count=60, seed=4711)
    print(result)
    assert result.is_sound, result
    assert result.planted


@pytest.mark.parametrize(("guard", "count"), CONTROLS.values(), ids=CONTROLS)
def test_the_drill_sees_what_a_guard_keeps_out(monkeypatch, guard, count):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", guard)
    result = drill(count=40, seed=4711)
    print(result)
    assert getattr(result, count) > 0
