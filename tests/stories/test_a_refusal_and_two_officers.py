"""The office refuses lawfully or not at all; of two officers who press at once, one decides and the other is told."""

import subprocess

from tests.stories.cast import press

FACTS = "調理場に手洗い設備がなく、設置の予定もないことを2026年11月20日の調査で確認した。"


def to_drafting(page, reference):
    """From the completeness check to drafting."""
    page.goto(f"/desk/cases/{reference}/")
    for step in ("形式が整っている", "審査を終える"):
        page.click(f"button:has-text('{step}')")
    page.click("text=起案する")


def test_a_refusal_without_reasons_is_impossible_and_one_with_reasons_tells_the_appeal(apply_online, desks, tmp_path):
    resident, reference = apply_online()
    sasaki = desks("sasaki")
    to_drafting(sasaki, reference)
    sasaki.check("#result-refused")
    sasaki.fill("#explanation", FACTS)
    sasaki.click("button:has-text('決裁に回す')")
    assert "理由" in sasaki.locator(".error-summary").inner_text()
    assert sasaki.input_value("#explanation") == FACTS, "nothing typed is lost"
    sasaki.locator("[name=reason]").first.check()
    sasaki.click("button:has-text('決裁に回す')")
    for name, button in (
        ("tanaka", "承認する"),
        ("yamamoto", "承認する"),
        ("norino", "承認する"),
        ("watanabe", "決裁して施行する"),
    ):
        page = desks(name)
        page.goto("/desk/?tab=approval")
        page.click(f"text={reference} >> xpath=ancestor::th//a")
        press(page, button)
    resident.reload()
    with resident.expect_download() as download:
        resident.click("text=PDFを受け取る")
    notice = tmp_path / "notice.pdf"
    download.value.save_as(notice)
    text = text_of(notice)
    assert "審査請求" in text and "取消しの訴え" in text
    assert "手洗い設備がなく" in text


def text_of(pdf):
    """The words of a PDF."""
    return subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout.replace(
        "\n", ""
    )


def test_two_officers_end_the_same_step_and_the_second_is_told(apply_online, desks):
    _resident, reference = apply_online()
    first, second = desks("sasaki"), desks("ogawa")
    for page in (first, second):
        page.goto(f"/desk/cases/{reference}/")
    first.click("button:has-text('形式が整っている')")
    second.click("button:has-text('形式が整っている')")
    assert "読み直してください" in second.locator(".error-summary").inner_text()
    assert second.locator(".case-head__facts").inner_text().count("審査") >= 1


def test_an_officer_of_another_office_does_not_see_the_case_until_asked(apply_online, desks):
    _resident, reference = apply_online()
    kato, sasaki = desks("kato"), desks("sasaki")
    assert kato.goto(f"/desk/cases/{reference}/").status == 404
    sasaki.goto(f"/desk/cases/{reference}/")
    sasaki.click("summary:has-text('ほかの課に照会する')")
    sasaki.select_option("#office", "construction-industry")
    sasaki.fill("#question", "この建物の工事は終わっていますか。")
    sasaki.click("button:has-text('照会する')")
    assert kato.goto(f"/desk/cases/{reference}/").status == 200
    assert kato.locator("button:has-text('形式が整っている')").count() == 0
    kato.locator("[name=answer]").fill("11月に完了検査を終えています。")
    kato.click("button:has-text('回答する')")
    sasaki.reload()
    assert sasaki.locator("text=11月に完了検査を終えています。").is_visible()


def test_who_opened_the_file_is_shown_to_the_applicant(apply_online, desks):
    resident, reference = apply_online()
    desks("sasaki").goto(f"/desk/cases/{reference}/")
    resident.reload()
    resident.click("summary:has-text('この申請を開いた職員')")
    assert "佐々木" in resident.locator(".readings").inner_text()
