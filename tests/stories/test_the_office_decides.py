"""At 中央保健所: 佐々木 works on a case, 田中 and 山本 approve, and the document is issued, checked and rated."""

import subprocess
import sys
from datetime import timedelta

from playwright.sync_api import expect

from madoguchi.catalogue.load import load
from madoguchi.foundation.dates import today
from tests.small_files import small_image
from tests.stories.cast import FOOD, kobayashis_answers, press
from tests.stories.conftest import ROOT
from tests.stories.filling import fill

PNG = small_image()


def test_a_case_goes_from_the_inbox_to_a_signed_permit(apply_online, desks, violations, tmp_path):
    resident, reference = apply_online()
    sasaki = desks("sasaki")
    assert violations(sasaki) == []
    sasaki.goto(f"/desk/?q={reference}")
    sasaki.click(".inbox-table__title")
    assert violations(sasaki) == []
    a_correction_is_asked_and_sent(sasaki, resident, violations)
    an_officer_drafts(sasaki, violations)
    for name, button in (("tanaka", "承認する"), ("yamamoto", "決裁して施行する")):
        approver = desks(name)
        approver.goto("/desk/?tab=approval")
        approver.click(f"text={reference} >> xpath=ancestor::th//a")
        press(approver, button)
    assert approver.locator("text=8中保第").first.is_visible()
    permit = tmp_path / "permit.pdf"
    the_resident_takes_the_permit_and_rates(resident, permit, violations)
    genuine_and_altered(resident, permit, violations)


def a_correction_is_asked_and_sent(officer, resident, violations):
    """The officer asks for another name of the shop, and the resident sends it."""
    officer.click("text=補正を求める")
    assert violations(officer) == []
    officer.check("#q-trade_name")
    officer.fill("#why-trade_name", "看板の名前と違います。正しい屋号を書いてください。")
    officer.fill("#answer_by", (today() + timedelta(days=14)).isoformat())
    officer.click("button:has-text('補正を求める')")
    assert officer.locator("text=停止中（申請者の回答待ち）").is_visible()
    resident.reload()
    resident.click("text=補正に答える")
    assert violations(resident) == []
    resident.fill('[name="trade_name"]', "髙﨑食堂")
    resident.click("button:has-text('直した内容を送る')")
    expect(resident.locator("text=補正の回答を受け取りました")).to_be_visible()


def an_officer_drafts(officer, violations):
    """The case is examined, and a permit is proposed, whose document can be seen before anybody approves."""
    officer.reload()
    assert officer.locator("text=髙﨑食堂").first.is_visible()
    for step in ("形式が整っている", "現地調査を行う"):
        officer.click(f"button:has-text('{step}')")
    the_place_is_inspected(officer, violations)
    officer.click("text=起案する")
    assert violations(officer) == []
    officer.check("#result-granted")
    officer.click("button:has-text('決裁に回す')")
    with officer.expect_download() as preview:
        officer.click("text=発行される文書を見る")
    assert preview.value.path().stat().st_size > 10_000


def the_place_is_inspected(officer, violations):
    """On the officer's phone, in the kitchen: what is forgotten is told, and nothing that was typed is lost."""
    wide = officer.viewport_size
    officer.set_viewport_size({"width": 360, "height": 780})
    officer.click("text=「現地調査の結果」を記入する")
    assert violations(officer) == []
    officer.fill('[name="inspector"]', "佐々木 実")
    officer.check('[name="inspection_verdict"][value="minor"]', force=True)
    officer.set_input_files(
        '[name="inspection_photos"]', {"name": "調理場.png", "mimeType": "image/png", "buffer": PNG}
    )
    officer.click("button:has-text('記入して、この段階を終える')")
    assert violations(officer) == []
    assert officer.locator("text=調理場.png").first.is_visible()
    for part, value in zip(("year", "month", "day"), (today().year, today().month, today().day), strict=True):
        officer.fill(f'[name="inspected_on.{part}"]', str(value))
    officer.fill('[name="inspection_findings"]', "手洗い設備に、石けんを備えること。")
    officer.click("button:has-text('記入して、この段階を終える')")
    assert officer.locator("text=手洗い設備に、石けんを備えること。").first.is_visible()
    assert violations(officer) == []
    officer.set_viewport_size(wide)


def the_resident_takes_the_permit_and_rates(resident, permit, violations):
    """She sees who opened her case, takes the document, and rates the service."""
    resident.reload()
    assert resident.locator("text=この申請を開いた職員").is_visible()
    assert resident.locator("text=調理場.png").is_visible()  # what the inspection found is the applicant's to read
    with resident.expect_download() as download:
        resident.click("text=PDFを受け取る")
    download.value.save_as(permit)
    resident.reload()
    assert violations(resident) == []
    resident.check("#score-5", force=True)
    resident.fill("#comment", "電車の中で申し込めました")
    resident.click("button:has-text('評価を送る')")
    assert resident.locator("text=評価をありがとうございました").is_visible()


def genuine_and_altered(page, permit, violations):
    """The verification page and the stand-alone verifier agree, and a changed byte is refused."""
    page.goto("/verify/")
    page.set_input_files("#document", permit)
    page.click("button:has-text('確かめる')")
    assert page.locator(".verdict__word").inner_text() == "本物です"
    assert violations(page) == []
    root = permit.with_name("root.pem")
    root.write_bytes(page.request.get("/verify/root.pem").body())
    outside = [sys.executable, str(ROOT / "verify/verify_document.py")]
    assert subprocess.run([*outside, str(permit), "--root", str(root)], capture_output=True).returncode == 0
    changed = bytearray(permit.read_bytes())
    changed[len(changed) // 2] ^= 1
    altered = permit.with_name("altered.pdf")
    altered.write_bytes(bytes(changed))
    page.set_input_files("#document", altered)
    page.click("button:has-text('確かめる')")
    assert page.locator(".verdict__word").inner_text() != "本物です"
    assert subprocess.run([*outside, str(altered), "--root", str(root)], capture_output=True).returncode == 1


def test_a_clerk_files_for_a_visitor_who_goes_on_by_phone(desks, person, violations):
    suzuki = desks("suzuki")
    suzuki.goto("/desk/counter/")
    assert violations(suzuki) == []
    suzuki.click('text="飲食店営業許可"')
    fill(suzuki, load(ROOT / "procedures" / FOOD), kobayashis_answers(ROOT))
    suzuki.click("[data-submit] button")
    suzuki.click("button:has-text('この内容で送信する')")
    suzuki.click("button:has-text('引き継ぎ用のQRコードを作る')")
    assert violations(suzuki) == []
    link = suzuki.locator(".panel p[translate=no]").inner_text()
    reference = suzuki.locator("dd output").first.inner_text()
    visitor = person()
    visitor.goto(link)
    visitor.click("main button:has-text('開く')")
    assert visitor.locator("h1").inner_text() == reference
    another = person()
    another.goto(link)
    another.click("main button:has-text('開く')")
    assert another.locator("text=すでに使われたか").is_visible()
