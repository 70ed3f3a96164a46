"""Pages that few ever see are sound too: refusals, a lifted finding, an answered consultation, money that went back."""

import pytest

from tests.stories.cast import press
from tests.stories.conftest import DESKTOP, PHONE
from tests.stories.test_a_fee_and_a_counter_day import reloaded_until

LANGUAGES = ("", "/en", "/ja-easy")
PEOPLE = "施設名,連絡先\n港町保育園,sato.hanako@example.jp\n丘の上保育園,045-210-4400\n".encode()


@pytest.fixture
def is_sound_everywhere(violations):
    """The page at an address in every language, on a phone and on a desktop: no violation, no sideways scroll."""

    def look(page, path):
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            for language in LANGUAGES:
                page.goto(language + path)
                is_sound(page, violations)
        page.goto(path)

    return look


def is_sound(page, violations):
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sent(page, to, **fields):
    """The status of what a form without a page of its own gets; the page shows the answer."""
    page.evaluate(
        """([to, fields]) => {
            const form = Object.assign(document.createElement("form"), { method: "post", action: to });
            for (const [name, value] of Object.entries(fields))
                form.append(Object.assign(document.createElement("input"), { name, value }));
            document.body.append(form);
        }""",
        [to, fields],
    )
    with page.expect_navigation() as answer:
        page.locator("form").last.evaluate("form => form.submit()")
    return answer.value.status


@pytest.mark.parametrize("language", LANGUAGES, ids=["ja", "en", "ja-easy"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_is_refused_is_told_on_a_sound_page(person, hall, violations, language, viewport):
    page = person(viewport)
    asking = f"{hall.url}{language}/datasets/requests/new/"
    assert sent(page, asking, title="別のサイトから") == 403  # from about:blank: no page of ours
    is_sound(page, violations)
    for to, fields, status in (
        (f"{language}/applications/open/{'b' * 40}/", {}, 410),
        (f"{language}/statistics/", {}, 405),
        (asking, {"title": "x" * 2_300_000}, 413),
    ):
        page.goto(f"{language}/accessibility/")
        assert sent(page, to, **fields) == status
        is_sound(page, violations)
    page.goto(f"{language}/procedures/food-business-permit/apply/{'a' * 60}/")
    is_sound(page, violations)


def test_money_that_went_back_is_told_to_the_payer_and_to_the_office(apply_online, desks, is_sound_everywhere):
    resident, reference = apply_online()
    sasaki, case = desks("sasaki"), f"/desk/cases/{reference}/"
    sasaki.goto(case)
    sasaki.click("summary:has-text('還付する')")
    sasaki.fill("#refund-yen", "3,000")
    sasaki.fill("#refund-why", "条例第5条の減免")
    press(sasaki, "還付する")
    reloaded_until(sasaki, "還付 試験用の支払い")
    is_sound_everywhere(sasaki, case)
    resident.goto(f"/applications/{reference}/")
    assert resident.locator("text=お返ししました").first.is_visible()
    is_sound_everywhere(resident, f"/applications/{reference}/")
    resident.goto(f"/applications/{reference}/pay/")
    assert resident.locator("text=お返しした金額").is_visible()
    is_sound_everywhere(resident, "/pay/" + resident.url.partition("/pay/")[2])


def test_another_office_answers_a_consultation(apply_online, desks, violations, is_sound_everywhere):
    _resident, reference = apply_online()
    sasaki, kato, case = desks("sasaki"), desks("kato"), f"/desk/cases/{reference}/"
    sasaki.goto(case)
    sasaki.click("summary:has-text('ほかの課に照会する')")
    sasaki.select_option("#office", "construction-industry")
    sasaki.fill("#question", "過去の指導の有無を教えてください。")
    sasaki.click("button:has-text('照会する')")
    is_sound_everywhere(kato, case)
    kato.click("button:has-text('回答する')")
    assert kato.locator("text=回答の内容を書いてください").is_visible()
    is_sound(kato, violations)
    kato.fill("[name=answer]", "指導したことはありません。")
    kato.click("button:has-text('回答する')")
    assert kato.locator("text=照会に回答しました。").is_visible()
    is_sound_everywhere(kato, case)


def test_a_finding_is_lifted_by_a_second_officer(desks, violations, is_sound_everywhere):
    sasaki, ogawa = desks("sasaki"), desks("ogawa")
    sasaki.goto("/desk/data/")
    sasaki.set_input_files("[type=file]", {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE})
    sasaki.select_option("[name=office]", "chuo-health-center")
    sasaki.locator("main form button[type=submit]").first.click()
    path = "/desk" + sasaki.url.partition("/desk")[2]
    is_sound_everywhere(ogawa, path)
    ogawa.click("button:has-text('指摘を取り消す') >> nth=0")
    assert ogawa.locator("[aria-invalid=true]").count() == 1
    is_sound(ogawa, violations)
    while ogawa.locator("button:has-text('指摘を取り消す')").count():
        ogawa.fill("[name=reason] >> nth=0", "施設の公の連絡先です。")
        ogawa.click("button:has-text('指摘を取り消す') >> nth=0")
        ogawa.wait_for_selector("text=理由を記録しました。")
    is_sound_everywhere(ogawa, path)
    assert sasaki.goto(path).status == 200
    assert sasaki.locator("#publish").is_visible()
    is_sound_everywhere(sasaki, path)
