"""A museum's gate loses its network: tickets checked, admitted once, undone, told later, flagged at two gates."""

import subprocess
import sys

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from madoguchi.bookings.gate.ticket import PREFIX, base45, unbase45
from tests.stories.conftest import DESKTOP, PHONE, ROOT
from tests.stories.test_every_page import is_sound
from tests.stories.wire import Wire

pytestmark = pytest.mark.browser
HOUR_BEHIND = "const now = Date.now; Date.now = () => now() - 3_600_000"


def stands_at(page, facility, name, language=""):
    """Open the gate on a phone and wait until it is kept for the time without a network."""
    page.set_viewport_size(PHONE)
    page.goto(f"{language}/desk/gate/{facility}/")
    page.fill("[name=gate]", name)
    expect(page.locator("[data-status]")).to_have_attribute("data-connected", "true")
    expect(page.locator("[data-kept]")).to_have_count(1)


def scan(page, text, state):
    """What a handheld scanner does: types the text and presses Enter; then the gate shows this state."""
    page.fill("#ticket", text)
    page.press("#ticket", "Enter")
    expect(page.locator("[data-result]")).to_have_attribute("data-state", state)


@pytest.fixture
def suzuki(desks):
    page = desks("suzuki")
    yield page
    page.context.set_offline(False)
    page.set_viewport_size(DESKTOP)


@pytest.fixture
def sasaki(desks):
    page = desks("sasaki")
    yield page
    page.context.set_offline(False)
    page.set_viewport_size(DESKTOP)


@pytest.fixture
def altered(suzuki):
    """鈴木's gate in a page of its own, with a script before its scripts: `altered(script)`. The page ends with it."""
    page = suzuki.context.new_page()

    def alter(script):
        page.add_init_script(script)
        return page

    yield alter
    page.close()


HEARD = """
if (!window.heard) {
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { heard.push(this.frequency.value); return start.call(this, at); };
}
"""


SLOW_TO_SOUND = """
window.AudioContext = class extends AudioContext {
  constructor() { super(); this.suspend(); }
  resume() { return new Promise((go) => { window.canSound = go; }).then(() => super.resume()); }
};
"""


def hears(page, pitches):
    """These sounds come, and no others."""
    page.wait_for_function("count => heard.length >= count", arg=len(pitches))
    assert page.evaluate("heard") == pitches


def test_the_gate_says_what_it_found_with_a_sound_too(altered, sell):
    sold = sell("gallery", "adult", "student")
    page = altered(HEARD)
    stands_at(page, "gallery", "音")
    good, check = sold["good"]
    shown = [
        (good, "admitted", [880, 1320]),
        (good, "again", [220, 180]),
        (check, "check", [660]),
        ("https://minatono.example/", "unreadable", [220, 180]),
    ]
    for text, state, pitches in shown:
        page.evaluate("heard.length = 0")
        scan(page, text, state)
        hears(page, pitches)


def test_the_first_sound_waits_for_a_phone_that_is_slow_to_make_one(altered, sell):
    (ticket,) = sell("library", "adult")["good"]
    page = altered(HEARD + SLOW_TO_SOUND)
    stands_at(page, "library", "音")
    scan(page, ticket, "admitted")
    assert page.evaluate("heard") == []
    page.evaluate("canSound()")
    hears(page, [880, 1320])


def test_the_gate_works_without_a_network_and_tells_later(suzuki, sell, violations):
    sold = sell("museum", "adult", "student", "adult")
    first, student, last = sold["good"]
    stands_at(suzuki, "museum", "正面")
    is_sound(suzuki, violations)
    suzuki.context.set_offline(True)
    scan(suzuki, first, "admitted")
    is_sound(suzuki, violations)
    scan(suzuki, first, "again")
    forged = first[:-4] + ("0" if first[-4] != "0" else "1") + first[-3:]
    scan(suzuki, forged, "forged")
    is_sound(suzuki, violations)
    scan(suzuki, "https://minatono.example/", "unreadable")
    scan(suzuki, sold["later"], "other-day")
    scan(suzuki, sold["elsewhere"], "elsewhere")
    scan(suzuki, sold["cancelled"], "cancelled")
    scan(suzuki, student, "check")
    expect(suzuki.locator("[data-result]")).to_contain_text("学生証")
    is_sound(suzuki, violations)
    suzuki.click("text=確かめたので入場させる")
    expect(suzuki.locator("[data-result]")).to_have_attribute("data-state", "admitted")
    suzuki.locator("[data-result]").get_by_text("この入場を取り消す").click()
    expect(suzuki.locator("[data-result]")).to_have_attribute("data-state", "undone")
    scan(suzuki, student, "check")
    # Even the page itself comes again without a network, and still knows who is inside.
    suzuki.reload()
    expect(suzuki.locator("[data-ready]")).to_have_count(1)
    expect(suzuki.locator("[data-status]")).to_contain_text("つながっていません")
    scan(suzuki, first, "again")
    scan(suzuki, last, "admitted")
    expect(suzuki.locator("[data-status]")).to_have_attribute("data-waiting", "6")
    suzuki.context.set_offline(False)
    expect(suzuki.locator("[data-status]")).to_have_attribute("data-waiting", "0", timeout=30_000)
    entered = suzuki.evaluate("fetch('day.json').then(answer => answer.json()).then(day => day.admitted.length)")
    assert entered == 2


