"""What crawlers, browsers and finders of faults look for: every address of the list opens, secrets stand in none."""

import io
import xml.etree.ElementTree as ET
from datetime import datetime

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from madoguchi.counter import finding
from madoguchi.people.methods import SECRETS
from madoguchi.people.rules import table
from madoguchi.reform.kept import kept
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
        if address.name in table() and not SECRETS.isdisjoint(address.parameters):
            answer = town.visitor().get(address.path(**VALUES))
            told = answer.headers["X-Robots-Tag"], answer.headers["Referrer-Policy"]
            assert told == ("noindex", "strict-origin"), address
            tested += 1
    assert tested > 10


def test_the_list_holds_what_the_search_knows_and_every_project_and_indicator(listed):
    expected = {*finding.pages()} - {"applications:enter", "bookings:orders"}
    assert {f"http://testserver{reverse(name)}" for name in expected} <= set(listed)
    assert {f"http://testserver{reverse('reform:indicator', args=[code])}" for code in kept().indicators} <= set(listed)
    assert {f"http://testserver{reverse('reform:project', args=ref.split('/'))}" for ref in kept().projects} <= set(
        listed
    )


@pytest.mark.parametrize(("address", "kind", "sizes"), [
    ("/icon.png", "PNG", {(512, 512)}), ("/favicon.ico", "ICO", {(16, 16), (32, 32), (48, 48)}),
])  # fmt: skip
def test_the_sign_is_a_picture_too(address, kind, sizes):
    with Image.open(io.BytesIO(town.visitor().get(address).content)) as picture:
        assert picture.format == kind
        assert picture.info.get("sizes", {picture.size}) == sizes


@pytest.mark.parametrize("prefix", ["", "/en", "/ja-easy"])
@pytest.mark.parametrize("path", ["/", f"/procedures/{town.RESTAURANT}/", "/facilities/art-museum/", "/statistics/"])
def test_a_public_page_tells_services_what_it_is(prefix, path):
    page = lxml.html.fromstring(town.visitor().get(prefix + path).content.decode())
    told = {one.get("name") or one.get("property"): one.get("content") for one in page.iter("meta")}
    title = page.findtext(".//title")
    assert told["og:title"] and title.startswith(told["og:title"])
    assert told["description"] == told["og:description"]
    assert 20 < len(told["description"]) < 300 and "<" not in told["description"]
    assert told["og:type"] == "website" and told["og:locale"] == ("en_GB" if prefix == "/en" else "ja_JP")
    assert town.visitor().get(told["og:image"].partition("//")[2].partition("/")[2].join(["/", ""])).status_code == 200
    assert page.find(".//link[@rel='manifest']").get("href") == "/site.webmanifest"


def test_pages_of_one_thing_describe_that_thing():
    pages = [town.visitor().get(path).content.decode() for path in ("/", f"/procedures/{town.RESTAURANT}/")]
    descriptions = {lxml.html.fromstring(page).find(".//meta[@name='description']").get("content") for page in pages}
    assert len(descriptions) == 2
