"""A bureau's file becomes a version of a dataset, and never while a fault or a finding stands."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.models.uploads import Lift, Upload
from madoguchi.opendata.uploads import actions
from madoguchi.opendata.uploads.words import refusal
from tests import town

pytestmark = pytest.mark.django_db
CLEAN = "番号,名称,定員,開設日\n1,青葉会館,120,2001-04-01\n2,浜辺会館,80,1999-10-10\n"
OFFICE_PHONE = "番号,名称,電話\n1,青葉会館,045-222-0101\n2,浜辺会館,045-222-0102\n"
MOBILE = "番号,名称,電話\n1,青葉会館,090-1234-5678\n2,浜辺会館,045-222-0102\n"
MERGED = '番号,人数\n1,"1,200"\n2,30\n3,40\n'
NEW = {
    "code": "halls", "title": "会館の一覧", "description": "県の会館です。", "theme": "culture", "frequency": "annual",
    "title_en": "Halls", "key": "番号",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATASETS_DIR = tmp_path


@pytest.fixture
def browser():
    return town.browser_of(town.sasaki())


@pytest.fixture
def second():
    """A colleague, who did not hand the file in."""
    return town.browser_of(town.ogawa())


def handed_in(browser, text, name="halls.csv", **more):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return browser.post("/desk/data/", {"office": town.HEALTH, "file": file, **more})


def page_of(browser, text, **more):
    answer = handed_in(browser, text, **more)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def body(answer):
    return answer.content.decode()


def test_a_clean_table_is_published_as_a_new_dataset(browser):
    page = page_of(browser, CLEAN)
    assert "直すところはありません" in body(browser.get(page))
    assert browser.post(page + "publish/", NEW).status_code == 302
    dataset = Dataset.objects.get(code="halls")
    assert (dataset.is_public, dataset.office, dataset.source) == (True, town.HEALTH, "upload")
    assert [(one["name"], one["type"]) for one in dataset.current.fields] == [
        ("番号", "integer"), ("名称", "string"), ("定員", "integer"), ("開設日", "date"),
    ]  # fmt: skip
    upload = Upload.objects.get()
    assert (upload.state, bytes(upload.content), upload.version) == ("published", b"", dataset.current)


def test_the_next_file_is_the_next_version_and_the_same_one_is_none(browser):
    browser.post(page_of(browser, CLEAN) + "publish/", NEW)
    again = browser.post(page_of(browser, CLEAN) + "publish/", {"dataset": "halls", "key": "番号"})
    assert again.status_code == 422
    assert "中身が今の版と同じです" in body(again)
    more = page_of(browser, CLEAN + "3,緑会館,60,2010-01-01\n")
    assert browser.post(more + "publish/", {"dataset": "halls", "key": "番号"}).status_code == 302
    assert Dataset.objects.get().current.number == 2


def test_a_fault_for_machines_holds_publication_up(browser):
    page = page_of(browser, MERGED)
    shown = body(browser.get(page))
    assert '<b translate="no">B2</b>' in shown
    assert "publish/" not in shown
    answer = browser.post(page + "publish/", NEW)
    assert answer.status_code == 422
    assert not Dataset.objects.exists()


def groups():
    return [one["group"] for one in Upload.objects.get().report["findings"]]


def test_a_finding_is_lifted_by_a_second_officer_with_a_reason_and_then_published(browser, second):
    page, (group,) = page_of(browser, OFFICE_PHONE), groups()
    assert browser.post(page + "publish/", NEW).status_code == 422
    short = second.post(page + "lift/", {"group": group, "reason": "代表"})
    assert short.status_code == 422
    assert 'value="代表"' in body(short) and 'aria-invalid="true"' in body(short)
    assert "残っている間は公開できません" in body(short)
    assert second.post(page + "lift/", {"group": group, "reason": "会館の代表電話です"}).status_code == 302
    assert second.post(page + "lift/", {"group": group, "reason": "会館の代表電話です"}).status_code == 409
    shown = body(browser.get(page))
    assert "会館の代表電話です" in shown and "小川 葵" in shown
    assert "残っている間は公開できません" not in shown
    assert browser.post(page + "publish/", NEW).status_code == 302


def test_who_handed_the_file_in_lifts_nothing(browser):
    page, (group,) = page_of(browser, OFFICE_PHONE), groups()
    assert f"{page}lift/" not in body(browser.get(page))
    answer = browser.post(page + "lift/", {"group": group, "reason": "会館の代表電話です"})
    assert answer.status_code == 422
    assert "登録した本人は取り消せません" in body(answer)
    upload, sasaki = Upload.objects.get(), town.sasaki().officer
    with pytest.raises(IntegrityError, match="second officer"), transaction.atomic():
        Lift.objects.create(upload=upload, group=group, reason="代表電話です", by=sasaki, at=timezone.now())


@pytest.mark.parametrize("who", [town.ogawa, town.tanaka, town.yamamoto, town.watanabe, town.nakamura])
def test_colleagues_superiors_and_the_reform_office_may_lift_whatever_was_found(browser, who):
    page, second = page_of(browser, MOBILE), town.browser_of(who())
    for group in groups():
        assert second.post(page + "lift/", {"group": group, "reason": "法律で公開する名簿です"}).status_code == 302
    assert browser.post(page + "publish/", NEW).status_code == 302


@pytest.mark.parametrize("who", [town.kato, town.suzuki, town.norino])
def test_other_offices_and_the_counter_lift_nothing(browser, who):
    page, (group, *_more) = page_of(browser, MOBILE), groups()
    answer = town.browser_of(who()).post(page + "lift/", {"group": group, "reason": "法律で公開する名簿です"})
    assert answer.status_code == 403
    assert not Lift.objects.exists()


def test_what_is_nearly_always_a_persons_is_told_so_to_the_second_officer(browser, second):
    page = page_of(browser, MOBILE)
    assert "確かな理由があるときだけ" in body(second.get(page))


def test_a_superior_reviews_and_does_not_publish(browser):
    page, chief = page_of(browser, CLEAN), town.browser_of(town.tanaka())
    assert f"{page}publish/" not in body(chief.get(page))
    assert chief.post(page + "publish/", NEW).status_code == 403
    assert 'id="file"' not in body(chief.get("/desk/data/"))


def test_the_inbox_and_the_list_show_what_waits_for_a_second_officer(browser, second):
    page_of(browser, OFFICE_PHONE, name="待つ.csv")
    page_of(browser, OFFICE_PHONE.replace("青葉会館,", "青葉会館,#"), name="直す前.csv")
    page_of(browser, CLEAN, name="きれい.csv")
    assert "公開の確認を待つデータ" in body(second.get("/desk/"))
    assert "公開の確認を待つデータ" not in body(browser.get("/desk/"))
    assert "公開の確認を待つデータ" not in body(town.browser_of(town.kato()).get("/desk/"))
    waiting = body(second.get("/desk/data/")).partition('id="review"')[2].partition("</section>")[0]
    assert "待つ.csv" in waiting and "きれい.csv" not in waiting
    group = Upload.objects.get(name="待つ.csv").report["findings"][0]["group"]
    second.post(
        f"/desk/data/files/{Upload.objects.get(name='待つ.csv').pk}/lift/",
        {"group": group, "reason": "会館の代表電話です"},
    )
    assert "待つ.csv" not in body(second.get("/desk/data/")).partition('id="review"')[2].partition("</section>")[0]


def test_a_finding_under_a_very_long_heading_is_lifted_too(browser, second):
    page = page_of(browser, f"番号,{'長い見出し' * 24}\n1,090-1234-5678\n2,x\n")
    for group in groups():
        assert second.post(page + "lift/", {"group": group, "reason": "法律で公開する名簿です"}).status_code == 302


def test_columns_of_facilities_may_hold_their_numbers(browser):
    page = page_of(browser, OFFICE_PHONE, facility_columns="電話\n")
    assert Upload.objects.get().report["findings"] == []
    assert browser.post(page + "publish/", NEW).status_code == 302


def test_the_control_with_the_detectors_switched_off_a_mobile_number_is_published(browser, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "personal-data")
    assert browser.post(page_of(browser, MOBILE) + "publish/", NEW).status_code == 302


def test_a_finding_is_shown_masked_everywhere(browser):
    page = page_of(browser, MOBILE)
    assert "090-1234-5678" not in body(browser.get(page))
    assert "090-1234-5678" not in str(Upload.objects.get().report)


def test_what_was_lifted_is_never_changed(browser, second):
    page = page_of(browser, OFFICE_PHONE)
    second.post(
        page + "lift/", {"group": Upload.objects.get().report["findings"][0]["group"], "reason": "代表電話です"}
    )
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Lift.objects.update(reason="違う")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Lift.objects.all().delete()


def test_a_file_that_is_given_up_leaves_no_bytes(browser):
    page = page_of(browser, MOBILE)
    assert browser.post(page + "discard/").status_code == 302
    assert bytes(Upload.objects.get().content) == b""
    assert browser.post(page + "publish/", NEW).status_code == 409


def test_a_file_that_nobody_publishes_goes_after_a_week(browser):
    page_of(browser, MOBILE)
    Upload.objects.update(at=timezone.now() - timezone.timedelta(days=8))
    page_of(browser, CLEAN)
    assert actions.clear_old() == 1
    assert [bytes(one.content) == b"" for one in Upload.objects.order_by("at")] == [True, False]


@pytest.mark.parametrize(
    ("content", "told"), [(b"\xff\xff\x81", "not-text"), (b"%PDF-1.7 x", "not-csv"), (b"PK\x03\x04x", "not-xlsx")]
)
def test_an_unreadable_file_is_refused_with_a_sentence_and_what_was_typed_stays(browser, content, told):
    answer = handed_in(browser, content, facility_columns="電話の列")
    assert answer.status_code == 422
    assert refusal(told) in body(answer)
    assert "電話の列" in body(answer)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"code": "Halls!"}, "半角の小文字"),
        ({"code": "requests"}, "このコードは使えません"),
        ({"code": ""}, "コード"),
        ({"title": ""}, "名称"),
        ({"theme": "nothing"}, "分野を選んでください"),
        ({"frequency": "hourly"}, "更新の頻度"),
        ({"key": "ない列"}, "キーの列がファイルにありません"),
    ],
)
def test_a_faulty_description_is_told_and_nothing_typed_is_lost(browser, change, told):
    page = page_of(browser, CLEAN)
    answer = browser.post(page + "publish/", {**NEW, **change})
    assert answer.status_code == 422
    assert told in body(answer)
    assert "県の会館です。" in body(answer)
    assert not Dataset.objects.exists()


def test_a_stray_quotation_mark_is_told_with_line_and_column(browser):
    answer = handed_in(browser, '番号,名称\n1,青葉会館\n2,"浜辺"会館\n')
    assert answer.status_code == 422
    assert "3行目の2列目" in body(answer)


def test_a_fault_of_a_workbook_is_told_with_sheet_row_and_column(browser):
    import io

    import openpyxl

    made = openpyxl.Workbook()
    made.active.title = "会館"
    for row in (["番号", "名称"], [1, "青葉会館"], [2, "#N/A"]):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    shown = body(browser.get(page_of(browser, out.getvalue(), name="halls.xlsx")))
    assert "シート「会館」 3行目・B列" in shown


def test_a_key_that_stands_twice_is_told_by_row(browser):
    page = page_of(browser, CLEAN + "2,緑会館,60,2010-01-01\n")
    assert "4行目" in body(browser.post(page + "publish/", NEW))


def test_another_office_sees_nothing_of_it(browser):
    page = page_of(browser, CLEAN)
    other = town.browser_of(town.kato())
    assert other.get(page).status_code == 403
    assert other.post(page + "publish/", NEW).status_code == 403
    assert (
        other.post("/desk/data/", {"office": town.HEALTH, "file": SimpleUploadedFile("x", b"a\n1\n")}).status_code
        == 422
    )
    assert town.browser_of(town.suzuki()).get("/desk/data/").status_code == 403
