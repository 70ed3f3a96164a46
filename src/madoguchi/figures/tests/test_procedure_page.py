"""The page of one procedure: charts, a map of its flow with numbers, tables beside them, and nothing under five."""

import re
from datetime import date

import pytest

from madoguchi.cases.queries import flows
from madoguchi.figures import queries
from madoguchi.figures.models import Cell
from madoguchi.figures.process import draw
from madoguchi.figures.publishing import ways_shown
from madoguchi.figures.rollup import roll
from madoguchi.simulation.town import simulate
from tests import town

UNTIL = date(2026, 9, 30)

pytestmark = pytest.mark.django_db


def busiest():
    return queries.by_procedure()[0].procedure


def page_of(code, language=""):
    response = town.visitor().get(f"{language}/statistics/{code}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_a_procedure_with_many_cases_shows_charts_map_and_tables(language):
    simulate(600, 5, until=UNTIL)
    page = page_of(busiest(), language)
    assert page.count('<figure class="chart">') == 3
    assert page.count("<svg") >= 4
    assert page.count("<table") >= 5
    assert 'style="' not in page


def test_the_map_holds_every_published_arrow_as_picture_and_as_row():
    simulate(600, 5, until=UNTIL)
    code = busiest()
    page, told = page_of(code), ways_shown(queries.arrows(code))
    assert len(told) > 5
    assert page.count('class="flow-map__way"') == len(told)
    assert "いちばん時間がかかる段階" in page
    for arrow in told:
        assert f"<td>{arrow.n}</td>" in page


def test_nothing_under_five_is_on_the_page():
    simulate(60, 5, until=UNTIL)
    code = busiest()
    for rare in (arrow.n for arrow in queries.arrows(code) if arrow.n < queries.LEAST):
        assert f"<td>{rare}</td>" not in page_of(code)
    published = [
        value for row in queries.figures("procedure", "channel", "month") for value in row.published().values()
    ]
    assert not {1, 2, 3, 4} & {value for value in published if isinstance(value, int)} - _days()


def _days():
    """Days are not counts: one to four days may be said of five cases."""
    found = queries.figures("procedure", "channel", "month")
    return {row.median_days for row in found if row.days_known} | {row.p90_days for row in found if row.days_known}


def test_a_procedure_without_cases_and_an_unknown_one():
    assert "まだ少ない" in page_of(town.RESTAURANT)
    assert town.visitor().get("/statistics/nothing-like-this/").status_code == 404


def test_one_case_leaves_no_trace_on_the_public_pages():
    town.decided(town.applied())
    roll()
    assert Cell.objects.count() == 1
    page = page_of(town.RESTAURANT)
    assert "flow-map__way" not in page
    assert re.findall(r"<dd[^>]*>1</dd>", page) == []


def test_ways_of_a_drawing_never_share_a_track():
    flow = flows()["permit"]
    arrows = [queries.Arrow(s, o, way.to, 9, 5) for (s, o, _d), way in flow.table.items()]
    drawn = draw(flow, arrows, {step.id: (9, 24) for step in flow.steps}, "ja", lambda n: n)
    assert len({(way.x, way.y) for way in drawn.ways}) == len({(way.source, way.target) for way in drawn.ways})
    assert all(0 <= way.x <= drawn.width for way in drawn.ways)
