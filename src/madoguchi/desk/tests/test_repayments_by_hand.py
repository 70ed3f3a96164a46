"""Repayments that no server makes are a list at the desk, oldest first, until an officer has made them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.bookings.sales import cancelling
from madoguchi.bookings.sales.holds import confirm
from madoguchi.payments.models import Refund
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.repaying import STUCK
from madoguchi.people.actor import PUBLIC, worker
from tests import paying, shop, town

pytestmark = pytest.mark.django_db


def to_pay_back(*, office=town.HEALTH, slip="1", pay=paying.pays_at_the_counter):
    """A charge that was paid, of which 1,000 yen are to be paid back."""
    charge = actions.open_charge(code="museum", office=office, label="観覧料", yen=3000, by=PUBLIC)
    pay(charge, **({"slip": slip} if pay is paying.pays_at_the_counter else {}))
    return actions.lower(charge=charge, yen=1000, key="t", reason="催しの中止", by=PUBLIC)


def listed(actor):
    """The numbers on the payments page, in order, and its text."""
    page = town.browser_of(actor).get("/desk/charges/").content.decode()
    return re.findall(r"/desk/charges/(\w{4}-\w{4}-\w{3})/", page), re.sub(r"<[^>]+>|\s+", "", page)


def test_paid_at_the_counter_and_cancelled_online_it_waits_on_the_list_until_it_is_paid_back():
    made = shop.bought(shop.slot(), student=2)
    paying.pays_at_the_counter(made.charge)
    confirm(order=made.pk, by=worker("bookings"))
    clerk = town.officer("文化 窓口", "culture", "clerk")
    assert listed(clerk)[0] == [] and "職員が返すお金はありません" in listed(clerk)[1]
    cancelling.cancel(order=made.pk, by=PUBLIC)
    numbers, page = listed(clerk)
    assert numbers == [made.charge.reference] and "800円" in page and "窓口の端末" in page
    path = f"/desk/charges/{made.charge.reference}/refunds/{Refund.objects.get().pk}/"
    assert town.browser_of(clerk).post(path, {"slip": "0002"}).status_code == 302
    assert listed(clerk)[0] == []


def test_the_oldest_comes_first_and_other_offices_see_their_own():
    first, second, other = to_pay_back(), to_pay_back(slip="2"), to_pay_back(office=town.BUILDERS)
    Refund.objects.filter(attempt__charge=second).update(promised_at=timezone.now() - timedelta(days=2))
    assert listed(town.suzuki())[0] == [second.reference, first.reference]
    assert listed(town.kato())[0] == [other.reference]


def test_what_a_server_pays_back_is_not_listed_until_it_is_stuck_and_can_then_be_entered():
    charge = to_pay_back(pay=paying.pays)
    assert listed(town.suzuki())[0] == []
    Refund.objects.update(asked_at=timezone.now() - STUCK)
    assert listed(town.suzuki())[0] == [charge.reference]
    path = f"/desk/charges/{charge.reference}/refunds/{Refund.objects.get().pk}/"
    assert town.browser_of(town.suzuki()).post(path, {"slip": "振込 77"}).status_code == 302
    assert listed(town.suzuki())[0] == []


def test_the_inbox_says_how_many_wait_and_nothing_where_none_does():
    assert "職員が返すお金" not in town.browser_of(town.suzuki()).get("/desk/").content.decode()
    to_pay_back()
    page = re.sub(r"<[^>]+>|\s+", "", town.browser_of(town.suzuki()).get("/desk/").content.decode())
    assert "職員が返すお金1" in page


def test_the_list_costs_the_same_for_one_and_for_many(django_assert_max_num_queries):
    browser = town.browser_of(town.suzuki())
    for n in range(6):
        to_pay_back(slip=str(n))
    with django_assert_max_num_queries(9):
        browser.get("/desk/charges/")


def test_the_pay_page_says_until_when_places_are_held():
    made = shop.bought(shop.slot(), student=2)
    page = town.visitor().get(f"/pay/{made.charge.secret}/").content.decode()
    until = timezone.localtime(made.charge.pay_by)
    assert "この時刻まで場所を取っています" in page and f"{until:%H}" in page
