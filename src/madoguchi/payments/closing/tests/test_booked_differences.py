"""An officer books what the provider has and the ledger has not; what is over is promised back, nothing twice."""

from datetime import date

import pytest
from django.utils import timezone

from madoguchi.payments.closing import reconciliation
from madoguchi.payments.closing.settling import book_difference, settle_difference
from madoguchi.payments.ledger import queries
from madoguchi.payments.models import Attempt, Difference, Refund, SandboxPayment
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import Notice
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import town

pytestmark = pytest.mark.django_db


def charge_of(yen=3000):
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)


def told(reference, yen, *, line="1", outcome="paid", refund="", separate=False, **more):
    notice = Notice(f"e{line}:{reference}{refund}", reference, outcome, yen, timezone.now(), "card", refund, **more)
    return actions.settle(
        Notice(**{**notice.__dict__, "separate": separate}), provider="slip" if separate else "sandbox"
    )


def started(charge):
    return actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)


def book(row, *, charge="", note="銀行に確かめた", by=None):
    return book_difference(row, charge=charge, note=note, by=by or town.sasaki())


def standing(charge):
    charge.refresh_from_db()
    assert queries.unsound() == []
    return charge.owed, charge.paid


def promised():
    return sorted(Refund.objects.filter(done_at__isnull=True).values_list("yen", flat=True))


@pytest.mark.parametrize(("came", "back"), [(2900, []), (3200, [200])])
def test_another_amount_is_booked_as_it_came_and_what_is_over_is_promised_back(came, back):
    charge = charge_of()
    assert told(started(charge).provider_reference, came) == "mismatch"
    assert standing(charge) == (3000, 0)
    row = book(Difference.objects.get())
    assert standing(charge) == (3000, came) and promised() == back
    assert (row.settled_by, row.note) == (town.sasaki().officer, "銀行に確かめた")
    assert Attempt.objects.get().yen == came  # the most that this payment can give back
    actions.lower(charge=charge, yen=3000, key="all", reason="取消し", by=PUBLIC)
    assert standing(charge) == (0, came) and sum(promised()) == came


def test_after_booking_days_later_every_day_agrees(clock):
    clock("2026-11-20 15:00")
    charge = charge_of()
    attempt = started(charge)
    theirs = {"theirs": {"yen": 300, "at": timezone.now().isoformat()}}
    SandboxPayment.objects.update(yen=2900, state="paid", at=timezone.now(), refunds=theirs)
    told(attempt.provider_reference, 2900)
    clock("2026-11-23 10:00")
    book(Difference.objects.get())
    (row,) = reconciliation.reconcile(provider="sandbox", day=date(2026, 11, 20))
    assert (row.movement, row.attempt) == ("refunded", attempt)
    book(row)
    assert standing(charge) == (2700, 2600)
    for day in range(20, 24):
        assert reconciliation.reconcile(provider="sandbox", day=date(2026, 11, day)) == []


def test_the_same_money_found_twice_is_booked_once():
    charge = charge_of()
    attempt = started(charge)
    SandboxPayment.objects.update(yen=2900, state="paid", at=timezone.now())
    told(attempt.provider_reference, 2900)
    reconciliation.reconcile(provider="sandbox", day=timezone.localdate())
    first, second = Difference.objects.order_by("pk")
    book(first)
    with pytest.raises(ActionRefused, match="書き加える金額がありません"):
        book(second)
    assert standing(charge) == (3000, 2900)
    assert settle_difference(second, note="一件目と同じ", by=town.sasaki()).settled_at


def test_what_came_to_an_unknown_number_is_booked_where_the_officer_says():
    charge = charge_of()
    told("9999", 3000, separate=True)
    row = Difference.objects.get()
    for number in ("", "0000-0000-000", "x" * 500):
        with pytest.raises(ActionRefused, match="納付番号"):
            book(row, charge=number)
    assert not Attempt.objects.exists()
    book(row, charge=charge.reference.lower())
    assert standing(charge) == (3000, 3000)
    assert told("9999", 3000, line="2", separate=True) == "mismatch"


def test_a_charge_of_another_office_is_not_found():
    told("9999", 3000, separate=True)
    with pytest.raises(ActionRefused, match="納付番号"):
        book(Difference.objects.get(), charge=charge_of().reference, by=town.kato())


def test_each_line_of_a_file_is_money_of_its_own():
    charge = charge_of()
    attempt = actions.start(charge=charge, provider="slip", language="ja", by=PUBLIC)
    told(attempt.provider_reference, 1000, line="1", separate=True)
    told(attempt.provider_reference, 1000, line="2", separate=True)
    for row in Difference.objects.all():
        book(row)
    assert standing(charge) == (3000, 2000)


def test_a_second_difference_of_the_same_payment_is_told_although_the_first_is_settled():
    charge = charge_of()
    number = started(charge).provider_reference
    told(number, 2900, line="1")
    settle_difference(Difference.objects.get(), note="事業者に問い合わせ中", by=town.sasaki())
    told(number, 2900, line="2")
    assert Difference.objects.count() == 1
    told(number, 2800, line="3")
    assert Difference.objects.filter(settled_at__isnull=True).count() == 1


def test_a_repayment_made_at_the_providers_own_page_lowers_what_is_asked_for():
    charge = charge_of()
    number = started(charge).provider_reference
    told(number, 3000)
    assert told(number, 500, outcome="refunded", refund="theirs", line="2") == "mismatch"
    row = Difference.objects.get()
    assert row.movement == "refunded"
    book(row)
    assert standing(charge) == (2500, 2500) and promised() == []


def test_a_repayment_of_more_than_came_is_not_booked():
    charge = charge_of()
    number = started(charge).provider_reference
    told(number, 3000)
    told(number, 3500, outcome="refunded", refund="theirs", line="2")
    with pytest.raises(ActionRefused):
        book(Difference.objects.get())
    assert standing(charge) == (3000, 3000)


def test_foreign_money_is_not_taken_for_yen():
    charge = charge_of()
    told(started(charge).provider_reference, 3000, currency="USD")
    row = Difference.objects.get()
    assert row.theirs == 0
    with pytest.raises(ActionRefused, match="書き加える金額がありません"):
        book(row)


@pytest.mark.parametrize(("by", "note"), [("sasaki", " "), ("suzuki", "見た"), ("kanno", "見た"), ("kato", "見た")])
def test_without_a_note_or_by_others_nothing_is_booked(by, note):
    charge = charge_of()
    told(started(charge).provider_reference, 2900)
    with pytest.raises(ActionRefused):
        book(Difference.objects.get(), note=note, by=getattr(town, by)())
    assert standing(charge) == (3000, 0)


def test_money_for_what_lapsed_is_promised_back_whole():
    charge = charge_of()
    number = started(charge).provider_reference
    actions.waive_rest(charge=charge, by=PUBLIC)
    told(number, 2900)
    book(Difference.objects.get())
    assert standing(charge) == (0, 2900) and promised() == [2900]
