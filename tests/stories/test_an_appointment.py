"""小林 books an appointment on her phone, moves it to today, arrives by the poster's code, and the board calls her."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import DESKTOP, PHONE, ROOT
from tests.stories.test_every_page import is_sound

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def times(hall):
    """Two slots of the counter: one that begins in ten minutes, one in five days."""
    command = [sys.executable, str(ROOT / "tests/stories/open_the_counter.py")]
    done = subprocess.run(command, env=hall.environment, cwd=ROOT, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    if found["soon_day"] != found["today"]:
        pytest.skip("the day ends within ten minutes: there is no later time today")
    return found


def test_an_appointment_is_made_moved_and_called(hall, times, person, desks, violations):
    counter = times["counter"]
    phone = person(PHONE)
    phone.goto("/procedures/food-business-permit/")
    phone.click("text=窓口・ビデオ通話での相談を予約する")
    is_sound(phone, violations)
    phone.goto(f"/facilities/{counter}/days/{times['later_day']}/")
    phone.click(f"a[href$='/slots/{times['later']}/']")
    is_sound(phone, violations)
    phone.fill("#name", "小林 春")
    phone.click("button:has-text('予約する')")
    expect(phone.locator("[role=alert]")).to_contain_text("窓口かビデオ通話か")
    assert phone.input_value("#name") == "小林 春"
    phone.check("#way-counter")
    phone.fill("#email", "kobayashi@minatono.example")
    phone.click("button:has-text('予約する')")
    expect(phone.locator("main")).to_contain_text("予約ができています")
    is_sound(phone, violations)
    assert "予約" in hall.mailbox.wait_for("kobayashi@minatono.example", "予約完了")
    order = phone.url
    phone.click("text=日時を変更する")
    is_sound(phone, violations)
    phone.goto(f"{order}change/?day={times['soon_day']}")
    phone.locator(f"form:has(input[value='{times['soon']}']) button").click()
    expect(phone.locator("main")).to_contain_text("予約ができています")
    phone.goto(f"/entrance/{counter}/")  # what the poster's code opens; nothing is pressed
    expect(phone.locator("main")).to_contain_text("到着を受け付けました")
    number = phone.locator(".called__number").inner_text()
    desk = desks("suzuki")
    desk.set_viewport_size(DESKTOP)
    desk.goto(f"/desk/gate/{counter}/visits/")
    desk.fill("#desk", "5")
    desk.click("text=次の方どうぞ")
    expect(desk.locator("[role=status]")).to_contain_text(number)
    board = person(DESKTOP)
    board.goto(f"/board/{counter}/")
    expect(board.locator(".board__number").first).to_have_text(number)
    is_sound(board, violations)
