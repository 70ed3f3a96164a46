"""Pages say what is so: which part was cancelled, that a hold ended, that a day is over or not on sale yet."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.models import Order
from madoguchi.bookings.sales import cancelling, changing
from madoguchi.bookings.sales.holds import confirm, let_go
from madoguchi.payments.paying import actions as payments
from madoguchi.people.actor import PUBLIC, worker
from tests import paying, shop, town

pytestmark = pytest.mark.django_db
SYSTEM = worker("bookings")
CLOSED, OVER, LATER = "この日は休みです", "この日は過ぎました", "この日の予約は、まだ始まっていません"


def read(path):
    return town.visitor().get(path).content.decode()


def sold(**wanted):
    made = shop.bought(shop.slot(), **wanted)
    paying.pays(made.charge)
    confirm(order=made.pk, by=SYSTEM)
    return Order.objects.get(pk=made.pk)


def test_after_a_partial_cancelling_the_page_shows_what_is_gone_and_what_comes_back():
    made = sold(student=2, adult=1)
    path = f"/orders/{made.secret}/"
    assert "取り消したもの" not in read(path)
    cancelling.cancel(order=made.pk, tickets=[made.tickets.filter(category="student").first().pk], by=PUBLIC)
    page = read(path)
    assert page.index("取り消したもの") < page.index("これからお返しする金額") < page.index("400円")
    payments.pay_back(made.charge)
    assert "お返しした金額" in read(path) and "これからお返しする金額" not in read(path)


def test_moved_there_and_back_nothing_is_called_cancelled():
    made, there = sold(student=2), shop.slot(days=5)
    here = made.slot
    changing.change(order=made.pk, since=here.pk, to=there, shown=0, by=PUBLIC)
    changing.change(order=made.pk, since=there.pk, to=here, shown=0, by=PUBLIC)
    assert "取り消したもの" not in read(f"/orders/{made.secret}/")


def test_the_pay_page_of_a_lapsed_hold_says_when_it_ended_and_leads_back_to_the_facility():
    made = shop.bought(shop.slot(), student=1)
    Order.objects.update(held_until=timezone.now())
    let_go(by=SYSTEM)
    page = read(f"/pay/{made.charge.secret}/")
    ended = timezone.localtime(Order.objects.get().held_until)
    assert f"{ended:%H:%M}に終わりました" in page and 'href="/facilities/art-museum/"' in page
    assert "この請求はなくなりました" not in page and made.secret not in page


def test_the_pay_page_of_a_cancelled_booking_says_so():
    made = shop.bought(shop.slot(), student=1)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    assert "この予約は取り消されました" in read(f"/pay/{made.charge.secret}/")


def test_paid_and_not_yet_confirmed_is_not_called_unpaid():
    made = shop.bought(shop.slot(), student=1)
    paying.pays(made.charge)
    for path in (f"/orders/{made.secret}/", f"/orders/{made.secret}/ticket/"):
        page = read(path)
        assert "支払いを確認しました" in page and "まだ支払いが済んでいません" not in page, path


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-20", OVER),
        ("0001-01-02", OVER),
        ("2026-11-30", CLOSED),  # a Monday
        ("2029-12-05", LATER),
        ("2029-12-03", CLOSED),
        ("2199-12-03", LATER),
    ],
)
def test_a_day_without_slots_says_why(clock, day, words):
    clock("2026-11-25 12:00")
    make_slots()
    made = sold(student=1)
    for path in (f"/facilities/art-museum/days/{day}/", f"/orders/{made.secret}/change/?day={day}"):
        page = read(path)
        assert [one for one in (CLOSED, OVER, LATER) if one in page] == [words], path


def test_a_day_that_is_not_on_sale_says_from_when_it_is(clock):
    clock("2026-11-25 12:00")
    assert "令和11年11月5日 10:00から" in read("/facilities/art-museum/days/2029-12-05/").split(LATER)[1][:40]


def test_who_made_the_order_goes_straight_to_the_ticket_and_whoever_else_pays_does_not():
    slot, mine = shop.slot(), town.visitor()
    path = f"/facilities/{slot.facility}/slots/{slot.pk}/"
    wanted = {"count-student": "1", "email": "hanako@example.jp"}
    asked = mine.post(path, {**wanted, "do": "confirm"}, follow=True).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked))
    mine.post(path, {**hidden, "do": "order"})
    made = Order.objects.get()
    attempt = paying.pays(made.charge)
    back = f"/pay/{made.charge.secret}/attempts/{attempt.pk}/"
    assert f'href="/orders/{made.secret}/ticket/"' in mine.get(back).content.decode()
    assert made.secret not in read(back)


def test_a_repayment_after_the_days_close_is_called_a_repayment():
    made = shop.bought(shop.slot(), student=2)
    paying.pays_at_the_counter(made.charge)
    confirm(order=made.pk, by=SYSTEM)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    clerk = town.officer("窓口 係", "culture", "clerk")
    counted = {"card": 800, "e-money": 0, "code": 0}
    payments.close_day(office="culture", day=timezone.localdate(), counted=counted, note="", by=clerk)
    refund = made.charge.attempts.get().refunds.get()
    path = f"/desk/charges/{made.charge.reference}/refunds/{refund.pk}/"
    page = town.browser_of(clerk).post(path, {"slip": "2"}).content.decode()
    assert "この返金は、次の日に" in page and "この支払いは" not in page


def test_the_hold_of_a_slot_that_is_over_is_not_asked_to_be_paid():
    made = shop.bought(shop.slot(), student=1)
    type(made.charge).objects.update(pay_by=timezone.now() - timedelta(minutes=1))
    assert "場所を取っておく時間" in read(f"/pay/{made.charge.secret}/")
