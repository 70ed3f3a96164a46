"""The desk's menu leads each officer only to pages that open."""

import re

import pytest

from tests import town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["suzuki", "sasaki", "nakamura"])
def test_every_link_of_the_menu_opens(who):
    browser = town.browser_of(getattr(town, who)())
    menu = re.search(r"<nav class=\"header__nav\".*?</nav>", browser.get("/desk/").content.decode(), re.DOTALL)[0]
    links = re.findall(r'href="([^"]+)"', menu)
    assert len(links) >= 4
    assert {path: browser.get(path).status_code for path in links} == dict.fromkeys(links, 200)


def test_who_may_not_publish_data_is_not_led_there():
    assert "/desk/data/" not in town.browser_of(town.suzuki()).get("/desk/").content.decode()
    assert "/desk/data/" in town.browser_of(town.sasaki()).get("/desk/").content.decode()
