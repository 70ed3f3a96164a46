"""小林 applies for a restaurant permit on a phone between two stations."""

import pytest
from playwright.sync_api import expect

from madoguchi.catalogue.load import load
from tests.stories.cast import FOOD, kobayashis_answers
from tests.stories.filling import fill


def test_she_finds_the_procedure_in_her_own_words_and_sees_what_it_takes(person, violations):
    page = person()
    page.goto("/")
    assert violations(page) == []
    page.fill("#q", "レストラン")
    page.click("button:has-text('探す')")
    page.click('text="飲食店営業許可"')
    assert page.locator("dt:has-text('標準処理期間')").is_visible()
    assert page.locator("summary:has-text('結果に不服があるとき')").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


FORM = f"/procedures/{FOOD}/apply/"
NAME, KANA = '[name="applicant.name"]', '[name="applicant.kana"]'
REST = "**/filling-*"
SIGNAL = "dispatchEvent(new Event('online'))"
TOUCH = f"document.querySelector('{NAME}').dispatchEvent(new Event('focusin', {{bubbles: true}}))"


def types_without_a_signal(page):
    """She opens the form and types her name; the signal is gone before the rest of the scripts has come."""
    page.context.route(REST, lambda asked: asked.abort())
    page.goto(FORM)
    with page.expect_event("requestfailed"):
        page.fill(NAME, "小林 﨑子")


def has_a_signal_again(page, sign=SIGNAL):
    """The rest may come, and is asked for at this sign."""
    page.context.unroute(REST)
    page.wait_for_function(f"() => {sign} && document.querySelector('[data-uploads]')")


def test_her_draft_survives_a_reload_and_a_lost_signal(person):
    page = person()
    page.goto(FORM)
    page.fill(NAME, "小林 﨑子")
    page.context.set_offline(True)
    page.fill(KANA, "コバヤシ サキコ")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(NAME)).to_have_value("小林 﨑子")
    expect(page.locator(KANA)).to_have_value("コバヤシ サキコ")


def test_her_draft_is_kept_from_the_first_key_on_though_the_signal_is_gone(person):
    page = person()
    types_without_a_signal(page)
    with page.expect_event("requestfailed"):
        page.reload()  # what was kept is not shown yet, and what she types now must not replace it
    page.fill(KANA, "コバヤシ サキコ")
    page.close()
    page.context.unroute(REST)
    page = page.context.new_page()
    page.goto(FORM)
    expect(page.locator(NAME)).to_have_value("小林 﨑子")
    expect(page.locator(KANA)).to_have_value("コバヤシ サキコ")


def test_what_she_types_before_her_draft_is_back_is_newer(person):
    page = person()
    types_without_a_signal(page)
    page.fill(KANA, "コバヤシ サキコ")
    page.reload()
    page.fill(NAME, "小林 春")
    has_a_signal_again(page)
    expect(page.locator(KANA)).to_have_value("コバヤシ サキコ")
    expect(page.locator(NAME)).to_have_value("小林 春")


@pytest.mark.parametrize("sign", [SIGNAL, TOUCH], ids=["the signal", "the next touch"])
def test_the_rest_of_the_form_comes_with(person, sign):
    page, names = person(), []
    page.on("request", lambda asked: names.append(asked.url) if "/filling-" in asked.url else None)
    types_without_a_signal(page)
    has_a_signal_again(page, sign)
    assert len(names) == len(set(names)) > 1, "a browser may remember by its name what failed"


@pytest.mark.parametrize("lost", ["**/rules/**", "**/cel-*"])
def test_without_a_signal_everything_is_asked_and_with_it_only_what_matters(person, lost):
    page = person()
    page.context.route(lost, lambda asked: asked.abort())
    page.goto(FORM)
    expect(page.locator("[data-off]")).not_to_have_count(0)
    page.check('[name="applicant.kind"][value="person"]')
    expect(page.locator("[data-off]")).to_have_count(0)
    expect(page.locator("[data-when][hidden]")).to_have_count(0)
    page.context.unroute(lost)
    page.evaluate(SIGNAL)
    expect(page.locator("[data-when][hidden]")).not_to_have_count(0)


def test_what_was_kept_is_forgotten_when_she_says_so_twice(person):
    page = person()
    types_without_a_signal(page)
    page.click("summary:has-text('保存した内容を消す')")
    expect(page.locator(NAME)).to_have_value("小林 﨑子")
    page.click("[data-draft-clear]")
    expect(page.locator(NAME)).to_have_value("")
    assert page.evaluate(f"localStorage.getItem('draft:{FOOD}')") is None


def test_she_applies_confirms_her_address_and_follows_the_case(person, hall, violations, pytestconfig):
    root = pytestconfig.rootpath
    page = person()
    page.goto(FORM)
    assert violations(page) == []
    fill(page, load(root / "procedures" / FOOD), kobayashis_answers(root, contact_email="kobayashi@example.jp"))
    page.click("[data-submit] button")
    page.wait_for_url("**/confirm/*/")
    assert page.locator("h1").inner_text() == "内容の確認"
    assert violations(page) == []
    page.dblclick("button:has-text('この内容で送信する')")
    page.wait_for_url("**/received/")
    assert violations(page) == []
    reference = page.url.rstrip("/").split("/")[-2]
    letter = hall.mailbox.wait_for("kobayashi@example.jp", reference)
    page.goto(hall.link_in(letter, "/applications/open/"))
    page.click("main button:has-text('開く')")
    assert page.locator("h1").inner_text() == reference
    assert page.locator("text=メールアドレスを確認しました").count() == 1
    assert violations(page) == []


def test_what_is_wrong_is_said_at_the_top_and_nothing_is_lost(person, violations, pytestconfig):
    root = pytestconfig.rootpath
    page = person(scripts=False)
    page.goto(FORM)
    answers = kobayashis_answers(root)
    del answers["electronic_notice"]
    fill(page, load(root / "procedures" / FOOD), answers)
    page.click("[data-submit] button")
    summary = page.locator(".error-summary")
    assert "決定の通知を電子文書で受け取る" in summary.inner_text()
    assert page.input_value('[name="applicant.name"]') == answers["applicant"]["name"]
    assert page.locator(".upload").count() >= 1
    summary.locator("a").first.click()
    assert page.url.endswith("#electronic_notice")
