"""The same figure is the same wherever it stands: tile, chart, table and API; what may not be told is never a 0.

A page is covered by naming its figures (`data-figure`, by `{% tile %}`, `{% cell %}` and the charts); a template that
shows a number of the statistics without its name is found.
"""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from madoguchi.figures.publishing import total
from madoguchi.figures.rollup import roll
from tests import town
from tests.guards.urls import FOR_PROGRAMS, addresses
from tests.markup import flat

pytestmark = pytest.mark.django_db
NAMED = re.compile(r'data-figure="([^"]+)" data-of="([^"]*)"(?: data-value="([^"]*)")?>(?:<span[^>]*>x</span>)?([^<]*)')
TEMPLATES = Path(__file__).parents[2] / "src" / "madoguchi" / "figures" / "templates"
FEW, MANY, SOME = 3, 9, 6


@pytest.fixture
def counted():
    """One procedure with many cases, by page and by program, and two with few."""
    for code, channel, n in (
        (town.RESTAURANT, "online", MANY), (town.RESTAURANT, "api", SOME), (town.BARBER, "online", FEW),
        (town.LICENCE, "online", FEW),
    ):  # fmt: skip
        for _one in range(n):
            town.applied(code, channel=channel)
    roll()


def pages():
    """Every public page without parameters, and with the code of a procedure."""
    for one in addresses():
        if not one.name.startswith((*FOR_PROGRAMS, "desk:", "account", "mfa")) and one.parameters in {
            (), ("code",)
        }:  # fmt: skip
            for code in (town.RESTAURANT, town.BARBER) if one.parameters else ("",):
                yield one.path(code=code)


def figures_of(page):
    """((figure, of), what is said) of everything that is named on a page."""
    for figure, of, value, text in NAMED.findall(flat(page)):
        yield (figure, of), value or text.strip() or "非公表"


def said():
    """What every page, and the API, says of each figure."""
    browser, found = town.visitor(), defaultdict(dict)
    for place in pages():
        answer = browser.get(place)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for number, (name, value) in enumerate(figures_of(answer.content.decode())):
                found[name][f"{place} {number}"] = value
    for row in browser.get("/api/v1/statistics").json():
        for figure, of in list(found):
            if of == row["procedure"] and figure in row:
                value = row[figure]
                found[figure, of]["API"] = "非公表" if value is None else f"{value:,}"
    return found


def test_a_figure_is_the_same_in_tile_chart_table_and_api(counted):
    found = said()
    assert {name: places for name, places in found.items() if len(set(places.values())) > 1} == {}
    whole = found["received", ""]
    assert len(whole) >= 3, "a tile, a chart and a table"
    assert set(whole.values()) == {str(MANY + SOME + 2 * FEW)}
    assert set(found["received", town.RESTAURANT].values()) == {str(MANY + SOME)}
    assert "API" in found["received", town.RESTAURANT]


def test_what_a_program_sent_counts_as_online(counted):
    found = said()
    assert set(found["online", town.RESTAURANT].values()) == {str(MANY + SOME)}


def test_what_may_not_be_told_is_never_a_nought(counted):
    found = said()
    assert set(found["received", town.BARBER].values()) == {"非公表"}


def test_a_lone_small_procedure_takes_the_total_with_it():
    for code, n in ((town.RESTAURANT, MANY), (town.BARBER, FEW)):
        for _one in range(n):
            town.applied(code)
    roll()
    page = town.visitor().get("/statistics/").content.decode()
    assert set(dict(figures_of(page))["received", ""].split()) == {"非公表"}
    assert 'class="chart"' not in page, "the sum of the months would tell it"


def test_the_same_is_found_different_where_a_total_leaves_out_what_is_hidden(counted, monkeypatch):
    """The control: a total that adds up only what is said is found beside the chart."""
    from madoguchi.figures import views

    monkeypatch.setattr(
        views, "totals", lambda: {"received": 0, "online": 0, "decided": 0, "corrected": 0, "ratings": 0}
    )
    assert len(set(said()["received", ""].values())) > 1


@pytest.mark.parametrize(
    ("cells", "told"),
    [([], 0), ([(3, None)], None), ([(9, 9), (3, None)], None), ([(3, None), (3, None)], 6), ([(9, 9), (0, 0)], 9),
     ([(2, None), (2, None)], None)],
)  # fmt: skip
def test_a_total_is_told_where_it_tells_no_cell(cells, told):
    assert total(cells) == told


def test_every_count_of_the_statistics_is_named():
    """Shares and means have no name: they are never added up."""
    nameless = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        for tag in re.findall(r"\{% tile .*?%\}", path.read_text()):
            if "figure=" not in tag and not re.search(r'"(percent|mean|whole)"', tag):
                nameless.append(f"{path.name}: {tag}")
        assert 'class="stat__value"' not in path.read_text(), path.name
    assert nameless == []
