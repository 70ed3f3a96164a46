"""What was typed for a booking waits on a sealed sheet: back and reload send nothing, and nothing is made twice."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.applications.models import Sheet
from madoguchi.bookings.line import rush
from madoguchi.bookings.models import Order
from tests import shop, town

pytestmark = pytest.mark.django_db
TYPED = {"count-student": "2", "email": "hanako@example.jp", "do": "confirm"}


@pytest.fixture
def slot():
    return shop.slot(capacity=3)


def path(slot):
    return f"/facilities/{slot.facility}/slots/{slot.pk}/"


def hidden(answer):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.content.decode()))


def looked(browser, slot):
    """The address of the total."""
    answer = browser.post(path(slot), TYPED)
    assert answer.status_code == 302
    return answer.url


def test_the_total_is_read_again_and_says_the_same(slot):
    browser = town.visitor()
    page = looked(browser, slot)
    first, again = browser.get(page), browser.get(page)
    assert hidden(first) == hidden(again) and "hanako@example.jp" in first.content.decode()
    assert "hanako" not in page and first.headers["Cache-Control"] == "no-store"
    assert (first.headers["Referrer-Policy"], first.headers["X-Robots-Tag"]) == ("strict-origin", "noindex")


def test_ordering_twice_from_it_makes_one_order_and_back_leads_to_it(slot):
    browser = town.visitor()
    page = looked(browser, slot)
    fields = hidden(browser.get(page))
    for _time in range(2):
        assert browser.post(path(slot), {**fields, "do": "order"}).status_code == 302
    made = Order.objects.get()
    assert browser.get(page).url == f"/orders/{made.secret}/"
    assert town.visitor().get(page).status_code == 409, "its address alone does not open the order"


def test_what_was_typed_is_there_to_be_changed(slot):
    browser = town.visitor()
    form = browser.get(f"{looked(browser, slot)}?edit=1").content.decode()
    assert 'value="2"' in form and 'value="hanako@example.jp"' in form


def test_when_places_went_meanwhile_the_form_says_so_and_keeps_what_was_typed(slot):
    browser = town.visitor()
    page = looked(browser, slot)
    shop.bought(slot, student=2)
    answer = browser.get(page)
    assert answer.status_code == 409 and 'value="hanako@example.jp"' in answer.content.decode()


def test_a_refusal_keeps_what_was_typed_and_makes_no_sheet(slot):
    answer = town.visitor().post(path(slot), {**TYPED, "email": "no address"})
    assert answer.status_code == 422 and 'value="no address"' in answer.content.decode()
    assert not Sheet.objects.exists()


def test_another_slot_another_channel_and_the_next_day_show_nothing(slot):
    browser, other = town.visitor(), shop.slot(days=5)
    page = looked(browser, slot)
    token = page.rstrip("/").rpartition("/")[2]
    assert browser.get(f"{path(other)}confirm/{token}/").url == path(other)
    desk = town.browser_of(town.officer("文化 担当", "culture", "officer"))
    sale = f"/desk/sale/{slot.facility}/slots/{slot.pk}/"
    assert desk.get(f"{sale}confirm/{token}/").url == sale
    Sheet.objects.update(at=timezone.now() - timedelta(hours=25))
    assert browser.get(page).url == path(slot)


def test_before_an_opening_where_every_request_counts_the_total_is_answered_at_once(slot, monkeypatch):
    monkeypatch.setattr(rush, "opening_now", lambda code: object())
    monkeypatch.setattr(rush, "_in_line", lambda request, opening, where, shop: shop())
    assert town.visitor().post(path(slot), TYPED).status_code == 200
    assert not Sheet.objects.exists()
