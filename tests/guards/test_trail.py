"""Every page says where it lies and which entry of the menu it is; a new page is covered by standing in `urls.py`."""

import re
from http.cookies import SimpleCookie

import pytest
from django.db import transaction

from madoguchi.config.trail import NAMES, above
from madoguchi.people.rules import table
from tests import town
from tests.guards.test_access import browser_as, call
from tests.guards.test_table import VALUES
from tests.guards.urls import FOR_PROGRAMS, LANGUAGES, addresses
from tests.guards.world import values

pytestmark = pytest.mark.django_db
ON_TOP = {
    "counter:home": "the first page has nothing above it",
    "desk:inbox": "the first page of the desk",
    "bookings:board": "a screen on the wall of a waiting room, which nobody touches",
}
READERS = ("public", "holder", "officer")
BREADCRUMB = re.compile(r'<nav class="dads-breadcrumb".*?</nav>', re.DOTALL)


def shown():
    """Every named address under which people may see a page: a form that is refused is shown under its own."""
    return [one for one in addresses() if not one.name.startswith(FOR_PROGRAMS) and one.name in table()]


def read():
    """Those that people read."""
    return [one for one in shown() if "GET" in table()[one.name].methods]


def test_every_page_that_others_lie_below_has_a_name():
    nameless = {
        match.view_name: one.name
        for one in shown()
        for _url, match in above(one.path(**VALUES))
        if match.view_name not in NAMES
    }
    assert nameless == {}


def test_no_name_is_kept_for_a_page_that_nothing_lies_below():
    used = {match.view_name for one in shown() for _url, match in above(one.path(**VALUES))}
    assert set(NAMES) - used == set()


def opened(browser, cookies, address, language, given):
    """The page as this reader sees it, "" when it is none (a file, a refusal, another way)."""
    browser.cookies = SimpleCookie(cookies)
    with transaction.atomic():
        answer = call(browser, address, address.path(language, **given), "GET", None)
        transaction.set_rollback(True)
    is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    return answer.content.decode() if is_page else ""


@pytest.mark.parametrize("reader", READERS)
def test_every_page_says_what_lies_above_it(reader, world):
    browser, _holds = browser_as(reader, world)
    cookies, seen, without = browser.cookies.output(header="", sep=";"), [], []
    for number, address in enumerate(read()):
        given, _case = values(address, "own", world)
        page = opened(browser, cookies, address, LANGUAGES[number % 3], given)
        if page and address.name not in ON_TOP:
            seen.append(address.name)
            trail = BREADCRUMB.findall(page)
            is_whole = len(trail) == 1 and trail[0].count('aria-current="page"') == 1 and "<a " in trail[0]
            without += [] if is_whole else [address.name]
    assert len(seen) > 20
    assert without == []


def test_a_page_of_a_menu_is_marked_there(client):
    menus = ("procedures", "facilities", "applications", "verify", "statistics", "datasets", "reform", "accessibility")
    for place in (f"/{one}/" for one in menus):
        page = client.get(place).content.decode()
        assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == [place]


def test_a_page_below_a_page_of_a_menu_marks_that(client):
    page = client.get("/statistics/food-business-permit/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="true">', page) == ["/statistics/"]


def test_a_page_that_is_not_there_has_no_trail(client):
    assert BREADCRUMB.findall(client.get("/facilities/nowhere/").content.decode()) == []


def test_a_form_that_comes_back_is_named_once():
    """What was typed waits below the form, under the same name."""
    clerk, base = town.browser_of(town.suzuki()), f"/desk/counter/{town.RESTAURANT}"
    for browser, form in ((clerk, f"{base}/confirm/"), (town.visitor(), f"/procedures/{town.RESTAURANT}/confirm/")):
        page = browser.get(browser.post(form, {"key": "k" * 32, "answers": "{}"})["Location"]).content.decode()
        names = re.findall(r"<li[^>]*>(?:<a[^>]*>)?([^<]+)<", BREADCRUMB.findall(page)[0])
        assert len(names) > 1 and len(set(names)) == len(names)


def test_a_refused_action_is_told_on_the_page_above_and_not_below_it():
    case = town.applied()
    desk = town.browser_of(town.sasaki())
    page = desk.post(f"/desk/cases/{case.reference}/notes/", {"text": ""})
    assert page.status_code == 422
    assert re.findall(r'href="([^"]+)"', BREADCRUMB.search(page.content.decode())[0]) == ["/desk/"]


def test_a_booking_at_the_counter_lies_below_the_sale_and_no_facility():
    assert NAMES["sale:facility"](facility="sold") == ""
    assert NAMES["sale:facility"](facility="river-garden") == "川辺の庭園"
