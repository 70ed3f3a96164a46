"""A ticket held before the camera is one showing, however the hand moves: the gate's very script, run by Node."""

import pytest

from tests.node import says

PROGRAM = """
const isNew = script.showings();
console.log(JSON.stringify(given.sights.map(([text, at]) => isNew(text, at))));
"""


@pytest.mark.parametrize(
    ("sights", "new"),
    [
        ([("A", 0), ("A", 150), ("A", 300)], [True, False, False]),
        ([("A", 0), ("A", 1_000), ("A", 5_999)], [True, False, False]),
        ([("A", 0), ("A", 5_000)], [True, True]),
        ([("A", 0), ("A", 4_000), ("A", 8_000), ("A", 13_000)], [True, False, False, True]),
        ([("A", 0), ("B", 150)], [True, True]),
        ([("A", 0), ("B", 150), ("A", 300), ("B", 450)], [True, True, False, False]),
        ([("A", 0), ("B", 3_000), ("A", 6_000), ("B", 6_150)], [True, True, True, False]),
    ],
    ids=["steady", "flickering", "gone and back", "in sight long", "another ticket", "two on a sheet", "one of two"],
)
def test_a_code_is_new_after_five_seconds_out_of_sight(sights, new):
    assert says("gate/showing.js", PROGRAM, sights=sights) == new
