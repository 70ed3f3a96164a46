"""小林 attaches files that cannot be taken: she is told at once, puts them away, and finds the good ones again."""

import io

import pikepdf
import pytest
from playwright.sync_api import expect

from tests.stories.cast import FOOD
from tests.stories.conftest import DESKTOP, PHONE

FORM = f"/procedures/{FOOD}/apply/"
CHOOSE = 'input[type=file][name="drawings"]'
MB = 1024 * 1024


def pdf(**encryption):
    held = io.BytesIO()
    with pikepdf.new() as one:
        one.add_blank_page()
        one.save(held, **encryption)
    return held.getvalue()


LOCKED = pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))
HEIC = b"\0\0\0\x18ftypheic" + bytes(100)


def file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def form(person, request):
    """The form, open where the drawings are attached."""
    page = person(request.param)
    page.goto(FORM)
    page.focus('[name="applicant.name"]')  # with the first touch comes what sends files up
    page.wait_for_selector('[data-uploads="drawings"]', state="attached")
    page.evaluate("location.hash = 'drawings'")
    expect(page.locator(CHOOSE)).to_be_focused()
    return page


def rows(page):
    return page.locator('[data-uploads="drawings"] .upload')


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (file("大きな図面.pdf", bytes(10 * MB + 1)), "10MB以下"),
        (file("鍵つき.pdf", LOCKED), "パスワード"),
        (file("IMG_0001.HEIC", HEIC), "JPEG"),
        (file("表.xlsx", b"PK\x03\x04"), "受け取れない種類"),
    ],
    ids=["too large", "password", "heic", "other kind"],
)
def test_she_is_told_when_she_chooses_it_and_puts_the_row_away(form, violations, chosen, told):
    sent = []
    form.on("request", lambda one: sent.append(one.url) if one.url.endswith("/uploads/") else None)
    form.set_input_files(CHOOSE, [chosen])
    expect(rows(form)).to_contain_text(told)
    assert form.evaluate("document.documentElement.scrollWidth") <= form.viewport_size["width"]
    assert bool(sent) == (told != "10MB以下"), "what is too large is not even sent"
    assert violations(form) == []
    rows(form).locator("button").click()
    expect(rows(form)).to_have_count(0)
    expect(form.locator(CHOOSE)).to_be_focused()


def test_the_names_of_her_files_are_there_after_a_reload(form):
    form.set_input_files(CHOOSE, [file("一階.pdf", pdf()), file("二階.hta", pdf())])
    expect(rows(form)).to_have_count(2)
    expect(rows(form).locator("button")).to_have_count(2)
    form.reload()
    expect(rows(form)).to_contain_text(["一階.pdf", "二階.pdf"])


def test_a_file_that_she_left_out_by_mistake_is_put_back(form):
    form.set_input_files(CHOOSE, [file("一階.pdf", pdf())])
    expect(rows(form).locator("button")).to_have_text("取り消す")
    rows(form).locator("button").click()
    expect(rows(form).locator("input:enabled")).to_have_count(0)
    expect(rows(form).locator("button")).to_have_text("元に戻す")
    rows(form).locator("button").click()
    expect(rows(form).locator("input:enabled")).to_have_count(2)
    form.reload()
    expect(rows(form)).to_contain_text(["一階.pdf"])
