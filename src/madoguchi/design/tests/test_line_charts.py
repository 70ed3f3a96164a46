"""A line is laid out within its frame, breaks where a value is missing, and counts are told by whole numbers."""

import pytest

from madoguchi.design.charts import PICTURE, SPARK, WIDE, Chart


def line(values, **more):
    return Chart("題", "line", [(str(n), value) for n, value in enumerate(values)], **more)


def test_nothing_to_draw():
    assert (line([]).drawn, line([]).strokes) == ([], [])
    assert (line([None]).drawn, line([None]).ends) == ([], None)


@pytest.mark.parametrize("frame", [PICTURE, WIDE, SPARK])
@pytest.mark.parametrize(
    "values", [[0], [0, 0], [5], [-84.4, -99.1], [1e9, 2e9], [0.001, 0.002], [-5, 5], [22000, 5695]]
)
def test_every_mark_stands_within_the_frame(values, frame):
    chart = line(values, target=values[0], frame=frame)
    assert all(0 <= mark.x <= frame.width and 0 <= mark.y <= frame.height for mark in chart.drawn)
    assert 2 <= len(chart.heights) <= 9
    assert 0 <= chart.aim <= frame.height


@pytest.mark.parametrize("values", [[0], [1], [1, 2], [3, 1], [5], [7, 2], [11], [28], [99, 1], [101], [1234], [-3, 2]])
def test_the_scale_of_counts_has_whole_numbers_only(values):
    labels = [tick.label for tick in line(values).heights]
    assert [label for label in labels if "." in label] == []
    assert len(set(labels)) == len(labels)


def test_the_scale_of_shares_may_have_parts():
    assert any("." in tick.label for tick in line([0.1, 0.4]).heights)


def test_the_scale_reaches_over_every_value():
    chart = line([7, 28], target=31)
    assert all(mark.y >= chart.heights[-1].at for mark in chart.drawn)
    assert chart.heights[0].at == chart.floor


def test_a_missing_value_breaks_the_line():
    chart = line([1, 2, None, 3, 4, None, 5])
    assert len(chart.strokes) == 2
    assert len(chart.drawn) == 5


def test_more_is_higher():
    low, high = line([1, 2]).drawn
    assert low.y > high.y
    assert low.x < high.x


def test_the_ends_say_what_the_picture_shows():
    first, last = line([None, 2, 1, None]).ends
    assert (first.label, first.value, last.label, last.value) == ("1", 2, "2", 1)
    assert line([1]).ends is None


def test_two_values_of_one_moment_stand_above_each_other():
    chart = Chart("題", "line", [("2020", 1), ("2021", 2), ("2021", 3)])
    assert chart.drawn[1].x == chart.drawn[2].x
    assert len(chart.moments) == 2


def test_a_sum_is_told_only_when_every_part_is():
    assert line([1, 2]).total == 3
    assert line([1, None]).total is None
