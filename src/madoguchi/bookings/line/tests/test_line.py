"""Who stands where in the line, and when they are let in: fair among the early, in order among the late, at a pace."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.format import Facility
from madoguchi.bookings.line.turns import (
    EARLY,
    LASTS,
    LOTS,
    SHOPPING,
    Opening,
    Token,
    before,
    is_behind,
    may_enter,
    opening_of,
    other_days,
    step,
    turn_of,
)

TOKYO = ZoneInfo("Asia/Tokyo")
AT = datetime(2026, 11, 24, 10, tzinfo=TOKYO)
LINE = Opening("art-museum", AT, 300)


def test_lots_spread_the_early_over_all_turns():
    chance = random.Random(7)
    turns = sorted(turn_of(Token(lot=chance.randrange(LOTS)), LINE, 6000) for _visitor in range(6000))
    assert turns[0] >= AT and turns[-1] < AT + timedelta(minutes=20)
    assert abs(turns[3000] - AT - timedelta(minutes=10)) < timedelta(seconds=40)
    in_a_minute = [
        sum(AT + timedelta(minutes=n) <= one < AT + timedelta(minutes=n + 1) for one in turns) for n in range(20)
    ]
    assert max(in_a_minute) < 400 and min(in_a_minute) > 200


def test_no_lot_stands_behind_the_early():
    assert turn_of(Token(lot=LOTS - 1), LINE, 5000) < AT + step(LINE) * 5000
    assert turn_of(Token(lot=0), LINE, 5000) == AT


def test_a_later_turn_stays_what_it_was():
    mine = AT + timedelta(minutes=7)
    assert turn_of(Token(turn=mine), LINE, 5000) == mine
    assert before(mine, LINE, AT) == 2100 and before(mine, LINE, mine) == before(AT, LINE, mine) == 0


def test_a_turn_begins_at_its_moment_and_ends():
    mine = AT + timedelta(minutes=2)
    assert not may_enter(mine, mine - timedelta(microseconds=1))
    assert may_enter(mine, mine) and may_enter(mine, mine + SHOPPING - timedelta(microseconds=1))
    assert not may_enter(mine, mine + SHOPPING)


@pytest.mark.parametrize(
    ("moment", "is_there"),
    [(AT - EARLY - timedelta(seconds=1), False), (AT - EARLY, True), (AT, True), (AT + LASTS, False)],
)
def test_the_line_is_there_around_the_opening_only(moment, is_there):
    found = opening_of(facilities()["art-museum"], moment, TOKYO)
    assert found == (LINE if is_there else None)


def test_a_day_whose_slots_do_not_exist_opens_nothing():
    monday = next(AT + timedelta(days=n) for n in range(7) if (AT + timedelta(days=n + 30)).weekday() == 0)
    assert opening_of(facilities()["art-museum"], monday, TOKYO) is None


def test_a_facility_without_a_rush_has_no_line():
    assert opening_of(facilities()["river-garden"], AT, TOKYO) is None


def test_a_line_before_midnight_stands_already_the_evening_before():
    told = facilities()["art-museum"].model_dump(by_alias=True)
    told["offers"] = [{**told["offers"][0], "opens": {"days_before": 30, "at": "00:00", "rush": {"per_minute": 300}}}]
    museum, midnight = Facility.model_validate(told), AT.replace(hour=0)
    assert opening_of(museum, midnight - timedelta(minutes=10), TOKYO).at == midnight
    assert opening_of(museum, midnight + timedelta(minutes=10), TOKYO).at == midnight
    assert opening_of(museum, midnight - timedelta(minutes=40), TOKYO) is None


def test_the_line_stands_before_what_opens_and_no_other_day():
    museum = facilities()["art-museum"]
    opens = AT.date() + timedelta(days=30)
    days = other_days(museum, LINE, AT.date(), TOKYO)
    assert opens - timedelta(days=1) in days and max(days) < opens
    assert AT.date() not in days  # closed after the holiday
    assert is_behind(museum, LINE, opens, TOKYO) and not any(is_behind(museum, LINE, day, TOKYO) for day in days)
