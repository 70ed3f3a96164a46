"""The form on a phone: a section is judged when it is left, Back sends nothing, and a lost signal loses nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from madoguchi.catalogue.load import load
from tests.stories.cast import FOOD, kobayashis_answers
from tests.stories.filling import fill

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["", "/en", "/ja-easy"]
CLS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) shifts += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""
each_language = pytest.mark.parametrize("prefix", LANGUAGES, ids=["ja", "en", "ja-easy"])
with_and_without = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def form(prefix=""):
    return f"{prefix}/procedures/{FOOD}/apply/"


@each_language
@with_and_without
def test_an_empty_section_is_not_left_and_enter_goes_on_only_from_a_good_one(person, violations, prefix, scripts):
    page = person(scripts=scripts)
    page.goto(form(prefix))
    page.press('[name="applicant.name"]', "Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    assert summary.locator("li").count() < 15, "of this section only"
    expect(page.locator("#section-business")).to_be_visible()
    expect(page.locator("#section-facility")).to_be_hidden()
    expect(page.locator(".stepper__item").first).to_have_attribute("data-state", "missing")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not scripts or violations(page) == []  # axe waits for timers, which a page without scripts has not


@with_and_without
def test_back_and_reload_show_pages_before_and_after_sending(person, violations, pytestconfig, scripts):
    root, page = pytestconfig.rootpath, person(scripts=scripts)
    page.goto(form())
    fill(page, load(root / "procedures" / FOOD), kobayashis_answers(root))
    page.click("[data-submit] button")
    page.wait_for_url("**/confirm/*/")
    page.reload()
    assert page.locator("h1").inner_text() == "内容の確認"
    page.go_back()
    assert page.locator("h1").inner_text() == "飲食店営業許可"
    page.go_forward()
    page.wait_for_url("**/confirm/*/")
    page.click("button:has-text('この内容で送信する')")
    page.wait_for_url("**/received/")
    page.go_back()
    expect(page.locator("h1")).to_have_text("この申請は送信済みです")
    assert not scripts or violations(page) == []
    page.click("text=状況を確認する")
    page.wait_for_url("**/applications/*/")


def test_without_a_signal_it_waits_and_is_sent_once(person, pytestconfig):
    root, page = pytestconfig.rootpath, person()
    page.goto(form())
    fill(page, load(root / "procedures" / FOOD), kobayashis_answers(root))
    page.context.set_offline(True)
    page.click("[data-submit] button")
    expect(page.locator("[data-waiting]")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/confirm/*/")
    page.context.set_offline(True)
    page.click("button:has-text('この内容で送信する')")
    expect(page.locator("[data-waiting]")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url("**/received/")
    page.go_back()
    expect(page.locator("h1")).to_have_text("この申請は送信済みです")


@each_language
def test_the_form_hardly_moves_while_it_loads(person, prefix):
    page = person()
    page.add_init_script(CLS)
    page.goto(form(prefix), wait_until="networkidle")
    moved = page.evaluate("shifts")
    page.fill('[name="applicant.name"]', "小林 千秋")
    page.wait_for_function("Object.keys(localStorage).some(key => key.startsWith('draft:'))")
    page.reload(wait_until="networkidle")
    again = page.evaluate("shifts")
    print("layout shift", prefix or "/ja", round(moved, 4), "with what was typed before", round(again, 4))
    assert moved < 0.02 and again < 0.1


def test_the_answer_to_a_correction_survives_a_reload_and_goes_when_it_was_sent(person, hall):
    command = [sys.executable, str(ROOT / "tests/stories/children/ask_for_a_correction.py")]
    made = subprocess.run(command, env=hall.environment, cwd=ROOT, check=True, capture_output=True, text=True)
    reference, key = json.loads(made.stdout.splitlines()[-1])
    page = person()
    page.goto("/applications/")
    page.fill("#reference", reference)
    page.fill("#key", key)
    page.click("main form button")
    page.wait_for_url(f"**/applications/{reference}/")
    page.goto(f"/applications/{reference}/correct/")
    page.fill('[name="trade_name"]', "定食みなと本店")
    page.reload()
    expect(page.locator('[name="trade_name"]')).to_have_value("定食みなと本店")
    page.context.set_offline(True)
    page.click("button:has-text('直した内容を送る')")
    expect(page.locator("[data-waiting]")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url(f"**/applications/{reference}/")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


def test_a_page_that_moves_is_seen(person):
    """The control of the test above."""
    page = person()
    page.add_init_script(CLS)
    page.goto(form(), wait_until="networkidle")
    page.evaluate("document.querySelector('main').prepend(Object.assign(document.createElement('pre'), "
                  "{textContent: 'x\\n'.repeat(20)}))")  # fmt: skip
    page.wait_for_function("shifts > 0.02")
