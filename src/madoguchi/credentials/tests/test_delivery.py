"""The document goes to its own applicant, unchanged, or not at all; a withdrawal shows at once."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from madoguchi.credentials.actions import WrongDocument, deliver, examine, withdraw
from madoguchi.credentials.models import Credential
from madoguchi.people.actor import PUBLIC, applicant
from madoguchi.platform.refusing import ActionRefused
from tests import town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db
GENERIC = "処理できませんでした"


@pytest.fixture
def permit():
    return town.decided(town.applied())


def page(permit):
    return f"/applications/{permit.case.reference}/documents/{permit.pk}/"


def store_instead(permit, pdf, **parts):
    with without_guards():
        Credential.objects.filter(pk=permit.pk).update(pdf=pdf, **parts)
    permit.refresh_from_db()


def test_the_applicant_gets_the_signed_bytes_and_the_arrival_is_recorded(permit):
    answer = town.holder(permit.case).get(page(permit))
    assert (answer.status_code, answer.content) == (200, bytes(permit.pdf))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    event = permit.case.events.get(kind="delivered")
    assert (event.actor_code, event.data["credential"]) == (permit.case.reference, permit.pk)


def test_an_officers_look_is_no_arrival(permit):
    assert deliver(permit, by=town.sasaki()) == bytes(permit.pdf)
    assert not permit.case.events.filter(kind="delivered").exists()


def test_another_persons_document_is_never_delivered(permit):
    """As if a race had stored somebody else's genuine paper under this case."""
    other = town.decided(town.applied())
    pdf, sha256 = bytes(other.pdf), other.sha256
    store_instead(other, b"x", sha256="0" * 64)
    store_instead(permit, pdf, sha256=sha256)
    with pytest.raises(WrongDocument):
        deliver(permit, by=applicant(permit.case.reference))


@pytest.mark.parametrize(
    "spoil", [lambda pdf: pdf[:-1], lambda pdf: pdf.replace(b"/Type", b"/Tyqe", 1), lambda pdf: b""]
)
def test_changed_bytes_are_never_delivered(permit, spoil):
    store_instead(permit, spoil(bytes(permit.pdf)))
    with pytest.raises(WrongDocument):
        deliver(permit, by=applicant(permit.case.reference))


def test_changed_bytes_with_a_fitting_checksum_are_never_delivered(permit):
    pdf = bytes(permit.pdf).replace(b"/Type", b"/Tyqe", 1)
    store_instead(permit, pdf, sha256=hashlib.sha256(pdf).hexdigest())
    with pytest.raises(WrongDocument):
        deliver(permit, by=applicant(permit.case.reference))


def test_the_applicant_of_a_swapped_document_sees_a_sentence_and_no_document(permit):
    store_instead(permit, town.small_pdf())
    answer = town.holder(permit.case).get(page(permit))
    assert answer.status_code == 500
    assert b"%PDF" not in answer.content
    assert GENERIC in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_a_paper_notice_is_not_offered_for_download():
    permit = town.decided(town.applied(electronic_notice=False))
    assert town.holder(permit.case).get(page(permit)).status_code == 404


def test_nobody_else_gets_the_document(permit):
    others = town.applied()
    for browser in (town.visitor(), town.holder(others), town.browser_of(town.kato()), town.browser_of(town.sasaki())):
        assert browser.get(page(permit)).status_code == 404
    swapped = f"/applications/{others.reference}/documents/{permit.pk}/"
    assert town.holder(others).get(swapped).status_code == 404


# ---------------------------------------------------------------- withdrawal


def test_a_manager_withdraws_with_a_reason(permit):
    withdraw(permit, reason="虚偽の申請による取得", by=town.yamamoto())
    permit.refresh_from_db()
    assert (permit.withdrawn_by, permit.withdrawal_reason) == (town.yamamoto().officer, "虚偽の申請による取得")
    assert permit.case.events.filter(kind="document-withdrawn").exists()


