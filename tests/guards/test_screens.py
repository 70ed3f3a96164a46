"""What an officer and a reader see without scrolling, measured in the browser at 1280 × 900 with our own sheets."""

from datetime import date

import pytest

from madoguchi.config import demo
from madoguchi.design import assets
from madoguchi.reform.demo import fill
from madoguchi.simulation.town import simulate
from tests import town

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SCREEN = {"width": 1280, "height": 900}
ROWS = 8
ONE_LINE = 64


@pytest.fixture
def screen(chromium):
    """Shows a page that Django answered."""
    if not assets.MODULES.exists():
        pytest.skip("npm's packages are not installed: python -m madoguchi.design.assets")
    assets.main()
    page = chromium.new_page(viewport=SCREEN)

    def show(answer, *sheets):
        assert answer.status_code == 200
        page.set_content(answer.content.decode())
        for sheet in ("site", "pages", *sheets):
            page.add_style_tag(path=assets.BUILD / f"static/css/{sheet}.css")
        return page

    yield show
    page.close()


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_desk_shows_eight_rows(screen, language):
    for _one in range(ROWS + 1):
        town.applied()
    page = screen(town.browser_of(town.sasaki()).get(f"{language}/desk/"), "desk")
    ends = page.locator(".inbox-table tbody tr").evaluate_all("rows => rows.map(r => r.getBoundingClientRect().bottom)")
    assert len(ends) == ROWS + 1
    assert sum(end <= SCREEN["height"] for end in ends) >= ROWS


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_whole_side_of_a_case_is_seen_without_scrolling(screen, language):
    """As it is when the case comes to the officer; what colleagues write into it makes it longer."""
    case = town.applied()
    page = screen(town.browser_of(town.sasaki()).get(f"{language}/desk/cases/{case.reference}/"), "desk")
    side = page.locator(".case-layout__side")
    assert side.evaluate("side => side.scrollHeight - side.clientHeight") <= 0
    box = side.bounding_box()
    assert box["y"] + box["height"] <= SCREEN["height"]


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_a_header_is_one_line(screen, language):
    page = screen(town.visitor().get(f"{language}/"))
    assert page.locator(".header").bounding_box()["height"] <= ONE_LINE


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_header_of_the_desk_is_one_line(screen, language):
    page = screen(town.browser_of(town.sasaki()).get(f"{language}/desk/"), "desk")
    assert page.locator(".header").bounding_box()["height"] <= ONE_LINE


@pytest.mark.parametrize("place", ["/reform/five-less/", "/reform/", "/reform/quality/", "/statistics/"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_answer_of_a_board_fits_on_one_screen(screen, place, language, settings, tmp_path):
    settings.HOME = tmp_path
    demo.seed()
    fill()
    simulate(400, 5, until=date(2026, 9, 30))
    page = screen(town.visitor().get(language + place), "boards")
    answer = page.locator(".answer").bounding_box()
    assert answer["y"] + answer["height"] <= SCREEN["height"]
