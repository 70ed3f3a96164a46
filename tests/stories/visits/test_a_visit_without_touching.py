"""小林 comes for an appointment: her phone reads the entrance's poster, a number appears, the board calls it."""

import io
import json
import subprocess
import sys

import pikepdf
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.stories.conftest import DESKTOP, PHONE, ROOT
from tests.stories.test_every_page import is_sound

pytestmark = pytest.mark.browser
SCREEN = {"width": 1920, "height": 1080}


def sold(hall, facility):
    command = [sys.executable, str(ROOT / "tests/stories/children/sell_tickets.py"), facility, "adult", "student"]
    done = subprocess.run(command, env=hall.environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_poster_leads_to_the_page_that_takes_the_arrival(hall, desks, violations, viewport):
    sold(hall, "poster")
    desk = desks("suzuki")
    desk.set_viewport_size(viewport)
    try:
        for language in ("", "/en", "/ja-easy"):
            desk.goto(f"{language}/desk/gate/poster-counter/visits/")
            desk.click("[href$='/poster/']")
            is_sound(desk, violations)
            picture = Image.open(io.BytesIO(desk.locator(".poster__qr").screenshot()))
            assert zxingcpp.read_barcode(picture).text == f"{hall.url}/entrance/poster-counter/"
        assert len(pikepdf.open(io.BytesIO(desk.pdf(format="A4"))).pages) == 1
    finally:
        desk.set_viewport_size(DESKTOP)


def test_a_phone_arrives_at_the_poster_and_the_board_calls_its_number(hall, person, desks, violations):
    first, second = sold(hall, "health-center")["appointments"]
    counter = "health-center-counter"
    phone = person(PHONE)
    phone.goto(f"/orders/{first}/ticket/")
    is_sound(phone, violations)
    phone.goto(f"/entrance/{counter}/")  # what the poster's code opens; nothing is pressed
    expect(phone.locator("main")).to_contain_text("到着を受け付けました")
    number = phone.locator(".called__number").inner_text()
    is_sound(phone, violations)
    desk = desks("suzuki")
    for size in (PHONE, DESKTOP):
        desk.set_viewport_size(size)
        desk.goto(f"/desk/gate/{counter}/visits/")
        expect(desk.locator("main")).to_contain_text("まだ着いていない方")
        is_sound(desk, violations)
    plain = person(PHONE, scripts=False)
    plain.goto(f"/visit/{second}/")
    plain.click("text=到着を知らせる")
    expect(plain.locator("main")).to_contain_text("到着を受け付けました")
    desk.goto(f"/desk/gate/{counter}/visits/")
    expect(desk.locator("main")).not_to_contain_text("まだ着いていない方")
    is_sound(desk, violations)
    desk.fill("#desk", "3")
    desk.click("text=次の方どうぞ")
    expect(desk.locator("[role=status]")).to_contain_text(number)
    is_sound(desk, violations)
    board = person(DESKTOP)
    board.goto(f"/board/{counter}/")
    expect(board.locator(".board__number")).to_have_text(number)
    is_sound(board, violations)
    board.set_viewport_size(SCREEN)
    for language in ("", "/en", "/ja-easy"):
        board.goto(f"{language}/board/{counter}/")
        is_sound(board, violations)
        assert board.locator("header, nav, footer").count() == 0
        assert board.locator(".board__number").evaluate("one => one.offsetHeight") > SCREEN["height"] / 3
        assert board.evaluate("document.documentElement.scrollHeight <= innerHeight")
    phone.goto(f"/visit/{first}/")
    expect(phone.locator("main")).to_contain_text("窓口 3 へお越しください")
    is_sound(phone, violations)
    desk.goto(f"/desk/gate/{counter}/visits/?desk=3")
    desk.click("text=次の方どうぞ")  # the other one, so that nobody is left for the next story
    desk.click("text=対応を終える")
    expect(desk.locator("p[role=status]")).to_have_count(0)


def test_who_takes_the_arrival_back_is_not_told_of_again(hall, person):
    secret = sold(hall, "legal")["appointments"][0]
    phone = person(PHONE)
    phone.goto(f"/visit/{secret}/")
    expect(phone.locator("main")).to_contain_text("到着を受け付けました")
    phone.click("text=まだ着いていないので取り消す")
    expect(phone.locator("form[data-arrive]")).to_have_count(1)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_are_sound_in_each_language(hall, person, desks, violations, viewport):
    made = sold(hall, f"park-{viewport['width']}")
    facility = f"park-{viewport['width']}"
    desk = desks("suzuki")
    desk.set_viewport_size(viewport)
    page = person(viewport)
    for language in ("", "/en", "/ja-easy"):
        for place in (f"/orders/{made['secrets'][0]}/ticket/", f"/entrance/{facility}/", f"/board/{facility}-counter/"):
            page.goto(language + place)
            is_sound(page, violations)
        for place in ("", f"{facility}/", f"{facility}-counter/visits/"):
            desk.goto(f"{language}/desk/gate/{place}")
            is_sound(desk, violations)
    desk.set_viewport_size(DESKTOP)
