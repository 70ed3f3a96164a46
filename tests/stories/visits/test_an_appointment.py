"""小林 books an appointment on her phone, moves it to today, arrives by the poster's code, and the board calls her."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.stories.cast import FOOD
from tests.stories.conftest import DESKTOP, PHONE, ROOT
from tests.stories.test_every_page import is_sound

pytestmark = pytest.mark.browser
EMAIL = "sakura@minatono.example"


@pytest.fixture(scope="session")
def times(hall):
    """Two slots of the counter: one that begins in ten minutes, one in five days."""
    command = [sys.executable, str(ROOT / "tests/stories/children/open_the_counter.py")]
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
    phone.locator(f"a[href*='to={times['soon']}']").click()
    is_sound(phone, violations)
    phone.click("text=この日時に変更する")
    expect(phone.locator("[role=status]").first).to_contain_text("日時を変更しました")
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


def booked(page, times, violations, *, way):
    """From a page with the link to the counter to the booking's own page; what is missing is said, nothing is lost."""
    page.click("text=窓口・ビデオ通話での相談を予約する")
    page.click(f"a[href$='/days/{times['later_day']}/']")
    is_sound(page, violations)
    page.click(f"a[href$='/slots/{times['later']}/']")
    page.fill("#email", EMAIL)
    page.check(f"#way-{way}")
    page.click("button:has-text('予約する')")
    expect(page.locator(".error-summary")).to_contain_text("お名前")
    is_sound(page, violations)
    assert page.input_value("#email") == EMAIL
    page.fill("#name", "小林 さくら")
    page.click("button:has-text('予約する')")
    page.wait_for_url("**/orders/*/")
    return page.url


def test_an_appointment_about_an_application_stands_in_its_record(times, hall, apply_online, desks, violations):
    phone, reference = apply_online()
    order = booked(phone, times, violations, way="counter")
    assert hall.link_in(hall.mailbox.wait_for(EMAIL, "予約完了")) in order
    phone.goto(f"/applications/{reference}/")
    expect(phone.locator(".timeline")).to_contain_text("相談を予約しました")
    expect(phone.locator(f"a[href='{order.removeprefix(hall.url)}']")).to_have_count(1)
    is_sound(phone, violations)
    desk = desks("suzuki")
    desk.goto(f"/desk/cases/{reference}/")
    expect(desk.locator("#talk-title + ul")).to_contain_text("窓口")
    is_sound(desk, violations)


def test_a_call_is_booked_from_the_procedures_page_and_cancelled_without_scripts(times, hall, person, violations):
    page = person(PHONE)
    page.goto(f"/procedures/{FOOD}/")
    order = booked(page, times, violations, way="video")
    expect(page.locator("main")).to_contain_text("15分前")
    is_sound(page, violations)
    plain = person(PHONE, scripts=False)
    plain.goto(f"{order}cancel/")
    plain.click("button:has-text('取り消す')")
    expect(plain.locator("main")).to_contain_text("取り消されています")
    assert hall.mailbox.wait_for(EMAIL, "取消し")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"], ids=["ja", "en", "ja-easy"])
def test_the_page_of_a_time_is_sound_in_each_language(times, person, desks, violations, viewport, language):
    page, path = person(viewport), f"{times['counter']}/appointments/{times['later']}/"
    page.goto(f"{language}/facilities/{path}")
    is_sound(page, violations)
    desk = desks("sasaki")
    desk.set_viewport_size(viewport)
    desk.goto(f"{language}/desk/sale/{path}")
    is_sound(desk, violations)
    desk.set_viewport_size(DESKTOP)
