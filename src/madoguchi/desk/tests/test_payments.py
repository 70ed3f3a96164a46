"""Payments at the desk: the case's screen with its ledger, the terminal, the day-end close, the treasurer's page."""

import re

import pytest
from django.utils import timezone

from madoguchi.payments.models import Charge, DayClose, Refund
from madoguchi.payments.paying import actions
from madoguchi.people.actor import PUBLIC
from tests import paying, town

pytestmark = pytest.mark.django_db


def text(answer):
    return re.sub(r"<[^>]+>|\s+", "", answer.content.decode())


def order(yen=3000, office=town.HEALTH):
    return actions.open_charge(code="museum", office=office, label="観覧料", yen=yen, by=PUBLIC)


@pytest.fixture
def case():
    return town.applied()


def do(actor, charge, verb, **fields):
    return town.browser_of(actor).post(f"/desk/charges/{charge.reference}/{verb}/", fields)


def test_the_case_shows_its_charge_and_a_clerk_takes_the_payment(case):
    browser = town.browser_of(town.suzuki())
    page = browser.get(f"/desk/cases/{case.reference}/")
    assert "18,300円を受け取る" in text(page)
    charge = Charge.objects.get()
    answer = browser.post(f"/desk/charges/{charge.reference}/take/", {"method": "card", "slip": "0001"}, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/desk/cases/{case.reference}/")
    assert "納付済み" in text(answer)
    assert "鈴木まど" in text(answer)


def test_a_refusal_keeps_what_was_typed_on_the_case(case):
    charge = paying.charged(case)
    answer = do(town.sasaki(), charge, "reduce", yen="99999999", why="条例第5条")
    assert answer.status_code == 422
    assert "大きい金額は引けません" in text(answer)
    assert 'value="条例第5条"' in answer.content.decode()


@pytest.mark.parametrize("yen", ["", "abc", "-5", "1.5", "１８３００x", "9" * 400])
def test_an_amount_that_is_no_amount_is_a_sentence(case, yen):
    answer = do(town.sasaki(), paying.charged(case), "reduce", yen=yen, why="理由")
    assert answer.status_code == 422
    assert Charge.objects.get().owed == 18300


def test_full_width_digits_and_commas_are_understood(case):
    assert do(town.sasaki(), paying.charged(case), "reduce", yen="１，０００円", why="理由").status_code == 302
    assert Charge.objects.get().owed == 17300


def test_an_officer_refunds_and_a_clerk_pays_back_at_the_terminal():
    charge = order()
    paying.pays_at_the_counter(charge)
    assert do(town.sasaki(), charge, "refund", yen="1000", why="催しの中止").status_code == 302
    page = town.browser_of(town.suzuki()).get(f"/desk/charges/{charge.reference}/")
    assert "1,000円の還付を待っています" in text(page)
    waiting = Refund.objects.get()
    path = f"/desk/charges/{charge.reference}/refunds/{waiting.pk}/"
    assert town.browser_of(town.suzuki()).post(path, {"slip": ""}).status_code == 422
    assert town.browser_of(town.suzuki()).post(path, {"slip": "0002"}).status_code == 302
    charge.refresh_from_db()
    assert (charge.owed, charge.paid) == (2000, 2000)


@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [
        (town.suzuki, "reduce", 403),
        (town.suzuki, "refund", 403),
        (town.sasaki, "write-off", 403),
        (town.kato, "take", 404),
        (town.kanno, "take", 403),
        (town.yamamoto, "write-off", 302),
    ],
)
def test_who_may_do_what(who, verb, status):
    answer = do(who(), order(), verb, yen="100", why="理由", method="card", slip="1")
    assert answer.status_code == status


def test_a_charge_is_found_by_the_number_that_a_visitor_says():
    charge, browser = order(), town.browser_of(town.suzuki())
    spoken = charge.reference.lower().replace("-", " ")
    assert browser.get("/desk/charges/", {"q": spoken}).url.endswith(f"/desk/charges/{charge.reference}/")
    for other in (order(office=town.BUILDERS).reference, "0000-0000-000", "x" * 500):
        assert "番号を確かめてください" in text(browser.get("/desk/charges/", {"q": other}))


def counted(card="0", money="0", code="0", **more):
    return {"counted.card": card, "counted.e-money": money, "counted.code": code, **more}


def test_a_counter_day_is_closed_with_a_note_for_its_difference():
    paying.pays_at_the_counter(order())
    browser, day = town.browser_of(town.suzuki()), timezone.localdate().isoformat()
    assert "3,000円" in text(browser.get("/desk/till/"))
    told = {"office": town.HEALTH, "day": day}
    refused = browser.post("/desk/till/", counted("2,000", **told))
    assert (refused.status_code, "違う理由を書いてください" in text(refused)) == (422, True)
    assert 'value="2,000"' in refused.content.decode()
    closed = browser.post("/desk/till/", counted("2,000", note="端末の入力もれ", **told))
    assert (closed.status_code, "締めました" in text(closed)) == (200, True)
    assert DayClose.objects.get().note == "端末の入力もれ"
    assert browser.post("/desk/till/", counted("3000", **told)).status_code == 409


@pytest.mark.parametrize("told", [{"office": town.BUILDERS}, {"day": "2099-01-01"}, {"day": "x"}, {"counted.card": ""}])
def test_a_day_that_cannot_be_closed_is_a_sentence(told):
    answer = town.browser_of(town.suzuki()).post("/desk/till/", {**counted("1"), **told})
    assert answer.status_code == 422
    assert not DayClose.objects.exists()


def test_the_treasurer_sees_what_came_in_everywhere_and_an_office_its_own():
    paying.pays_at_the_counter(order())
    paying.pays_at_the_counter(order(500, town.BUILDERS), "e-money")
    mine, all_of_it = town.browser_of(town.suzuki()), town.browser_of(town.officer("出納 一", "accounting", "officer"))
    assert "収入3,000円" in text(mine.get("/desk/treasury/"))
    page = text(all_of_it.get("/desk/treasury/"))
    assert "収入3,500円" in page
    assert "キャッシュレスの割合100.0%" in page
    file = all_of_it.get("/desk/treasury.csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].endswith("card,3000,0,1") or lines[2].endswith("card,3000,0,1")


def test_the_treasurers_page_costs_the_same_for_one_payment_and_for_many(django_assert_max_num_queries):
    browser = town.browser_of(town.suzuki())
    for n in range(12):
        paying.pays_at_the_counter(order(), slip=str(n))
    with django_assert_max_num_queries(8):
        assert browser.get("/desk/treasury/").status_code == 200


@pytest.mark.parametrize(
    "query", ["since=2026-13-01", "since=2030-01-01&until=2020-01-01", "since=0001-01-01", "until=0001-01-01"]
)
def test_a_span_that_is_none_is_put_right(query):
    assert town.browser_of(town.suzuki()).get(f"/desk/treasury/?{query}").status_code == 200
