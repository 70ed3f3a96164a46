"""The receipt of a fee is found from the case, names whom the payer says, and the pages lead back to the case."""

import subprocess

import pytest
from django.urls import reverse

from tests import paying, town

pytestmark = pytest.mark.django_db


def paid():
    case = town.applied()
    attempt = paying.pays(paying.charged(case))
    case.refresh_from_db()
    return case, attempt


def printed(answer, folder) -> str:
    assert answer["Content-Type"] == "application/pdf"
    (folder / "a.pdf").write_bytes(answer.content)
    run = subprocess.run(["pdftotext", str(folder / "a.pdf"), "-"], capture_output=True, text=True, check=True)
    return "".join(run.stdout.split())


def test_the_case_leads_to_the_receipt():
    case, _attempt = paid()
    page = town.holder(case).get(f"/applications/{case.reference}/").content.decode()
    assert f"{reverse('payments:pay', args=[case.charge.secret])}#receipt-title" in page


@pytest.mark.parametrize("prefix", ["", "/en", "/ja-easy"])
@pytest.mark.parametrize("page", ["pay", "back"])
def test_the_applicant_finds_the_receipt_the_own_name_and_the_way_back(page, prefix):
    case, attempt = paid()
    more = f"{attempt.pk}/" if page == "back" else ""
    secret = case.charge.secret
    path = reverse("payments:back", args=[secret, attempt.pk]) if more else reverse("payments:pay", args=[secret])
    said = town.holder(case).get(prefix + path).content.decode()
    assert 'id="receipt-title"' in said and f'value="{case.title}"' in said
    assert f"/applications/{case.reference}/" in said
    stranger = town.visitor().get(prefix + path).content.decode()
    assert 'id="receipt-title"' in stranger
    assert case.title not in stranger and case.reference not in stranger


def test_it_is_addressed_to_whom_the_payer_says(tmp_path):
    case, _attempt = paid()
    place = reverse("payments:receipt", args=[case.charge.secret])
    assert "株式会社港" in printed(town.visitor().post(place, {"name": " 株式会社　港 "}), tmp_path)
    assert "納付者" in printed(town.visitor().post(place, {"name": ""}), tmp_path)
    assert "納付者" in printed(town.visitor().get(place), tmp_path)


@pytest.mark.parametrize("name", ["あ" * 61, "港\u202eゆう", "\U0001f600 商店"])
def test_a_name_that_cannot_be_printed_is_told_and_stays(name):
    case, _attempt = paid()
    answer = town.visitor().post(reverse("payments:receipt", args=[case.charge.secret]), {"name": name})
    assert answer.status_code == 422
    assert "宛名" in answer.content.decode() and name in answer.content.decode()


def test_while_something_is_due_there_is_no_receipt():
    case = town.applied()
    charge = paying.charged(case)
    answer = town.visitor().post(reverse("payments:receipt", args=[charge.secret]), {"name": "港"})
    assert answer.status_code == 422
    assert 'id="receipt-title"' not in answer.content.decode()
