"""The waiting page: one statement to join, none to wait, the shop in one's turn, and no way around it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from madoguchi.bookings import changing, rush
from madoguchi.bookings.making import make_slots
from madoguchi.bookings.models import Line, Order, Slot
from madoguchi.cases.actions import ActionRefused
from madoguchi.payments.models import Charge
from madoguchi.people.actor import PUBLIC
from tests import shop, town

pytestmark = pytest.mark.django_db
URL = "/facilities/art-museum/"
SHOP, WAITS = "日にちを選ぶ", "自動で新しくなります"


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
    assert WAITS in seen(late)[1] and 'あなたの前の人数</dt><dd class="stat__value">600<' in seen(late)[1]
    clock("2026-11-24 10:03")
    assert all(SHOP in seen(browser)[1] for browser in [*early, late])


def test_who_comes_when_the_line_is_short_enters_at_once(clock):
    clock("2026-11-24 10:30")
    answer, page, _count = seen(town.visitor())
    assert SHOP in page and "Refresh" not in answer.headers


def test_those_who_come_together_later_are_let_in_at_the_same_pace(clock):
    clock("2026-11-24 10:30")
    opening = rush.opening_now("art-museum")
    turns = [rush._joined(opening, rush.timezone.now()).turn for _visitor in range(301)]
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


def test_programs_do_not_pass_the_line(clock):
    clock("2026-11-24 10:00")
    with pytest.raises(ActionRefused) as refused:
        rush.must_not_be_open("art-museum")
    assert refused.value.conflict
    rush.must_not_be_open("river-garden")


def test_nobody_moves_to_what_has_just_opened_past_those_who_wait(clock):
    clock("2026-11-24 09:00")
    make_slots()
    old = Slot.objects.filter(facility="art-museum", opens_at__lt=timezone.now(), starts_at__gt=timezone.now())
    new = Slot.objects.filter(facility="art-museum", opens_at=datetime(2026, 11, 24, 1, tzinfo=UTC)).first()
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
