"""The buyer's pages after buying: change, cancel, wait; refusals are said, nothing is lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.bookings.gate.files import span
from madoguchi.bookings.models import Order, Slot, Waiting
from madoguchi.bookings.sales import cancelling
from madoguchi.bookings.sales.holds import confirm
from madoguchi.people.actor import worker
from tests import paying, shop, town

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])


def bought(slot, **wanted):
    made = shop.bought(slot, **wanted)
    if made.charge:
        paying.pays(made.charge)
        confirm(order=made.pk, by=worker("bookings"))
    return Order.objects.get(pk=made.pk)


def inputs(answer):
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.content.decode())


@LANGUAGES
def test_every_page_of_an_order_in_every_state(language):
    slot, browser = shop.slot(), town.visitor()
    sold, held, gone = bought(slot, student=2), shop.bought(slot, adult=1), bought(slot, student=1)
    over = shop.bought(slot, adult=1)
    cancelling.cancel(order=gone.pk, by=worker("test"))
    Order.objects.filter(pk=over.pk).update(state="expired")
    for one in (sold, held, gone, over):
        for page, allowed in (("", {200}), ("cancel/", {200, 409}), ("change/", {200, 409})):
            path = f"{language}/orders/{one.secret}/{page}"
            assert browser.get(path).status_code in allowed, path
    assert browser.get(f"{language}/orders/{'a' * 32}/").status_code == 404


def test_cancelling_by_the_page_shows_what_comes_back_and_does_it():
    made, browser = bought(shop.slot(), student=2), town.visitor()
    path = f"/orders/{made.secret}/cancel/"
    page = browser.get(path)
    assert "800円" in page.content.decode()
    one = made.tickets.first()
    assert browser.post(path, {"percent": "100", "ticket": [str(one.pk)]}).status_code == 302
    made.refresh_from_db()
    assert made.state == "confirmed" and made.tickets.filter(cancelled_at=None).count() == 1
    assert browser.post(path, {"percent": "100", "ticket": ["no-id", ""]}).status_code == 422
    rest = made.tickets.get(cancelled_at=None)
    assert browser.post(path, {"percent": "100", "ticket": [str(rest.pk)]}).status_code == 302
    assert "取り消されています" in browser.get(f"/orders/{made.secret}/").content.decode()
    assert browser.post(path, {"percent": "100", "ticket": [str(rest.pk)]}).status_code == 409


def test_a_share_that_changed_meanwhile_is_shown_first():
    made, browser = bought(shop.slot(), student=2), town.visitor()
    Slot.objects.update(starts_at=timezone.now() + timedelta(hours=5))
    chosen = {"ticket": [str(one.pk) for one in made.tickets.all()]}
    answer = browser.post(f"/orders/{made.secret}/cancel/", {"percent": "100", **chosen})
    assert answer.status_code == 409 and "400円" in answer.content.decode()
    assert dict(inputs(answer))["percent"] == "50"
    assert browser.post(f"/orders/{made.secret}/cancel/", {"percent": "50", **chosen}).status_code == 302
    made.charge.refresh_from_db()
    assert made.charge.due == -400


def test_the_tickets_of_another_order_are_not_cancelled():
    made, other = bought(shop.slot(), student=1), bought(shop.slot(), student=1)
    answer = town.visitor().post(
        f"/orders/{made.secret}/cancel/", {"percent": "100", "ticket": [str(other.tickets.get().pk)]}
    )
    assert answer.status_code == 422 and not other.tickets.filter(cancelled_at__isnull=False).exists()


def test_changing_by_the_page():
    slot, to, browser = shop.slot(), shop.slot(days=4), town.visitor()
    made = bought(slot, student=2)
    path = f"/orders/{made.secret}/change/?day={shop.day_of(to)}"
    listed = browser.get(path)
    asked = browser.get(f"{path}&to={to.pk}")
    assert inputs(listed) == [] and f"&amp;to={to.pk}" in listed.content.decode()
    fields = dict(inputs(asked))
    assert span(slot) in asked.content.decode() and span(to) in asked.content.decode()
    assert "差額なし" in asked.content.decode()
    assert fields == {"since": str(slot.pk), "slot": str(to.pk), "shown": "0"}
    for wrong in (
        {"slot": ""},
        {"slot": "x"},
        {"since": "x"},
        {"shown": "many"},
        {"slot": str(shop.slot(shop.ZOO).pk)},
    ):
        assert browser.post(path, {**fields, **wrong}).status_code == 422, wrong
    other = browser.post(path, {**fields, "shown": "-100"})
    assert other.status_code == 409 and "いまの差額は0円" in other.content.decode()
    made.refresh_from_db()
    assert made.slot_id == slot.pk
    done = browser.post(path, fields, follow=True)
    assert f"日時を変更しました。新しい日時：{span(to)}" in done.content.decode()
    other = bought(slot, student=1)
    assert "日時を変更しました" not in browser.get(f"/orders/{other.secret}/?moved=1").content.decode()
    made.refresh_from_db()
    assert made.slot_id == to.pk
    assert browser.get(f"/orders/{made.secret}/change/?day=2026-02-31").status_code == 200


@pytest.mark.parametrize(("to", "status"), [("", 422), ("x", 422), ("full", 409), ("zoo", 422)])
def test_a_time_that_cannot_be_had_is_not_asked_about(to, status):
    made = bought(shop.slot(), student=2)
    known = {"full": lambda: shop.slot(days=4, capacity=1), "zoo": lambda: shop.slot(shop.ZOO)}
    chosen = known[to]().pk if to in known else to
    answer = town.visitor().get(f"/orders/{made.secret}/change/?to={chosen}")
    assert answer.status_code == status and "error-summary" in answer.content.decode()


def test_what_comes_back_when_a_dearer_time_is_not_paid_is_said_by_the_rule(clock):
    clock("2026-11-25 12:00")
    slot, to = shop.slot(days=2), shop.slot(days=4)
    made = bought(slot, student=2)
    path = f"/orders/{made.secret}/change/?day={shop.day_of(to)}"
    for moment, words in (
        ("2026-11-25 12:00", "支払った分を全額お返しします"),
        ("2026-11-27 09:00", "支払った分の50%"),
    ):
        clock(moment)
        assert words in town.visitor().get(path).content.decode(), moment


def test_waiting_by_the_page():
    slot, browser = shop.slot(capacity=2), town.visitor()
    path, fields = f"/facilities/art-museum/slots/{slot.pk}/", {"email": "taro@example.jp", "count-student": "2"}
    assert "空き待ち" not in browser.get(path).content.decode()
    sold = shop.bought(slot, student=1)
    short = browser.post(path, {**fields, "do": "confirm"})
    assert short.status_code == 409 and "空き待ちをする" in short.content.decode()
    answer = browser.post(path, {**fields, "do": "wait"})
    one = Waiting.objects.get()
    assert answer.url == f"/waiting/{one.secret}/" and one.places == 2
    assert browser.post(path, {**fields, "do": "wait"}).status_code == 409
    cancelling.cancel(order=sold.pk, by=worker("test"))
    one.refresh_from_db()
    assert f"/orders/{one.order.secret}/" in browser.get(answer.url).content.decode()
    shop.slot(days=9, capacity=1)


def test_leaving_the_line_by_the_page():
    slot, browser = shop.slot(capacity=1), town.visitor()
    shop.bought(slot, student=1)
    path = f"/facilities/art-museum/slots/{slot.pk}/"
    where = browser.post(path, {"email": "taro@example.jp", "count-student": "1", "do": "wait"}).url
    browser.post(where)
    assert "やめました" in browser.get(where).content.decode()
    assert browser.get(f"/waiting/{'a' * 32}/").status_code == 404
