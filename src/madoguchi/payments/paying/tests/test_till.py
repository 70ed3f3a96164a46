"""The terminal at the counter: a slip counts once, the day is closed once, and a difference needs a note."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from madoguchi.payments.models import DayClose, Refund
from madoguchi.payments.paying import actions, till
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import town

pytestmark = pytest.mark.django_db
NOTHING = {"card": 0, "e-money": 0, "code": 0}


def charge_of(yen=3000):
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)


def take(charge, slip="0001", method="card", by=None):
    return actions.take_at_counter(charge=charge, method=method, slip=slip, by=by or town.suzuki())


def close(counted, note="", day=None, by=None):
    day = day or timezone.localdate()
    return actions.close_day(
        office=town.HEALTH, day=day, counted={**NOTHING, **counted}, note=note, by=by or town.suzuki()
    )


def test_a_payment_at_the_terminal_settles_the_charge_under_the_clerks_name():
    charge = charge_of()
    attempt = take(charge)
    charge.refresh_from_db()
    assert (charge.due, attempt.method, attempt.taken_by) == (0, "card", town.suzuki().officer)
    assert charge.entries.get(kind="paid").actor_kind == "officer"


def test_a_slip_is_entered_once():
    take(charge_of())
    other = charge_of()
    with pytest.raises(ActionRefused, match="伝票番号は、今日すでに") as refused:
        take(other)
    assert refused.value.conflict
    other.refresh_from_db()
    assert other.paid == 0


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"method": "cash"}, "支払方法"),
        ({"slip": " "}, "伝票番号"),
        ({"slip": "\x00"}, "画面に表示できない文字"),
        ({"by": PUBLIC}, "この窓口の職員"),
        ({"by": "kato"}, "この窓口の職員"),
    ],
)
def test_what_cannot_be_taken_is_refused(parts, words):
    if parts.get("by") == "kato":
        parts = {"by": town.kato()}
    with pytest.raises(ActionRefused, match=words):
        take(charge_of(), **parts)


def test_a_refund_waits_for_a_clerk_at_the_terminal():
    charge = charge_of()
    take(charge)
    actions.refund(charge=charge, yen=1000, reason="誤り", by=town.sasaki())
    assert actions.pay_back(charge) == 0
    waiting = Refund.objects.get()
    actions.repaid_by_hand(refund=waiting, slip="0002", by=town.suzuki())
    with pytest.raises(ActionRefused, match="すでに済んでいます"):
        actions.repaid_by_hand(refund=waiting, slip="0003", by=town.suzuki())
    charge.refresh_from_db()
    assert (charge.owed, charge.paid) == (2000, 2000)
    assert till.expected(town.HEALTH, timezone.localdate()) == {**NOTHING, "card": 2000}


def test_a_day_that_agrees_is_closed_without_a_note_and_only_once():
    take(charge_of())
    take(charge_of(500), slip="9", method="code")
    closed = close({"card": 3000, "code": 500})
    assert closed.expected == closed.counted == {"card": 3000, "e-money": 0, "code": 500}
    with pytest.raises(ActionRefused, match="すでに締めて"):
        close({"card": 3000, "code": 500})


def test_a_difference_needs_a_note():
    take(charge_of())
    with pytest.raises(ActionRefused, match="理由"):
        close({"card": 2000})
    assert close({"card": 2000}, note="端末の取消しを一件、入力し忘れ").counted["card"] == 2000


def test_after_the_close_nothing_is_taken_on_that_day():
    close({})
    with pytest.raises(ActionRefused, match="すでに締めました"):
        take(charge_of())


@pytest.mark.parametrize("counted", [{"card": -(10**12)}, {"cash": 100}])
def test_amounts_that_cannot_be_are_refused(counted):
    with pytest.raises(ActionRefused, match="支払方法ごとに"):
        close(counted, note="x")


def test_a_day_to_come_and_another_offices_day_are_refused():
    with pytest.raises(ActionRefused, match="先の日"):
        close({}, day=timezone.localdate() + timedelta(days=1))
    with pytest.raises(ActionRefused, match="この窓口の職員"):
        close({}, by=town.kato())
    assert close({}, day=date(2026, 1, 5)).day == date(2026, 1, 5)
    assert DayClose.objects.count() == 1


def test_after_the_close_nothing_is_paid_back_at_the_terminal_on_that_day():
    charge = charge_of()
    take(charge)
    actions.refund(charge=charge, yen=1000, reason="誤り", by=town.sasaki())
    close({"card": 3000})
    with pytest.raises(ActionRefused, match="すでに締めました"):
        actions.repaid_by_hand(refund=Refund.objects.get(), slip="0002", by=town.suzuki())
    assert till.expected(town.HEALTH, timezone.localdate())["card"] == 3000


@pytest.mark.parametrize("typed", ["-500", "－５００", "▲500", "−500円"])
def test_a_day_on_which_more_was_paid_back_than_taken_is_closed_with_a_minus(typed):
    told = {"office": town.HEALTH, "day": "2026-11-20", "counted.card": typed, "counted.e-money": "0",
            "counted.code": "0", "note": "前日の返金"}  # fmt: skip
    assert town.browser_of(town.suzuki()).post(reverse("desk:till"), told).status_code == 200
    assert DayClose.objects.get().counted == {**NOTHING, "card": -500}


@pytest.mark.parametrize("typed", ["--500", "-", "5-0", "▲▲1"])
def test_what_is_no_amount_closes_nothing_and_stays_typed(typed):
    told = {"office": town.HEALTH, "counted.card": typed, "counted.e-money": "0", "counted.code": "0", "note": "x"}
    answer = town.browser_of(town.suzuki()).post(reverse("desk:till"), told)
    assert answer.status_code == 422 and f'value="{typed}"' in answer.content.decode()
    assert not DayClose.objects.exists()
