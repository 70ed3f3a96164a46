"""A trend is laid out within its frame, breaks where a value is missing, and draws nothing from nothing."""

import pytest

from madoguchi.reform.chart import HEIGHT, WIDTH, trend


def test_nothing_to_draw():
    assert trend([]) is None
    assert trend([("a", None)]) is None


@pytest.mark.parametrize(
    "values", [[0], [0, 0], [5], [-84.4, -99.1], [1e9, 2e9], [0.001, 0.002], [-5, 5], [22000, 5695]]
)
def test_every_dot_stands_within_the_frame(values):
    drawn = trend([(str(n), value) for n, value in enumerate(values)], target=values[0])
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in drawn.dots)
    assert 2 <= len(drawn.heights) <= 9
    assert 0 <= drawn.target <= HEIGHT


def test_a_missing_value_breaks_the_line():
    drawn = trend([("a", 1), ("b", 2), ("c", None), ("d", 3), ("e", 4), ("f", None), ("g", 5)])
    assert len(drawn.lines) == 2
    assert len(drawn.dots) == 5


def test_more_is_higher():
    low, high = trend([("a", 1), ("b", 2)]).dots
    assert low.y > high.y
    assert low.x < high.x


def test_the_ends_say_what_the_picture_shows():
    first, last = trend([("a", None), ("b", 2), ("c", 1), ("d", None)]).ends
    assert (first.label, first.value, last.label, last.value) == ("b", 2, "c", 1)
    assert trend([("a", 1)]).ends is None


def test_two_values_of_one_moment_stand_above_each_other():
    drawn = trend([("2020", 1), ("2021", 2), ("2021", 3)])
    assert drawn.dots[1].x == drawn.dots[2].x
    assert len(drawn.moments) == 2
