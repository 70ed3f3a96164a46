"""What a payer reads when money goes back, and when it has gone: never that nothing was asked for, or that it waits."""

import re

import pytest

from madoguchi.payments.models import Refund
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.fees import charge_of
from tests import town

pytestmark = pytest.mark.django_db
SLIP = "0007"


def text(answer):
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


@pytest.fixture
def charge():
    """The fee of a case, paid at the counter's terminal."""
    charge = charge_of(town.applied())
    actions.take_at_counter(charge=charge, method="card", slip=SLIP, by=town.suzuki())
    return charge


def pages(charge):
    """(payment page, page of the try, page of the case) as the applicant reads them."""
    browser, case = town.holder(charge.case), charge.case.reference
    paths = (f"/pay/{charge.secret}/", f"/pay/{charge.secret}/attempts/{charge.attempts.get().pk}/")
    return [text(browser.get(path)) for path in (*paths, f"/applications/{case}/")]


def promised(charge, yen):
    actions.refund(charge=charge, yen=yen, reason="条例第5条の減免", by=town.sasaki())


def given_back(charge):
    actions.repaid_by_hand(refund=Refund.objects.get(), slip="R1", by=town.suzuki())


def test_before_it_is_given_back_every_page_says_that_it_will_be(charge):
    promised(charge, 3000)
    pay, back, case = pages(charge)
    assert all("お返しします。" in one for one in (pay, back, case))
    assert not any("お返ししました" in one for one in (pay, back, case))
    assert "期限が過ぎていました" not in back, "it was paid once, and in time"


def test_a_part_that_was_given_back_is_told_beside_what_was_paid(charge):
    promised(charge, 3000)
    given_back(charge)
    pay, back, case = pages(charge)
    assert "支払った金額18,300円" in pay and "お返しした金額3,000円" in pay
    assert "お金をお返ししました" in back
    assert "手数料は支払い済みです。3,000円を、支払った方法にお返ししました。" in case
    assert "手数料15,300円" in case, "as it is now"


def test_when_all_was_given_back_nobody_reads_that_nothing_was_asked_for(charge):
    promised(charge, 18300)
    given_back(charge)
    pay, back, case = pages(charge)
    assert "18,300円を、支払った方法にお返ししました。" in pay and "この請求はなくなりました" not in pay
    assert "お金をお返ししました" in back and "お返ししました" in case
    assert "領収証書を受け取る" not in pay


def test_the_office_sees_both_slips(charge):
    promised(charge, 3000)
    desk, path = town.browser_of(town.sasaki()), f"/desk/cases/{charge.case.reference}/"
    assert "還付待ち" in text(desk.get(path))
    given_back(charge)
    page = text(desk.get(path))
    assert f"クレジットカード伝票番号{SLIP}" in page and "伝票番号R1" in page
    assert "還付待ち" not in page and "納付済み" in page