def test_the_gate_comes_first_on_a_phone_and_the_menu_is_a_key_away(suzuki, sell, violations):
    (student,) = sell("observatory", "student")["good"]
    stands_at(suzuki, "observatory", "")
    result, menu = suzuki.locator("[data-result]"), suzuki.locator(".header summary")
    assert suzuki.locator(".header").bounding_box()["height"] < PHONE["height"] / 10
    expect(result).to_have_text("ここに結果が出ます。")
    scan(suzuki, student, "check")
    suzuki.click("text=入場させない")
    expect(result).to_have_text("ここに結果が出ます。")
    inbox = suzuki.locator(".header").get_by_role("link", name="案件")
    expect(inbox).to_be_hidden()
    menu.press("Enter")
    expect(inbox).to_be_visible()
    expect(suzuki.get_by_role("link", name="English")).to_be_visible()
    is_sound(suzuki, violations)
    suzuki.keyboard.press("Tab")
    assert suzuki.evaluate("document.activeElement.textContent") == "案件"


def test_another_facilitys_ticket_is_named_as_people_name_it(suzuki, sell):
    sold = sell("library")
    result = suzuki.locator("[data-result]")
    for language, facility, group in [
        ("", "みなと野県立美術館", "団体"),
        ("/en", "Minatono Prefectural Museum of Art", "Group"),
    ]:
        stands_at(suzuki, "library", "", language)
        suzuki.context.set_offline(True)
        scan(suzuki, sold["museum_group"], "elsewhere")
        expect(result).to_contain_text(facility)
        expect(result).to_contain_text(group)
        scan(suzuki, sold["museum_patron"], "elsewhere")
        expect(result).to_contain_text(facility)
        expect(result).not_to_contain_text("patron")
        suzuki.context.set_offline(False)


@pytest.fixture
def rotate(hall):
    """The office changes the key of the tickets."""
    command = [sys.executable, "-m", "madoguchi.config.cli", "rotate-ticket-key"]
    return lambda: subprocess.run(command, env=hall.environment, cwd=ROOT, check=True, capture_output=True)


def of_key(text, number):
    """A ticket that names another key."""
    signed = bytearray(unbase45(text))
    signed[1:3] = number.to_bytes(2)
    return PREFIX + base45(bytes(signed))


def test_a_key_that_changed_while_the_gate_was_cut_off_is_learned_by_connecting_once(suzuki, sell, rotate, violations):
    (before,) = sell("abbey", "adult")["good"]
    suzuki.add_init_script(HEARD)
    stands_at(suzuki, "abbey", "")
    suzuki.context.set_offline(True)
    rotate()
    (after,) = sell("abbey", "adult")["good"]
    scan(suzuki, before, "admitted")
    suzuki.evaluate("heard.length = 0")
    scan(suzuki, after, "unknown-key")
    expect(suzuki.locator("[data-result]")).to_contain_text("一度つながる場所へ")
    assert suzuki.evaluate("heard") == [660]
    is_sound(suzuki, violations)
    scan(suzuki, of_key(after, 65_535), "unknown-key")
    suzuki.context.set_offline(False)
    expect(suzuki.locator("[data-status]")).to_have_attribute("data-connected", "true", timeout=30_000)
    scan(suzuki, of_key(after, 65_535), "forged")
    scan(suzuki, after, "admitted")
    expect(suzuki.locator("[data-status]")).to_have_attribute("data-waiting", "0")


@pytest.fixture
def cuttable(hall, desks, chromium):
    """鈴木's second phone, on a wire that can be cut: `cuttable(service_workers="block")`."""
    opened = []

    def connect(**how):
        wire = Wire(int(hall.url.rpartition(":")[2]))
        kept = desks("suzuki").context.storage_state()
        context = chromium.new_context(viewport=PHONE, base_url=wire.url, storage_state=kept, **how)
        opened.append((wire, context))
        return wire, context.new_page()

    yield connect
    for wire, context in opened:
        context.close()
        wire.cut()


def test_the_page_comes_again_when_the_wire_is_cut(cuttable, sell):
    first, second = sell("castle", "adult", "adult")["good"]
    wire, page = cuttable()
    stands_at(page, "castle", "")
    scan(page, first, "admitted")
    wire.cut()
    page.reload()
    expect(page.locator("[data-status]")).to_contain_text("つながっていません")
    scan(page, first, "again")
    scan(page, second, "admitted")
    wire.mend()
    expect(page.locator("[data-status]")).to_have_attribute("data-waiting", "0", timeout=40_000)


def test_without_the_worker_it_would_not(cuttable, sell):
    """The control: the wire is really cut."""
    sell("castle")
    wire, page = cuttable(service_workers="block")
    page.goto("/desk/gate/castle/")
    wire.cut()
    with pytest.raises(PlaywrightError, match="ERR_CONNECTION"):
        page.reload()


def test_a_ticket_shown_at_two_gates_is_flagged(suzuki, sasaki, sell, violations):
    (ticket,) = sell("garden", "adult")["good"]
    stands_at(suzuki, "garden", "東")
    stands_at(sasaki, "garden", "西")
    for page in (suzuki, sasaki):
        page.context.set_offline(True)
        scan(page, ticket, "admitted")
    for page in (suzuki, sasaki):
        page.context.set_offline(False)
        expect(page.locator("[data-status]")).to_have_attribute("data-waiting", "0", timeout=30_000)
    suzuki.reload()
    expect(suzuki.locator("[data-twice]")).to_contain_text("東")
    expect(suzuki.locator("[data-twice]")).to_contain_text("西")
    is_sound(suzuki, violations)


def test_a_phone_whose_clock_is_an_hour_off_admits_on_time(altered, sell):
    (ticket,) = sell("zoo", "adult")["good"]  # valid since 40 minutes
    page = altered(HOUR_BEHIND)
    stands_at(page, "zoo", "")
    page.context.set_offline(True)
    scan(page, ticket, "admitted")
