"""What crawlers, browsers and finders of faults look for: every address of the list opens, secrets stand in none."""

import xml.etree.ElementTree as ET
from datetime import datetime

import pytest
from django.utils import timezone

from madoguchi.config.access import TABLE
from madoguchi.people.methods import SECRETS
from tests import town
from tests.guards.test_table import VALUES
from tests.guards.urls import addresses

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture
def listed(settings):
    settings.PUBLIC_URL = "http://testserver"
    root = ET.fromstring(town.visitor().get("/sitemap.xml").content)
    return {url.find(f"{SITEMAP}loc").text: url.findall(LINK) for url in root}


def test_every_listed_page_opens_and_names_its_other_languages(listed):
    assert len(listed) > 60
    for address, links in listed.items():
        assert [link.get("hreflang") for link in links] == ["ja", "en", "ja-x-easy"]
        assert address in {link.get("href") for link in links}
        assert town.visitor().get(address.removeprefix("http://testserver")).status_code == 200, address


def test_robots_are_led_to_the_list_and_kept_from_cases(listed):
    lines = town.visitor().get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    closed = tuple(line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow"))
    assert "/en/applications/" in closed
    assert not [address for address in listed if address.removeprefix("http://testserver").startswith(closed)]


def test_a_finder_of_a_hole_knows_whom_to_tell(settings):
    settings.SECURITY_CONTACT = "mailto:security@minatono.example"
    text = town.visitor().get("/.well-known/security.txt").content.decode()
    told = dict(line.split(": ", 1) for line in text.splitlines())
    assert told["Contact"] == "mailto:security@minatono.example"
    assert datetime.fromisoformat(told["Expires"]) > timezone.now()


def test_the_manifest_names_an_icon_that_there_is():
    told = town.visitor().get("/site.webmanifest").json()
    icon = town.visitor().get(told["icons"][0]["src"])
    assert icon.headers["Content-Type"] == "image/svg+xml"
    assert '<link rel="icon" href="/icon.svg">' in town.visitor().get("/").content.decode()


def test_every_address_that_holds_a_secret_is_for_no_index_and_no_other_site():
    tested = 0
    for address in addresses():
        if address.name in TABLE and not SECRETS.isdisjoint(address.parameters):
            answer = town.visitor().get(address.path(**VALUES))
            told = answer.headers["X-Robots-Tag"], answer.headers["Referrer-Policy"]
            assert told == ("noindex", "strict-origin"), address
            tested += 1
    assert tested > 10
