"""Uploads through the pages: nothing typed and no file is lost by a fault elsewhere, and the answer is in words."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.applications.models import Upload
from tests import forms, town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db
MB = 1024 * 1024
CONFIRM = f"/procedures/{town.RESTAURANT}/confirm/"


def file(content=None, name="図面.pdf"):
    return SimpleUploadedFile(name, town.small_pdf() if content is None else content)


def fields(**changes):
    return {**forms.typed(town.answers()), **changes}


def ids_in(response, name):
    """The stored files that a form offers again, as hidden fields."""
    page = response.content.decode()
    kept = Upload.objects.values_list("pk", flat=True)
    return [one for one in kept if f'name="{name}" value="{one}"' in page]


def test_the_progress_bar_gets_the_id_of_a_stored_file():
    answer = town.visitor().post("/uploads/", {"file": file()})
    assert answer.status_code == 201
    assert answer.json() == {"id": Upload.objects.get().pk, "name": "図面.pdf", "size": len(town.small_pdf())}


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [(b"", 422, "中身が空です"), (b"<html>", 422, "受け取れない種類"), (b"%PDF-1.7 <html>", 422, "開けませんでした")],
)
def test_the_progress_bar_is_told_in_words_why_a_file_is_refused(content, status, words):
    answer = town.visitor().post("/uploads/", {"file": file(content)})
    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.json()


def test_an_upload_without_a_file_is_refused():
    assert town.visitor().post("/uploads/", {}).status_code == 422


def test_a_file_of_60_mb_is_refused_by_the_progress_bars_other_end():
    answer = town.visitor().post("/uploads/", {"file": file(b"%PDF-1.7" + bytes(60 * MB))})
    assert (answer.status_code, "大きすぎます" in answer.json()["error"]) == (413, True)


def test_a_file_of_60_mb_in_the_form_loses_nothing_else():
    given = fields(drawings=file(b"%PDF-1.7" + bytes(60 * MB), "大きな図面.pdf"))
    answer = town.visitor().post(CONFIRM, given, follow=True)
    page = answer.content.decode()
    assert forms.faults_on(answer)
    assert "「大きな図面.pdf」は大きすぎます。10MB以下にしてください。" in page
    assert 'value="定食みなと"' in page
    assert 'value="髙橋 結衣"' in page
    assert ids_in(answer, "site_map") == given["site_map"]


def test_a_stored_file_survives_a_fault_elsewhere_and_is_offered_again():
    given = fields(seats="たくさん", drawings=file())
    answer = town.visitor().post(CONFIRM, given, follow=True)
    page = answer.content.decode()
    assert forms.faults_on(answer)
    assert "数字で入力してください" in page
    assert 'value="たくさん"' in page
    (kept,) = ids_in(answer, "drawings")
    assert bytes(Upload.objects.get(pk=kept).content) == town.small_pdf()


def test_the_form_offered_again_is_accepted_once_the_fault_is_put_right():
    browser = town.visitor()
    first = browser.post(CONFIRM, fields(seats="たくさん", drawings=file()), follow=True)
    second = browser.post(CONFIRM, fields(seats="18", drawings=ids_in(first, "drawings")), follow=True)
    assert second.status_code == 200, forms.faults_on(second)


def test_several_files_of_one_question_are_kept():
    answer = town.visitor().post(
        CONFIRM, fields(seats="", drawings=[file(name=f"{n}.pdf") for n in range(3)]), follow=True
    )
    assert len(ids_in(answer, "drawings")) == 3


def test_more_files_than_asked_are_refused_in_words():
    answer = town.visitor().post(CONFIRM, fields(site_map=[file(name=f"{n}.pdf") for n in range(3)]), follow=True)
    assert "2件以下" in answer.content.decode()


def test_a_file_can_be_taken_back_without_scripts():
    given = fields(seats="")
    given["drawings.remove"] = given["drawings"]
    answer = town.visitor().post(CONFIRM, given, follow=True)
    assert ids_in(answer, "drawings") == []


def test_an_invented_id_is_refused_as_missing():
    answer = town.visitor().post(CONFIRM, fields(drawings=["a" * 32]), follow=True)
    assert "この添付ファイルは見つかりません" in answer.content.decode()


def test_somebody_elses_claimed_file_is_neither_attached_nor_named():
    secret = town.uploaded(name="秘密の図面.pdf")
    town.applied(drawings=["a" * 32])
    other = town.applied().uploads.first()
    with without_guards():
        Upload.objects.filter(pk=other.pk).update(name="秘密の図面.pdf")
    answer = town.visitor().post(CONFIRM, fields(drawings=[other.pk], seats=""), follow=True)
    assert "秘密の図面" not in answer.content.decode()
    assert secret.case_id is None


def test_an_applicant_gets_only_files_of_the_own_case_back():
    mine, others = town.applied(), town.applied()
    own, foreign = mine.uploads.first(), others.uploads.first()
    browser = town.holder(mine)
    answer = browser.get(f"/applications/{mine.reference}/files/{own.pk}/")
    assert (answer.status_code, answer.content) == (200, bytes(own.content))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for path in (f"{mine.reference}/files/{foreign.pk}", f"{others.reference}/files/{foreign.pk}"):
        assert browser.get(f"/applications/{path}/").status_code == 404


def test_the_counters_form_takes_files_behind_its_token():
    """There the token is read from the form first, so the limit on files must not depend on who reads it."""
    browser = Client(enforce_csrf_checks=True, headers=town.SAME_SITE)
    browser.force_login(town.suzuki().officer, backend=settings.AUTHENTICATION_BACKENDS[0])
    place, token = f"/desk/counter/{town.RESTAURANT}/confirm/", "a" * 32
    browser.cookies["csrftoken"] = token
    large = file(b"%PDF-1.7" + bytes(60 * MB), "大きな図面.pdf")
    good = browser.post(place, fields(drawings=file(), csrfmiddlewaretoken=token), follow=True)
    bad = browser.post(place, fields(drawings=large, csrfmiddlewaretoken=token), follow=True)
    without = browser.post(place, fields(drawings=file()))
    assert (good.status_code, bad.status_code, without.status_code) == (200, 200, 403)
    assert "「大きな図面.pdf」は大きすぎます" in bad.content.decode()


def test_many_large_files_in_one_request_are_dropped_beyond_the_budget(settings):
    settings.UPLOAD_MAX_BYTES = MB
    files = [file(town.small_pdf() + b"\n" * (MB - 2000), f"{n}.pdf") for n in range(7)]
    answer = town.visitor().post(CONFIRM, fields(drawings=files, seats=""), follow=True)
    assert answer.content.decode().count("大きすぎます") >= 2
    assert len(ids_in(answer, "drawings")) == 5
