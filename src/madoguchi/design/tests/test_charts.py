"""Charts are true to their values, leave gaps where nothing is published, and give long names room."""

import itertools
import re

from django.template.loader import render_to_string

from madoguchi.design.charts import PICTURE, Chart

LONG = "電子で届けた文書の割合"


def drawn(kind, points):
    return render_to_string("design/chart.html", {"chart": Chart("題", kind, points, "件", "月")})


def test_every_value_is_told_in_the_table_and_under_the_pointer():
    page = drawn("columns", [("4月", 3), ("5月", None), ("6月", 12)])
    assert re.findall(r"<title>(.*?)</title>", page) == ["4月 3件", "6月 12件"]
    assert re.findall(r"<td[^>]*>(.*?)</td>", page) == ["3", "非公表", "12"]


def test_a_line_is_broken_where_nothing_is_published():
    assert len(Chart("題", "line", [("a", 1), ("e", 1), ("b", None), ("c", 2), ("d", 3)]).strokes) == 2


def test_long_names_stand_above_their_bars_and_never_over_each_other():
    chart = Chart("題", "bars", [(f"{LONG}{n}", n) for n in range(12)])
    places = [(row.text_y, row.y) for row in chart.rows]
    assert all(text < bar and bar + 14 < after for (text, bar), (after, _y) in itertools.pairwise(places))
    assert f"{LONG}11" in drawn("bars", chart.points)
    assert max(row.width for row in chart.rows) <= PICTURE.width


def test_bars_are_as_long_as_their_values():
    one, two = Chart("題", "bars", [("a", 2), ("b", 4)]).rows
    assert two.width == one.width * 2
