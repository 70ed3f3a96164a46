"""What a page looks like, measured: a header of one line, what fits on a screen, and where there is more beside it."""

import pytest

from tests.stories.conftest import PHONE

PAPER = {"width": 672, "height": 960}  # what A4 leaves within its margins, at 96 dots to an inch
PAGES = ("/", "/procedures/", "/procedures/food-business-permit/apply/", "/statistics/", "/reform/", "/no-such-page/")
LANGUAGES = ("", "/en", "/ja-easy")
ONE_LINE = 64


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_is_one_line_on_a_phone(person, language):
    page = person(PHONE)
    for path in PAGES:
        page.goto(language + path)
        assert page.locator(".header").bounding_box()["height"] <= ONE_LINE, path
        name = page.locator(".header__town").bounding_box()
        assert name["x"] + name["width"] < page.locator(".header__summary").bounding_box()["x"], path


def test_the_menu_of_a_phone_opens_without_scripts(chromium, hall):
    context = chromium.new_context(viewport=PHONE, base_url=hall.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    link = page.get_by_role("navigation", name="主なページ").get_by_role("link", name="施設の予約")
    assert not link.is_visible()
    page.click(".header__summary")
    link.click()
    assert page.url.endswith("/facilities/")
    context.close()


def test_the_menu_lies_open_where_there_is_room(person):
    page = person({"width": 1280, "height": 900})
    page.goto("/")
    assert page.get_by_role("navigation", name="主なページ").get_by_role("link", name="施設の予約").is_visible()
    assert not page.locator(".header__summary").is_visible()


def test_on_paper_stands_what_is_read_and_nothing_to_press(person, desks):
    page = person(PAPER)
    page.emulate_media(media="print")
    for path in ("/", "/procedures/food-business-permit/", "/statistics/", "/datasets/ratings/", "/facilities/"):
        page.goto(path)
        lies_on_paper(page, path)
    desk = desks("sasaki")
    desk.emulate_media(media="print")
    try:
        desk.goto("/desk/till/")
        lies_on_paper(desk, "/desk/till/", narrow=False)
    finally:
        desk.emulate_media(media="screen")


def lies_on_paper(page, path, *, narrow=True):
    """The town's name, no menu and no button, and nothing beyond the paper's edge."""
    assert page.locator(".header__town").is_visible(), path
    pressed = page.locator("nav, button, .dads-button, .footer, summary.once-more__first")
    assert [one.inner_text() for one in pressed.all() if one.is_visible()] == [], path
    assert not narrow or page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
