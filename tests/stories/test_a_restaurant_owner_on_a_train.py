"""小林 applies for a restaurant permit on a phone between two stations."""

from madoguchi.catalogue.load import load
from tests.stories.cast import FOOD, kobayashis_answers
from tests.stories.filling import fill


def test_she_finds_the_procedure_in_her_own_words_and_sees_what_it_takes(person, violations):
    page = person()
    page.goto("/")
    assert violations(page) == []
    page.fill("#q", "レストラン")
    page.click("button:has-text('探す')")
    page.click("text=飲食店営業許可")
    assert page.locator("dt:has-text('標準処理期間')").is_visible()
    assert page.locator("summary:has-text('結果に不服があるとき')").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


def test_her_draft_survives_a_reload_and_a_lost_signal(person, pytestconfig):
    page = person()
    page.goto(f"/procedures/{FOOD}/apply/")
    page.fill(
        '[name="contact_name"]' if page.locator('[name="contact_name"]').count() else '[name="applicant.name"]',
        "小林 﨑子",
    )
    page.context.set_offline(True)
    page.fill('[name="applicant.kana"]', "コバヤシ サキコ")
    page.evaluate("document.querySelector('form[data-form]').dispatchEvent(new Event('change'))")
    page.context.set_offline(False)
    page.reload()
    assert page.input_value('[name="applicant.kana"]') == "コバヤシ サキコ"


def test_she_applies_confirms_her_address_and_follows_the_case(person, hall, violations, pytestconfig):
    root = pytestconfig.rootpath
    page = person()
    page.goto(f"/procedures/{FOOD}/apply/")
    assert violations(page) == []
    fill(page, load(root / "procedures" / FOOD), kobayashis_answers(root, contact_email="kobayashi@example.jp"))
    page.click("[data-submit] button")
    assert page.locator("h1").inner_text() == "内容の確認"
    assert violations(page) == []
    page.dblclick("button:has-text('この内容で送信する')")
    page.wait_for_url("**/received/")
    assert violations(page) == []
    reference = page.url.rstrip("/").split("/")[-2]
    letter = hall.mailbox.wait_for("kobayashi@example.jp", reference)
    page.goto(hall.link_in(letter))
    page.click("main button:has-text('開く')")
    assert page.locator("h1").inner_text() == reference
    assert page.locator("text=メールアドレスを確認しました").count() == 1
    assert violations(page) == []


def test_what_is_wrong_is_said_at_the_top_and_nothing_is_lost(person, violations, pytestconfig):
    root = pytestconfig.rootpath
    page = person(scripts=False)
    page.goto(f"/procedures/{FOOD}/apply/")
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