@pytest.mark.parametrize("who", [town.sasaki, town.tanaka, town.suzuki, town.kato, town.norino, town.kanno])
def test_nobody_below_or_elsewhere_withdraws(permit, who):
    with pytest.raises(ActionRefused):
        withdraw(permit, reason="理由", by=who())


@pytest.mark.parametrize("who", [PUBLIC, applicant("0000-0000-000")])
def test_the_public_does_not_withdraw(permit, who):
    with pytest.raises(ActionRefused):
        withdraw(permit, reason="理由", by=who)


def test_a_withdrawal_without_a_reason_is_refused(permit):
    with pytest.raises(ActionRefused):
        withdraw(permit, reason=" ", by=town.yamamoto())


def test_the_database_refuses_half_a_withdrawal(permit):
    with pytest.raises(IntegrityError, match="credential_withdrawal_is_whole"), transaction.atomic():
        Credential.objects.filter(pk=permit.pk).update(withdrawal_reason="理由だけ")


def test_a_document_is_withdrawn_once(permit):
    withdraw(permit, reason="理由", by=town.yamamoto())
    with pytest.raises(ActionRefused) as refused:
        withdraw(permit, reason="別の理由", by=town.watanabe())
    assert refused.value.conflict


# ---------------------------------------------------------------- verification


def verified(pdf):
    answer = town.visitor().post("/verify/", {"document": SimpleUploadedFile("許可書.pdf", pdf)})
    by_program = town.visitor().post("/api/v1/verify", {"document": SimpleUploadedFile("許可書.pdf", pdf)})
    return answer, by_program.json()["state"]


def test_anyone_sees_that_a_document_is_genuine(permit):
    answer, state = verified(bytes(permit.pdf))
    assert (answer.status_code, state) == (200, "genuine")
    assert permit.number in answer.content.decode()


def test_anyone_sees_that_a_document_was_withdrawn(permit):
    withdraw(permit, reason="秘密の理由", by=town.yamamoto())
    answer, state = verified(bytes(permit.pdf))
    by_code = town.visitor().get(f"/verify/{permit.code}/").content.decode()
    assert state == "withdrawn"
    assert "取り消されています" in answer.content.decode()
    assert "取り消されています" in by_code
    assert "秘密の理由" not in answer.content.decode() + by_code


def test_a_changed_byte_is_seen(permit):
    pdf = bytearray(permit.pdf)
    pdf[len(pdf) // 2] ^= 1
    assert verified(bytes(pdf))[1] == "altered"


def test_our_signature_on_a_document_that_is_not_in_the_register_is_seen(permit):
    pdf = bytes(permit.pdf)
    store_instead(permit, b"x", sha256="0" * 64)
    assert verified(pdf)[1] == "unknown"
    assert examine(pdf)[1] is None


@pytest.mark.parametrize("content", [b"", b"<html>", b"%PDF-1.7", bytes(1000), b"%PDF-1.7 /ByteRange [0 1 2 3]"])
def test_what_is_no_document_of_ours_gets_a_clear_answer(content):
    answer = town.visitor().post("/verify/", {"document": SimpleUploadedFile("x.pdf", content)})
    assert answer.status_code in {200, 422}


def test_a_file_over_the_limit_gets_a_clear_answer():
    answer = town.visitor().post("/verify/", {"document": SimpleUploadedFile("x.pdf", b"%PDF-1.7" + bytes(21 << 20))})
    assert (answer.status_code, "20MB" in answer.content.decode()) == (422, True)


def test_the_page_behind_the_qr_code_shows_no_more_than_the_paper(permit):
    page = town.visitor().get(f"/verify/{permit.code}/").content.decode()
    assert permit.number in page
    for private in ("髙橋", "結衣", "伊勢佐木町", permit.case.reference, str(permit.case.pk)):
        assert private not in page


@pytest.mark.parametrize("code", ["a" * 32, "x", "a" * 41, "a" * 4000, "00000000"])
def test_an_unknown_code_is_told(code):
    answer = town.visitor().get(f"/verify/{code}/")
    assert answer.status_code == 404
    assert "この番号の文書はありません" in answer.content.decode()
