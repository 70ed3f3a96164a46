"""The drill of registers, a short one; without the holding's lock it must go red."""

import pytest

from drills.registers import GUARD, drill

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = {"decisions": 40, "holdings": 2, "workers": 6}


def test_no_decision_about_a_holding_is_lost_and_the_register_equals_its_recount():
    result = drill(seed=4711, **SIZE)
    print(result)
    assert result.is_sound and result.did["looked again"], result


def test_without_the_lock_it_is_not_sound(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", GUARD)
    assert not all(drill(seed=seed, **SIZE).is_sound for seed in range(5))
