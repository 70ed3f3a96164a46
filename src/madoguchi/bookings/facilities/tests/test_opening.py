"""When a facility is open: weekdays, public holidays, the day after, hours, and the slots that follow from it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from madoguchi.bookings.facilities.format import Closed, Facility
from madoguchi.bookings.facilities.opening import is_closed, spans

TOKYO = ZoneInfo("Asia/Tokyo")
WORD = {"ja": "名", "en": "name", "ja-easy": "な"}
# 2026-11-23 (Monday) is 勤労感謝の日; 2026-05-03 to 05-06 are holidays (Sunday to Wednesday).
HOLIDAY, NEXT, MONDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)


def facility(closed=None, **offer):
    usual = {
        "code": "entry", "kind": "admission", "name": WORD, "slot": 60, "capacity": 10, "opens": {"days_before": 30},
        "hours": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "09:00", "until": "11:30"}],
        "categories": [{"code": "adult", "name": WORD, "price": "500"}],
    }  # fmt: skip
    return Facility.model_validate({
        "code": "place", "kind": "museum", "name": WORD, "summary": WORD, "place": {"address": WORD},
        "office": "culture", "closed": closed or {}, "closed_text": WORD, "offers": [{**usual, **offer}],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "closed", "opened"),
    [
        ({"weekdays": ["mon"]}, [HOLIDAY, MONDAY], [NEXT]),
        ({"weekdays": ["mon"], "open_on_holidays": True}, [MONDAY], [HOLIDAY, NEXT]),
        ({"weekdays": ["mon"], "open_on_holidays": True, "next_day_instead": True}, [NEXT, MONDAY], [HOLIDAY]),
        ({"after_holidays": True}, [NEXT, date(2026, 5, 7)], [HOLIDAY, date(2026, 5, 5)]),
        ({"holidays": True}, [HOLIDAY], [NEXT, MONDAY]),
        ({"like_offices": True}, [HOLIDAY, date(2026, 12, 29), date(2026, 11, 28)], [NEXT, date(2026, 12, 28)]),
        ({"every_year": ["12-31"]}, [date(2026, 12, 31), date(2027, 12, 31)], [date(2026, 12, 30)]),
        ({"dates": ["2026-11-25"]}, [date(2026, 11, 25)], [date(2027, 11, 25)]),
    ],
)
def test_the_rules_close_these_days_and_no_others(rules, closed, opened):
    known = Closed.model_validate(rules)
    assert [day for day in closed if not is_closed(known, day)] == []
    assert [day for day in opened if is_closed(known, day)] == []


def test_a_row_of_holidays_closes_the_day_after_the_last_of_them():
    known = Closed.model_validate({"weekdays": ["mon"], "open_on_holidays": True, "next_day_instead": True})
    week = [date(2026, 5, 3) + timedelta(days=n) for n in range(6)]
    assert [day.day for day in week if is_closed(known, day)] == [7]


def test_slots_fill_the_hours_and_what_is_left_over_is_no_slot():
    place = facility()
    made = list(spans(place, place.offers[0], NEXT, TOKYO))
    assert [f"{one.starts_at:%H:%M}-{one.ends_at:%H:%M}" for one in made] == ["09:00-10:00", "10:00-11:00"]
    assert f"{made[0].opens_at:%Y-%m-%d %H:%M}" == "2026-10-25 00:00"


def test_a_day_ticket_is_one_slot_and_holidays_may_have_their_own_hours():
    hours = [{"days": ["mon", "tue"], "from": "09:00", "until": "17:00"}]
    hours.append({"days": ["holiday"], "from": "10:00", "until": "20:00"})
    place = facility(slot="day", hours=hours)
    (usual,), (special,) = (list(spans(place, place.offers[0], day, TOKYO)) for day in (NEXT, HOLIDAY))
    assert (usual.starts_at.hour, usual.ends_at.hour, special.starts_at.hour, special.ends_at.hour) == (9, 17, 10, 20)


def test_a_closed_day_has_no_slots():
    place = facility({"dates": [str(NEXT)]})
    assert list(spans(place, place.offers[0], NEXT, TOKYO)) == []
