"""The shop's pages: what is left, how many, the total, one order; whatever is wrong is said and nothing is lost."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.slots import close, make_slots
from madoguchi.bookings.models import Order, Slot
from madoguchi.sequence import order_letter, settled
from tests import paying, shop, town

pytestmark = pytest.mark.django_db
ADDRESS = "hanako@example.jp"


def page_of(slot):
    return f"/facilities/{slot.facility}/slots/{slot.pk}/"


def typed(**counts):
    return {"email": ADDRESS, **{f"count-{code}": count for code, count in counts.items()}}


def hidden(answer):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.content.decode()))


def confirmed(slot, browser=None, **counts):
    answer = (browser or town.visitor()).post(page_of(slot), {**typed(**counts), "do": "confirm"}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return hidden(answer)


def bought(slot, browser=None, **counts):
    browser = browser or town.visitor()
    answer = browser.post(page_of(slot), {**confirmed(slot, browser, **counts), "do": "order"})
    assert answer.status_code == 302, answer.content.decode()
    return Order.objects.latest("made_at")


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_the_pages_are_there_in_every_language(language):
    make_slots(10)
    browser = town.visitor()
    assert facilities()["hill-zoo"].name.en in browser.get("/en/facilities/").content.decode()
    for code in facilities():
        one = Slot.objects.filter(facility=code, opens_at__lte=timezone.now()).latest("starts_at")
        for path in ("", f"{code}/", f"{code}/days/{shop.day_of(one)}/", f"{code}/slots/{one.pk}/"):
            assert browser.get(f"{language}/facilities/{path}", follow=True).status_code == 200, path


@pytest.mark.parametrize("path", ["nowhere/", "art-museum/days/2026-02-31/", "art-museum/days/monday/",
                                  "art-museum/slots/0199c9a0-0000-7000-8000-000000000000/"])  # fmt: skip
def test_what_does_not_exist_is_not_found(path):
    assert town.visitor().get(f"/facilities/{path}").status_code == 404


def test_the_slot_of_another_facility_is_not_found():
    assert town.visitor().get(f"/facilities/hill-zoo/slots/{shop.slot().pk}/").status_code == 404


def test_an_order_is_held_until_it_is_paid_and_then_it_is_told():
    browser, slot = town.visitor(), shop.slot()
    made = bought(slot, browser, adult=2, student=1)
    assert (made.state, made.charge.owed, made.tickets.count()) == ("held", 2000, 3)
    assert made.held_until - made.made_at == timedelta(minutes=20)
    shown = browser.get(f"/orders/{made.secret}/").content.decode()
    assert f"/pay/{made.charge.secret}/" in shown and "2,000円" in shown
    paying.pays(made.charge)
    settled(str(made.charge.pk))
    made.refresh_from_db()
    assert made.state == "confirmed"
    order_letter(str(made.pk), "confirmed")
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS] and f"/orders/{made.secret}/" in letter.body
    assert f"/orders/{made.secret}/ticket/" in browser.get(f"/orders/{made.secret}/").content.decode()
    assert made.reference in browser.get("/orders/").content.decode()
    assert made.reference not in town.visitor().get("/orders/").content.decode()


def test_what_is_free_leads_to_the_tickets_at_once():
    slot, browser = shop.slot(), town.visitor()
    fields = confirmed(slot, browser, child=2)
    answer = browser.post(page_of(slot), {**fields, "do": "order"})
    made = Order.objects.get()
    assert answer.url == f"/orders/{made.secret}/ticket/" and made.state == "confirmed" and made.charge is None


def test_pressing_twice_is_one_order():
    slot, browser = shop.slot(), town.visitor()
    fields = {**confirmed(slot, browser, adult=1), "do": "order"}
    first, second = browser.post(page_of(slot), fields), browser.post(page_of(slot), fields)
    assert first.url == second.url and Order.objects.count() == 1
    other = browser.post(page_of(slot), {**fields, "count-adult": "2", "shown": "1600"})
    assert other.status_code == 409 and Order.objects.count() == 1


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"adult": "-1"}, "0以上の整数"),
        ({"adult": "1.5"}, "0以上の整数"),
        ({"adult": "たくさん"}, "0以上の整数"),
        ({"adult": "9" * 30}, "0以上の整数"),
        ({"adult": "999999"}, "400人まで"),
        ({"adult": "401"}, "400人まで"),
        ({"adult": "15", "child": "15"}, "20人まで"),
        ({}, "1人以上"),
        ({"adult": "0"}, "1人以上"),
    ],
)
def test_a_number_that_cannot_be_is_said_and_what_was_typed_stays(counts, told):
    slot = shop.slot()
    answer = town.visitor().post(page_of(slot), {**typed(**counts), "do": "confirm"}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 422 and told in text
    assert f'value="{ADDRESS}"' in text and all(f'value="{count}"' in text for count in counts.values())
    assert Order.objects.count() == 0


def test_full_width_digits_are_digits():
    assert bought(shop.slot(), adult="２").tickets.count() == 2


@pytest.mark.parametrize(("count", "status"), [(19, 422), (20, 200), (200, 200), (201, 422)])
def test_a_group_has_its_least_and_its_most(count, status):
    slot = shop.slot(shop.ZOO, capacity=400)
    answer = town.visitor().post(page_of(slot), {**typed(group=count), "do": "confirm"}, follow=True)
    assert answer.status_code == status
    if status == 200:
        assert hidden(answer)["shown"] == {20: "9600", 200: "84000"}[count]


def test_a_group_has_one_ticket_for_all():
    made = bought(shop.slot(shop.ZOO, capacity=400), group=30)
    assert [(one.people, one.yen) for one in made.tickets.all()] == [(30, 14400)]
    made.slot.refresh_from_db()
    assert made.slot.taken == 30


@pytest.mark.parametrize("address", ["", "hanako", "a b@example.jp", "x" * 300 + "@example.jp"])
def test_an_address_that_cannot_be_is_said(address):
    slot = shop.slot()
    answer = town.visitor().post(page_of(slot), {**typed(adult=1), "email": address, "do": "confirm"}, follow=True)
    assert answer.status_code == 422 and "メールアドレス" in answer.content.decode()


def test_a_price_that_changed_while_choosing_is_shown_and_nothing_is_ordered(monkeypatch):
    slot, browser = shop.slot(), town.visitor()
    fields = confirmed(slot, browser, student=2)
    known = facilities()["art-museum"]
    dearer = tuple(one.model_copy(update={"price": "450"}) if one.code == "student" else one
                   for one in known.offers[0].categories)  # fmt: skip
    offer = known.offers[0].model_copy(update={"categories": dearer})
    monkeypatch.setitem(facilities(), "art-museum", known.model_copy(update={"offers": (offer,)}))
    answer = browser.post(page_of(slot), {**fields, "do": "order"})
    assert answer.status_code == 409 and "900円" in answer.content.decode() and Order.objects.count() == 0
    assert browser.post(page_of(slot), {**hidden(answer), "do": "order"}).status_code == 302
    assert Order.objects.get().charge.owed == 900


def test_a_total_that_was_invented_buys_nothing():
    slot, browser = shop.slot(), town.visitor()
    fields = {**confirmed(slot, browser, adult=1), "do": "order"}
    assert browser.post(page_of(slot), {**fields, "shown": "1"}).status_code == 409
    assert browser.post(page_of(slot), {**fields, "shown": "nothing"}, follow=True).status_code == 200
    assert browser.post(page_of(slot), {**fields, "key": ""}, follow=True).status_code == 200
    assert Order.objects.count() == 0


def test_sold_out_closed_past_and_not_yet_are_said():
    browser, now = town.visitor(), timezone.now()
    full, shut, past, soon = (shop.slot(days=days) for days in (3, 4, 5, 6))
    fields = {one: {**confirmed(one, browser, child=2), "do": "order"} for one in (full, shut, past, soon)}
    Slot.objects.filter(pk=full.pk).update(taken=9)
    close([shut.pk], "停電のため")
    Slot.objects.filter(pk=past.pk).update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
    Slot.objects.filter(pk=soon.pk).update(opens_at=now + timedelta(hours=1))
    for one, told in (
        (full, "空きが足りません"),
        (shut, "休みになりました"),
        (past, "もう始まりました"),
        (soon, "まだ受付が"),
    ):
        answer = browser.post(page_of(one), fields[one])
        assert answer.status_code == 409 and told in answer.content.decode(), told
    assert browser.post(page_of(full), {**typed(child=2), "do": "confirm"}, follow=True).status_code == 409
    assert Order.objects.count() == 0


def test_no_name_is_kept_where_none_is_asked():
    slot = shop.slot()
    answer = town.visitor().post(page_of(slot), {**confirmed(slot, adult=1), "name": "花子", "do": "order"})
    assert answer.status_code == 302 and Order.objects.get().name == ""
