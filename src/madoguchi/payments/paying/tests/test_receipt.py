"""The receipt: a signed PDF once everything is paid, and nothing before."""

import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from madoguchi.credentials.actions import trust_roots
from madoguchi.credentials.checking import State, check
from madoguchi.payments.models import SandboxPayment
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.receipt import of_a_charge, receipt
from madoguchi.people.actor import PUBLIC
from tests import town

pytestmark = pytest.mark.django_db


def a_charge():
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料（一般2枚）", yen=3000, by=PUBLIC)


def paid(charge):
    attempt = actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)
    SandboxPayment.objects.filter(reference=attempt.provider_reference).update(state="paid", at=timezone.now())
    actions.look(attempt)


def test_a_paid_charge_has_a_receipt_that_verifies():
    charge = a_charge()
    paid(charge)
    answer = town.visitor().get(reverse("payments:receipt", args=[charge.secret]))
    assert answer["Content-Type"] == "application/pdf"
    verdict = check(answer.content, trust_roots=trust_roots())
    assert (verdict.state, verdict.subject) == (State.GENUINE, str(charge.pk))


def test_it_names_its_number_and_says_how_it_is_checked(tmp_path):
    charge = a_charge()
    paid(charge)
    charge.refresh_from_db()
    (tmp_path / "receipt.pdf").write_bytes(receipt(charge))
    run = subprocess.run(["pdftotext", str(tmp_path / "receipt.pdf"), "-"], capture_output=True, text=True, check=True)
    printed = "".join(run.stdout.split())
    assert f"納付番号{charge.reference}" in printed and "この文書のPDFファイルを選んでください" in printed
    assert not [word for word in ("受付番号", "確認コード", "取り消されていない") if word in printed]


def test_the_page_that_it_names_finds_it_genuine_and_nothing_that_looks_like_it():
    charge = a_charge()
    paid(charge)
    charge.refresh_from_db()
    file = SimpleUploadedFile("receipt.pdf", receipt(charge), content_type="application/pdf")
    page = town.visitor().post("/verify/", {"document": file}).content.decode()
    assert "本物です" in page and f"領収 {charge.reference}" in page
    assert of_a_charge(f"領収 {charge.reference}", str(charge.pk))
    for number, subject in ((charge.reference, charge.pk), ("領収 0000", charge.pk), (f"領収 {charge.reference}", "x")):
        assert not of_a_charge(number, str(subject))


def test_an_unpaid_charge_leads_to_its_payment_page():
    charge = a_charge()
    answer = town.visitor().get(reverse("payments:receipt", args=[charge.secret]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("payments:pay", args=[charge.secret]))
