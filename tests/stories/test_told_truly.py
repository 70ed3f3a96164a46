"""What must be true for whoever reads it: whom a receipt names, whose a document is, what was checked, a lost key."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.stories.conftest import DESKTOP, PHONE, ROOT
from tests.stories.test_every_page import is_sound

pytestmark = pytest.mark.browser
LANGUAGES = {"ja": "", "en": "/en", "ja-easy": "/ja-easy"}
SUBJECT = {"ja": "【申請の状況を開くリンク】", "en": "[Link to your application]", "ja-easy": "【申請を 見る リンク】"}
SEEN_BY = {"田中 係": "tanaka", "山本 課": "yamamoto", "渡部 部": "watanabe"}


@pytest.fixture(scope="module", params=LANGUAGES)
def stage(request, hall, tmp_path_factory):
    """A paid application, one before its approver, and a folder with a document of somebody else, in one language."""
    folder = tmp_path_factory.mktemp("told")
    command = [sys.executable, str(ROOT / "tests/stories/children/make_what_is_told.py"), request.param, str(folder)]
    done = subprocess.run(command, env=hall.environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return SimpleNamespace(
        language=request.param, prefix=LANGUAGES[request.param], folder=folder, **json.loads(done.stdout)
    )


@pytest.fixture
def looks_sound(violations):
    """No violation, no sideways scroll; with MADOGUCHI_PICTURES a picture is kept."""

    def look(page, stage, name):
        is_sound(page, violations)
        if folder := os.environ.get("MADOGUCHI_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{stage.language}.png", full_page=True)

    return look


def test_a_receipt_names_whom_the_payer_says_and_the_page_tells_whose_a_document_is(person, stage, looks_sound):
    page = person(PHONE)
    page.goto(stage.prefix + stage.pay)
    page.fill("#payer", "株式会社 髙﨑商店")
    looks_sound(page, stage, "paid")
    with page.expect_download() as download:
        page.click("form:has(#payer) button[type=submit]")
    ours = stage.folder / "receipt.pdf"
    download.value.save_as(ours)
    printed = subprocess.run(["pdftotext", str(ours), "-"], capture_output=True, text=True, check=True).stdout
    assert "髙﨑商店" in printed
    altered = stage.folder / "altered.pdf"
    altered.write_bytes(ours.read_bytes() + b"\n")
    for file, state in ((ours, "genuine"), (altered, "altered"), (stage.folder / "theirs.pdf", "foreign")):
        page.goto(f"{stage.prefix}/verify/")
        page.set_input_files("#document", file)
        page.click("form:has(#document) button[type=submit]")
        assert page.locator(".verdict").get_attribute("class") == f"verdict verdict--{state}"
        looks_sound(page, stage, f"verify-{state}")


def test_a_name_that_cannot_be_printed_is_told_and_stays(person, stage, looks_sound):
    page = person(PHONE)
    page.goto(stage.prefix + stage.pay)
    page.fill("#payer", "\U0001f600 商店")
    page.click("form:has(#payer) button[type=submit]")
    page.wait_for_selector(".error-summary")
    assert page.input_value("#payer") == "\U0001f600 商店"
    looks_sound(page, stage, "receipt-refused")


def test_the_approver_sees_what_was_checked_and_why_a_draft_came_back(desks, stage, looks_sound):
    page = desks(SEEN_BY[stage.approver])
    page.set_viewport_size(PHONE)
    try:
        page.goto(stage.prefix + stage.seat)
        seat = page.locator("section[aria-labelledby=seat-title]")
        assert seat.locator(".checked__item--done").count() == 1
        assert seat.locator(".checked__item--open").count() >= 1
        assert "図面の縮尺を確かめること" in seat.locator(".notice").inner_text()
        looks_sound(page, stage, "seat")
    finally:
        page.set_viewport_size(DESKTOP)


def test_who_lost_the_key_has_the_link_sent_again_and_opens_the_case(person, hall, stage, looks_sound):
    page = person(PHONE)
    page.goto(f"{stage.prefix}/applications/")
    page.click("main a[href$='/link/again/']")
    page.fill("#reference", stage.reference)
    page.fill("#email", stage.address)
    looks_sound(page, stage, "link-again")
    page.click("form:has(#email) button[type=submit]")
    page.wait_for_selector(".dads-notification-banner")
    looks_sound(page, stage, "link-sent")
    page.goto(hall.link_in(hall.mailbox.wait_for(stage.address, SUBJECT[stage.language])))
    looks_sound(page, stage, "link-opened")
    page.click("main form button[type=submit]")
    assert page.locator("h1").inner_text() == stage.reference
    looks_sound(page, stage, "case")
