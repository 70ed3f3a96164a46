"""The drill of kills, a short one; with a guard off it must go red."""

import pytest

from drills.kills import Result, drill


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(town):
    result = drill(applications=24, kills=4, seed=4711, town=town)
    print(result)
    assert result.is_sound, result
    assert sum(result.kills.values()) >= 4


def test_where_a_repeated_request_counts_as_a_new_one_applications_are_doubled(town):
    result = drill(applications=10, kills=0, seed=4711, control="idempotency-off", town=town)
    print(result)
    assert result.faults["doubled"] == 1, result


@pytest.mark.parametrize(("wrong", "by"), [("lost", 1), ("doubled", 1), ("no_letter", 2), ("asked", 3)])
def test_a_result_with_a_fault_is_not_sound(wrong, by):
    whole = Result(1, 1, acknowledged={"a": "b"}, counts={"cases": 1}, record="1 case(s), 0 broken")
    assert whole.is_sound
    setattr(whole, wrong, by)
    assert not whole.is_sound
