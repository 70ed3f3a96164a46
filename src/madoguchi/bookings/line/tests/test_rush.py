"""The waiting page: one statement to join, none to wait, the shop in one's turn, and no way around it."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.line import rush
from madoguchi.bookings.models import Line, Order, Slot
from madoguchi.bookings.sales import changing
from madoguchi.payments.models import Charge
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import shop, town

pytestmark = pytest.mark.django_db
URL = "/facilities/art-museum/"
SHOP, WAITS = "日にちを選ぶ", "自動で新しくなります"
TEN = datetime(2026, 11, 24, 1, tzinfo=UTC)
TYPED = {"count-child": "2", "email": "hanako@example.jp", "do": "confirm"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def no_memory(settings):
    settings.RUSH = True
    rush._drawn.cache_clear()
    yield
    rush._drawn.cache_clear()


def seen(browser, url=URL):
    with CaptureQueriesContext(connection) as made:
        answer = browser.get(url)
    return answer, answer.content.decode(), len(made)


def test_before_the_opening_everybody_waits_and_waiting_costs_nothing(clock):
    clock("2026-11-24 09:40")
    browser = town.visitor()
    answer, page, count = seen(browser)
    assert WAITS in page and "10:00に始まります" in page and SHOP not in page
    assert count == 1 and int(answer["Refresh"]) <= rush.LONGEST + rush.SHORTEST
    assert seen(browser)[2] == 0
    assert Line.objects.get().early == 1


def test_at_the_opening_the_lots_are_drawn_and_turns_come(clock):
    clock("2026-11-24 09:59")
    early = [town.visitor() for _visitor in range(3)]
    for browser in early:
        seen(browser)
    clock("2026-11-24 10:00")
    late = town.visitor()
    Line.objects.update(early=600)  # as if so many had come
    assert WAITS in seen(late)[1] and 'あなたの前の人数（およそ）</dt><dd class="stat__value">600<' in seen(late)[1]
    clock("2026-11-24 10:03")
    assert all(SHOP in seen(browser)[1] for browser in [*early, late])


def test_who_comes_when_the_line_is_short_enters_at_once(clock):
    clock("2026-11-24 10:30")
    answer, page, _count = seen(town.visitor())
    assert SHOP in page and "Refresh" not in answer.headers


def test_those_who_come_together_later_are_let_in_at_the_same_pace(clock):
    clock("2026-11-24 10:30")
    opening = rush.opening_now("art-museum")
    turns = [rush.placed(None, opening, rush.timezone.now()).turn for _visitor in range(301)]
    assert turns[0] == rush.timezone.now()
    assert (turns[-1] - turns[0]).total_seconds() == 60


def test_a_turn_that_is_over_joins_again_but_a_form_is_not_lost(clock):
    clock("2026-11-24 10:00")
    browser = town.visitor()
    assert SHOP in seen(browser)[1]
    clock("2026-11-24 10:11")
    url = f"{URL}slots/01a2088f-d7bf-7162-8c39-7a9c3f3b0000/"
    assert browser.post(url, {}).status_code == 404  # the shop answered (no such slot), not the line
    Line.objects.update(next="2026-11-24T10:30+09:00")
    assert WAITS in seen(browser)[1]


@pytest.mark.parametrize("forged", ["", "x", "art-museum 2026-11-24T10:00:00+09:00 -1 0:abc"])
def test_a_forged_place_is_none(clock, forged):
    clock("2026-11-24 10:00")
    Line.objects.create(facility="art-museum", opening=rush.opening_now("art-museum").at, early=100_000)
    browser = town.visitor()
    browser.cookies["line"] = forged
    assert WAITS in seen(browser)[1]
    assert Line.objects.get().next is not None


def test_yesterdays_place_is_none_today(clock):
    clock("2026-11-24 09:50")
    browser = town.visitor()
    seen(browser)
    clock("2026-11-25 09:50")
    seen(browser)
    assert Line.objects.count() == 2


@pytest.mark.parametrize("moment", ["2026-11-24 08:00", "2026-11-24 11:00"])
def test_at_other_times_there_is_no_line(clock, moment):
    clock(moment)
    assert SHOP in seen(town.visitor())[1]
    assert Line.objects.count() == 0


@pytest.fixture
def slots(clock):
    """(a slot that has been on sale for weeks, one that opens at ten), seen at half past nine."""
    clock("2026-11-24 09:00")
    make_slots()
    ahead = Slot.objects.filter(facility="art-museum", starts_at__gt=timezone.now()).order_by("starts_at")
    opens = ahead.get(opens_at=TEN, starts_at__hour=12)
    old = ahead.filter(opens_at__lt=TEN).last()
    clock("2026-11-24 09:30")
    return old, opens


def page_of(slot, kind="slots"):
    return f"{URL}slots/{slot.pk}/" if kind == "slots" else f"{URL}days/{shop.day_of(slot)}/"


def test_a_form_for_a_day_on_sale_already_is_not_stopped(slots, clock):
    old, _opens = slots
    for moment in ("2026-11-24 09:31", "2026-11-24 10:05"):
        clock(moment)
        answer = town.visitor().post(page_of(old), TYPED)
        assert "予約の確認" in answer.content.decode() and "Refresh" not in answer.headers
    assert Line.objects.count() == 0


def test_other_days_can_be_looked_at_and_the_waiting_page_leads_to_them(slots):
    old, opens = slots
    browser = town.visitor()
    page = seen(browser, page_of(opens, "days"))[1]
    assert WAITS in page and WAITS in seen(browser, page_of(opens))[1]
    assert WAITS not in seen(browser, page_of(old))[1]
    others = re.findall(f'times__link" href="({URL}days/[^"]+)"', page)
    assert page_of(old, "days") in others and page_of(opens, "days") not in others
    assert all(WAITS not in seen(town.visitor(), one)[1] for one in others)


def test_a_form_that_came_without_a_turn_is_kept_until_it_comes(slots, clock):
    browser, url = town.visitor(), page_of(slots[1])
    typed = {**TYPED, "name": '"><b>花子'}
    answer = browser.post(url, typed)
    page = answer.content.decode()
    assert "入力したことは、消えていません" in page and "Refresh" not in answer.headers
    held = {name: html.unescape(value) for name, value in HIDDEN.findall(page)}
    assert held == typed
    assert "消えていません" in browser.post(url, held).content.decode()  # pressed too early: kept again
    clock("2026-11-24 10:01")
    assert "予約の確認" in browser.post(url, held).content.decode()
    clock("2026-11-24 10:25")  # pressed long after the turn
    assert "予約の確認" in browser.post(url, held).content.decode()


def test_programs_do_not_pass_the_line_but_book_what_was_on_sale(slots, clock):
    clock("2026-11-24 10:05")

    def ordered(slot):
        told = {"slot": str(slot.pk), "tickets": {"child": 1}, "total": 0, "email": "hanako@example.jp"}
        return town.visitor().post("/api/v1/orders", told, content_type="application/json",
                                   headers={"Idempotency-Key": f"a-program-{slot.pk}"})  # fmt: skip

    assert [ordered(slot).status_code for slot in slots] == [201, 409]


def test_nobody_moves_to_what_has_just_opened_past_those_who_wait(clock):
    clock("2026-11-24 09:00")
    make_slots()
    old = Slot.objects.filter(facility="art-museum", opens_at__lt=timezone.now(), starts_at__gt=timezone.now())
    new = Slot.objects.filter(facility="art-museum", opens_at=TEN).first()
    made = shop.bought(old.order_by("starts_at").last(), adult=1)
    Order.objects.update(state="confirmed")
    Charge.objects.update(paid=F("owed"))
    clock("2026-11-24 10:05")
    with pytest.raises(ActionRefused, match="順番待ち"):
        changing.change(order=made.pk, since=made.slot_id, to=new, shown=0, by=PUBLIC)
    other = old.exclude(pk=made.slot_id).order_by("starts_at").last()
    assert changing.change(order=made.pk, since=made.slot_id, to=other, shown=0, by=PUBLIC).slot_id == other.pk
    clock("2026-11-24 11:05")
    assert changing.change(order=made.pk, since=other.pk, to=new, shown=0, by=PUBLIC).slot_id == new.pk
