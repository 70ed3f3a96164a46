"""The drill of a database that is away, a short one; with what it must not see, it is red."""

import pytest

from drills.away import MOST_LINES, Result, drill


def test_while_the_database_is_away_everybody_is_told_and_afterwards_all_is_whole(town):
    result = drill(seconds=2, town=town)
    print(result)
    assert not result.faults, result
    assert {answer[:3] for answer in result.answers} == {"503", "200"}
    assert result.record.endswith("2 case(s), 0 broken")


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ("wrong", {"200 at /statistics/": 1}),
        ("missing", ["a letter did not leave"]),
        ("lines", ["…"] * (MOST_LINES + 1)),
    ],
)
def test_a_result_with_a_fault_is_not_sound(wrong, value):
    whole = Result(2, lines=["…"] * MOST_LINES)
    assert not whole.faults
    setattr(whole, wrong, value)
    assert whole.faults
