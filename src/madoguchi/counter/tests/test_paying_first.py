"""What is due is told first, and the case says that it waits for money: pages, API, letters."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from madoguchi.cases.queries import awaits_payment, flow_of
from madoguchi.design.templatetags.design import day
from madoguchi.people.keys import case_key
from madoguchi.sequence import follow
from tests import paying, town

pytestmark = pytest.mark.django_db
WAITS = {"ja": "支払い待ち", "en": "Waiting for payment", "ja-easy": "待って"}
ENDS = {"ja": "この申請は終わります", "en": "this application ends", "ja-easy": "終わります"}
READINGS = re.compile(r"<rp>.*?</rp>|<rt>.*?</rt>|</?ruby>")
FREE = "food-business-closure"


def prefix(language: str) -> str:
    return "" if language == "ja" else f"/{language}"


def page(case, path: str, language: str = "ja") -> str:
    answer = town.holder(case).get(f"{prefix(language)}/applications/{case.reference}/{path}")
    assert answer.status_code == 200
    return READINGS.sub("", answer.content.decode())


@pytest.mark.parametrize("language", WAITS)
def test_the_receipt_says_first_what_is_due_until_when_and_what_happens_otherwise(language):
    case = town.applied(language=language)
    said = page(case, "received/", language)
    fee = said.index('class="notice notice--action receipt__fee"')
    assert fee < said.index("receipt__numbers")
    assert f"/applications/{case.reference}/pay/" in said
    assert f"{case.fee:,}" in said
    with override(language):
        assert day(timezone.localdate(case.received_at) + timedelta(days=flow_of(case).fee_days)) in said
    assert "987" not in said


def test_the_receipt_of_what_costs_nothing_asks_for_nothing():
    assert "receipt__fee" not in page(town.applied(FREE), "received/")


def test_the_receipt_of_a_paid_case_asks_for_nothing():
    case = town.applied()
    paying.paid(case)
    assert "receipt__fee" not in page(case, "received/")


def test_the_button_leads_to_the_page_where_it_is_paid():
    case = town.applied()
    answer = town.holder(case).get(f"/applications/{case.reference}/pay/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/pay/{paying.charged(case).secret}/"


def test_nobody_else_is_led_there():
    assert town.visitor().get(f"/applications/{town.applied().reference}/pay/").status_code == 404


@pytest.mark.parametrize("language", WAITS)
def test_the_case_says_that_it_waits_for_the_money_until_it_is_there(language):
    case = town.applied(language=language)
    assert WAITS[language] in page(case, "", language).split("status__step")[1].split("</strong>")[0]
    paying.paid(case)
    case.refresh_from_db()
    assert not awaits_payment(case)
    assert WAITS["ja"] not in page(case, "")


def test_a_notification_does_not_wait_for_its_fee():
    case = town.applied("barber-shop-opening")
    assert case.unpaid
    assert not awaits_payment(case)


def test_a_program_reads_what_the_case_waits_for():
    case = town.applied()
    bearer = {"Authorization": f"Bearer {case_key(case.pk, case.key_salt)}"}
    said = town.visitor().get(f"/api/v1/applications/{case.reference}", headers=bearer).json()
    assert (said["status"], said["status_name"], said["waits_for"]) == ("intake", "支払い待ち", "payment")
    assert next(entry for entry in said["timeline"] if entry["state"] == "now")["title"] == "支払い待ち"
    paying.paid(case)
    said = town.visitor().get(f"/api/v1/applications/{case.reference}", headers=bearer).json()
    assert (said["status_name"], said["waits_for"]) == ("形式審査", None)


@pytest.mark.parametrize("language", ENDS)
def test_the_first_letter_says_first_that_the_case_ends_unpaid(language):
    case = town.applied(language=language)
    follow(case.events.get(kind="submitted").pk)
    body = mail.outbox[-1].body
    assert ENDS[language] in body
    assert body.index("/pay/") < body.index("/applications/open/")


def test_a_case_without_an_address_never_speaks_of_a_link_in_a_mail():
    case = town.applied(contact_email="")
    assert "届いたメールのリンク" not in page(case, "")
    assert "届いたメールのリンク" in page(town.applied(), "")


def test_days_that_are_left_are_called_what_they_are():
    assert "開庁日であと" in page(town.applied(), "")
