"""The treasury takes in a bank's file: whole or not at all, every faulty line told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers.statement import _faults
from madoguchi.people.actor import PUBLIC
from tests import town

pytestmark = pytest.mark.django_db
URL = "/desk/statement/"
HEAD = "照会番号,金額,入金日時,取引番号\n"


def sent(text, provider="slip", by=None):
    browser = town.browser_of(by or town.officer("出納 係", "accounting", "officer"))
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("nyukin.csv", content, "text/csv")
    answer = browser.post(URL, {"provider": provider, "statement": file})
    return answer.status_code, answer.content.decode()


def a_slip():
    charge = actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=3000, by=PUBLIC)
    return actions.start(charge=charge, provider="slip", language="ja", by=PUBLIC)


def test_a_file_is_taken_in_and_said_in_numbers():
    attempt = a_slip()
    status, page = sent(HEAD + f"{attempt.provider_reference},3000,2026-11-20,t1\nunknown,5,2026-11-20,t2\n")
    assert status == 200
    assert "納付として記録した件数</dt><dd>1<" in page and "差異として残した件数</dt><dd>1<" in page
    attempt.charge.refresh_from_db()
    assert attempt.charge.paid == 3000


def test_one_faulty_line_and_nothing_is_booked():
    attempt = a_slip()
    status, page = sent(HEAD + f"{attempt.provider_reference},3000,2026-11-20,t1\nx,-5,2026-11-20,t2\n")
    assert status == 422
    assert "3行目" in page and "金額は、1以上の整数" in page
    attempt.charge.refresh_from_db()
    assert attempt.charge.paid == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x81", b"a,b\n1,2\n", HEAD.encode(), b"\x00" * 8_000_001])
def test_what_is_no_such_file_is_refused_with_a_sentence(content):
    status, page = sent(content)
    assert status == 422 and "error-summary" in page


def test_a_way_to_pay_without_files_is_refused():
    assert sent(HEAD + "a,1,2026-11-20,t\n", provider="sandbox")[0] == 422


def test_another_office_sees_who_may_and_cannot():
    page = town.browser_of(town.sasaki()).get(URL).content.decode()
    assert "会計の担当課" in page and 'type="file"' not in page
    assert sent(HEAD + "a,1,2026-11-20,t\n", by=town.sasaki())[0] == 422


@pytest.mark.parametrize(
    "row", [{}, {"金額": "x"}, {"金額": "1", "照会番号": "a", "入金日時": "x", "取引番号": "t", "収納方法": "貝"}]
)
def test_every_fault_has_its_sentence(row):
    from madoguchi.desk.views.statements import fault_words

    assert all(fault_words(one) for one in _faults(2, row, {}))
