"""Every page of the reform office opens in three languages, keeps what was typed, and costs the same every time."""

import re

import pytest

from madoguchi.reform.kept import kept
from tests import town

pytestmark = pytest.mark.django_db
PREFIX = {"ja": "", "en": "/en", "ja-easy": "/ja-easy"}
PUBLIC = [
    "/reform/", "/reform/indicators/", "/reform/five-less/", "/reform/quality/",
    "/reform/quality/food-business-permit/",
    *(f"/reform/projects/{ref}/" for ref in kept().projects),
    *(f"/reform/indicators/{code}/" for code in kept().indicators),
]  # fmt: skip
DESK = [
    "/desk/reform/", "/desk/reform/projects/minatono-1/paperless-counter/", "/desk/reform/register/",
    "/desk/reform/projects/minatono-1/paperless-counter/reports/2026/1/", "/desk/reform/indicators/sheets-used/",
]  # fmt: skip


@pytest.mark.parametrize("language", PREFIX)
def test_every_public_page_opens(language):
    browser = town.visitor()
    for place in PUBLIC:
        answer = browser.get(PREFIX[language] + place)
        page = answer.content.decode()
        assert (answer.status_code, page.count("<h1")) == (200, 1), place
        assert not re.search(r"\{\{|\{%|object at 0x|>None<", page), place


@pytest.mark.parametrize("language", PREFIX)
def test_every_page_at_the_desk_opens(language):
    browser = town.browser_of(town.nakamura())
    for place in DESK:
        answer = browser.get(PREFIX[language] + place)
        assert (answer.status_code, answer.content.decode().count("<h1")) == (200, 1), place


@pytest.mark.parametrize("who", [town.suzuki, town.kanno])
def test_who_reports_nothing_finds_an_empty_desk_and_no_further_page(who):
    browser = town.browser_of(who())
    page = browser.get("/desk/reform/")
    assert (page.status_code, "担当するプロジェクトはありません。" in page.content.decode()) == (200, True)
    assert "/desk/reform/register/" not in page.content.decode()
    assert {browser.get(place).status_code for place in DESK[1:]} == {403}


@pytest.mark.parametrize(
    "place", ["projects/none/none/", "projects/minatono-1/none/", "indicators/none/", "quality/none/"]
)
def test_what_does_not_exist_is_not_found(place):
    assert town.visitor().get(f"/reform/{place}").status_code == 404
