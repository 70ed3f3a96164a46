"""小林 pays her fee elsewhere: with a slip at a bank, or with an app. What the pages show can be read."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests import jpqr
from tests.stories.conftest import PHONE
from tests.stories.test_every_page import is_sound

pytestmark = pytest.mark.browser
LANGUAGES = ("", "/en", "/ja-easy")


def shown_on(page):
    """What a reader sees in the code of the page."""
    picture = Image.open(io.BytesIO(page.locator("img.qr").screenshot()))
    return zxingcpp.read_barcode(picture).text


def test_the_codes_of_a_slip_and_of_jpqr_can_be_read_in_each_language(apply_online, person, hall, violations):
    resident, _reference = apply_online(paid=False)
    resident.click("text=支払いに進む")
    link = resident.locator(".link-in-full").inner_text().removeprefix(hall.url)
    page = person(PHONE)
    for way, reads in (("slip", a_slip), ("jpqr", a_payment)):
        page.goto(link)
        is_sound(page, violations)
        page.click(f"form:has([value={way}]) button")
        attempt = page.url.removeprefix(hall.url)
        for language in LANGUAGES:
            page.goto(language + attempt)
            is_sound(page, violations)
            reads(page, shown_on(page))


def a_slip(page, text):
    """The number of the slip and the amount."""
    _kind, number, yen, _reference = text.split(":")
    assert number == page.locator(".receipt__numbers").nth(1).locator("dd").inner_text().replace(" ", "")
    assert yen == "18300"


def a_payment(page, text):
    """A payment of the fee, as every app of JPQR reads it."""
    assert jpqr.read_payment(text)["yen"] == "18300"
