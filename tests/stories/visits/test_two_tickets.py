"""花子 buys two tickets on her phone, pays, loses the network, and enters through the gate, which has none either."""

import io
import json
import subprocess
import sys
from functools import partial

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.stories.conftest import DESKTOP, PHONE, ROOT
from tests.stories.test_a_fee_and_a_counter_day import reloaded_until
from tests.stories.test_every_page import is_sound
from tests.stories.visits.test_a_gate_without_a_network import scan, stands_at

pytestmark = pytest.mark.browser
HANAKO = "hanako@example.jp"


@pytest.fixture(scope="session")
def shop(hall):
    """The shop of the running hall: a slot that begins soon, a full one, and orders."""
    command = [sys.executable, str(ROOT / "tests/stories/children/open_the_shop.py")]
    done = subprocess.run(command, env=hall.environment, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def answered(text, route):
    """The page that was asked for, as it was at another time."""
    route.fulfill(body=text, content_type="text/html")


def shown_on(page):
    """What a scanner reads off the phone's screen, one text for each ticket."""
    pictures = [one.screenshot() for one in page.locator(".ticket__qr").all()]
    return [zxingcpp.read_barcode(Image.open(io.BytesIO(picture))).text for picture in pictures]


def broken(page):
    """Figures and amounts that take more than one line."""
    return page.locator(".stat__value, td.dads-table__number").evaluate_all(
        "all => all.filter(one => { const range = document.createRange(); range.selectNodeContents(one);"
        " return new Set([...range.getClientRects()].map(rect => Math.round(rect.top))).size > 1 })"
        ".map(one => one.textContent)"
    )


def test_two_tickets_from_the_shop_to_the_gate(shop, hall, person, desks, violations):
    phone = person(PHONE)
    buys_two_tickets(phone, shop, violations)
    paid = pays(phone, violations)
    phone.click("text=この端末でした予約を見る")
    is_sound(phone, violations)
    phone.click(".card__title a")
    reloaded_until(phone, "チケットを見る")
    is_sound(phone, violations)
    phone.goto(paid)
    letter = hall.mailbox.wait_for(HANAKO, "予約完了")
    assert "/orders/" in hall.link_in(letter)
    phone.click("text=チケットを見る")
    is_sound(phone, violations)
    assert "/ticket/" in phone.url
    phone.context.set_offline(True)
    enters_through_the_gate(desks("mori"), *shown_on(phone))
    phone.context.set_offline(False)
    phone.goto(hall.link_in(letter) + "cancel/")
    expect(phone.locator(".error-summary")).to_contain_text("期限を過ぎています")
    is_sound(phone, violations)


def buys_two_tickets(phone, shop, violations):
    """From the list of facilities to an order that waits for its payment; a wrong number loses nothing typed."""
    phone.goto("/facilities/")
    is_sound(phone, violations)
    phone.click("text=みなと野県立美術館")
    is_sound(phone, violations)
    phone.click(f"a[href$='/days/{shop['day']}/']")
    is_sound(phone, violations)
    phone.click(f"a[href$='/slots/{shop['slot']}/']")
    phone.fill("#count-adult", "-1")
    phone.fill("#email", HANAKO)
    phone.click("text=合計を確かめる")
    is_sound(phone, violations)
    assert phone.input_value("#email") == HANAKO
    phone.fill("#count-adult", "1")
    phone.fill("#count-student", "1")
    phone.click("text=合計を確かめる")
    is_sound(phone, violations)
    phone.click("text=予約して支払いへ進む")
    is_sound(phone, violations)


def pays(phone, violations):
    """With play money; the address of the page that says so."""
    phone.click("text=を支払う")
    phone.click("button:has-text('試験用の支払い')")
    phone.click("button[value=pay]")
    is_sound(phone, violations)
    return phone.url


def enters_through_the_gate(gate, adult, student):
    """Each ticket once, a student's after a look at the card, while the gate has no network; then it tells the hall."""
    try:
        stands_at(gate, "art-museum", "正面")
        gate.context.set_offline(True)
        scan(gate, adult, "admitted")
        scan(gate, student, "check")
        expect(gate.locator("[data-result]")).to_contain_text("学生証")
        gate.click("text=確かめたので入場させる")
        expect(gate.locator("[data-result]")).to_have_attribute("data-state", "admitted")
        scan(gate, adult, "again")
        gate.context.set_offline(False)
        expect(gate.locator("[data-status]")).to_have_attribute("data-waiting", "0", timeout=30_000)
    finally:
        gate.context.set_offline(False)
        gate.set_viewport_size(DESKTOP)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"], ids=["ja", "en", "ja-easy"])
def test_every_page_of_the_shop(shop, person, violations, viewport, language):
    page = person(viewport)
    museum, orders = "/facilities/art-museum/", ("sold", "held")
    paths = ["/facilities/", museum, "/facilities/hill-zoo/", f"{museum}days/{shop['later']}/", "/orders/",
             f"{museum}slots/{shop['full']}/", f"{museum}slots/{shop['slot']}/"]  # fmt: skip
    paths += [f"/orders/{shop[one]}/{part}" for one in orders for part in ("", "cancel/", "change/")]
    paths.append(f"/orders/{shop['sold']}/change/?day={shop['day']}")
    paths += [f"/waiting/{shop['waits']}/", f"/facilities/hill-zoo/slots/{shop['pass']}/",
              f"/orders/{shop['holder']}/", f"/orders/{shop['holder']}/ticket/"]  # fmt: skip
    paths += [f"/orders/{shop['part']}/", f"/orders/{shop['part']}/change/?to={shop['to']}", f"/pay/{shop['lapsed']}/",
              f"/pay/{shop['unpaid']}/", f"/orders/{shop['dear']}/", f"/orders/{shop['dear']}/cancel/",
              f"{museum}days/2020-01-01/", f"{museum}days/2099-12-02/"]  # fmt: skip
    for path in paths:
        answer = page.goto(language + path)
        assert answer.status == 200 or (answer.status == 409 and path.endswith(("/cancel/", "/change/"))), path
        is_sound(page, violations)
    for slot in (f"{museum}slots/{shop['slot']}/", f"/facilities/hill-zoo/slots/{shop['group']}/"):
        page.goto(language + slot)
        for one in page.locator(".counts__input").all():
            one.fill("100" if one.get_attribute("id") == "count-group" else "3")
        page.fill("#email", HANAKO)
        page.click("[value=confirm]")
        expect(page.locator("tfoot")).to_have_count(1)
        is_sound(page, violations)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_line_before_an_opening(hall, person, violations, viewport):
    languages = ["", "/en", "/ja-easy"]
    command = [sys.executable, str(ROOT / "tests/stories/children/render_the_line.py"), *languages]
    done = subprocess.run(command, env=hall.environment, cwd=ROOT, check=True, capture_output=True, text=True)
    page = person(viewport)
    for number, text in enumerate(json.loads(done.stdout)):
        path = f"{languages[number // 3]}/facilities/art-museum/"
        page.route(f"**{path}", partial(answered, text))
        page.goto(path)
        is_sound(page, violations)
        assert page.locator(".stat__value").count() == (2 if number % 3 else 0)
        assert page.locator("main form button").count() == (number % 3 == 2)
        page.unroute(f"**{path}")


@pytest.mark.parametrize(
    ("viewport", "language"),
    [(PHONE, ""), (PHONE, "/en"), (PHONE, "/ja-easy"), (DESKTOP, "")],
    ids=["phone-ja", "phone-en", "phone-ja-easy", "desktop-ja"],
)
def test_the_money_at_the_desk(shop, desks, violations, viewport, language):
    seen = {
        "suito": ["differences/", "treasury/", "till/", "statement/"],
        "mori": [f"charges/{shop['charge']}/", "charges/", ""],
        "sasaki": [f"cases/{shop['case']}/"],
    }
    for who, paths in seen.items():
        page = desks(who)
        page.set_viewport_size(viewport)
        try:
            for path in paths:
                assert page.goto(f"{language}/desk/{path}").status == 200
                is_sound(page, violations)
                assert language == "/ja-easy" or broken(page) == []
                for field in page.locator("[name^='counted.']").all():
                    box = field.bounding_box()
                    assert box["x"] + box["width"] <= viewport["width"] and box["width"] >= 100
        finally:
            page.set_viewport_size(DESKTOP)


def test_the_treasury_books_money_that_came_to_an_unknown_number(shop, desks, violations):
    page = desks("suito")
    page.goto("/desk/differences/")
    card = page.locator(".card", has_text="checkout-1")
    card.locator("[name=note]").fill("銀行に確かめました")
    card.locator("[name=charge]").fill("0000-0000-000")
    card.locator("button[name=book]").click()
    expect(page.locator(".error-summary")).to_contain_text("納付番号")
    is_sound(page, violations)
    assert card.locator("[name=note]").input_value() == "銀行に確かめました"
    card.locator("[name=charge]").fill(shop["charge"])
    card.locator("button[name=book]").click()
    expect(page.locator(".card", has_text="checkout-1")).to_have_count(0)
    clerk = desks("mori")
    clerk.goto(f"/desk/charges/{shop['charge']}/")
    expect(clerk.locator("#charge-title")).to_contain_text("未納")
    expect(clerk.locator("table")).to_contain_text("700円")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page_of_the_sale(shop, desks, violations, viewport):
    page = desks("sasaki")
    page.set_viewport_size(viewport)
    sale = "/desk/sale/art-museum/"
    try:
        for path in ("/desk/sale/", sale, f"{sale}days/{shop['later']}/", f"{sale}days/{shop['later']}/close/",
                     f"{sale}slots/{shop['slot']}/"):  # fmt: skip
            assert page.goto(path).status == 200, path
            is_sound(page, violations)
    finally:
        page.set_viewport_size(DESKTOP)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_clerk_changes_and_cancels_and_stays_at_the_desk(shop, desks, violations, viewport):
    page, sold = desks("mori"), f"/desk/sale/sold/{shop['part']}/"
    page.set_viewport_size(viewport)
    try:
        page.goto(sold)
        is_sound(page, violations)
        page.click("text=日時を変更する")
        is_sound(page, violations)
        page.click("text=変更せずに戻る")
        page.click("text=取り消す")
        is_sound(page, violations)
        page.click("text=取り消さずに戻る")
        assert page.url.endswith(sold)
    finally:
        page.set_viewport_size(DESKTOP)
