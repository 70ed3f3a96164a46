"""The standard period counts open days, leaves out corrections, and never loses a day."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.cases.clock import Clock
from madoguchi.foundation.dates import add_open_days, is_open_day, open_days_between

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
PERIODS = st.integers(1, 120)
UNITS = st.sampled_from(["working", "calendar"])


@st.composite
def clocks(draw, unit=UNITS, ended=False):
    """A clock with up to four pauses in order; the last may be open unless `ended`."""
    day = started = draw(DAYS)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begun = day + timedelta(days=draw(st.integers(0, 40)))
        day = begun + timedelta(days=draw(st.integers(0, 40)))
        pauses.append((begun, day))
    if pauses and not ended and draw(st.booleans()):
        pauses[-1] = (pauses[-1][0], None)
    return Clock(started, draw(PERIODS), draw(unit), tuple(pauses))


def is_paused(clock, on):
    """Whether a day falls into a pause: after the day it began, up to the day it ended."""
    return any(begun < on and (ended is None or on <= ended) for begun, ended in clock.pauses)


def counted_one_by_one(clock, on):
    """The days used, counted the slow way: every day after the start that is open and in no pause."""
    days = (clock.started_on + timedelta(days=n) for n in range(1, (on - clock.started_on).days + 1))
    counts = is_open_day if clock.unit == "working" else (lambda day: True)
    return sum(counts(day) and not is_paused(clock, day) for day in days)


def test_ten_working_days_over_the_new_year():
    arrived = date(2026, 12, 18)  # a Friday
    assert Clock(arrived, 10).due_on() == date(2027, 1, 7)


def test_a_calendar_period_may_end_on_a_closed_day():
    assert Clock(date(2026, 12, 18), 14, "calendar").due_on() == date(2027, 1, 1)


def test_a_correction_from_monday_until_thursday_takes_out_three_days():
    clock = Clock(date(2026, 6, 5), 10)
    assert clock.due_on() == date(2026, 6, 19)
    corrected = clock.pause(date(2026, 6, 8)).resume(date(2026, 6, 11))
    assert corrected.due_on() == date(2026, 6, 24)


def test_while_the_correction_is_awaited_the_end_is_open_and_no_day_is_used():
    paused = Clock(date(2026, 6, 5), 10).pause(date(2026, 6, 8))
    assert paused.due_on() is None
    assert {paused.remaining(date(2026, 6, 8) + timedelta(days=n)) for n in range(60)} == {9}


def test_an_overdue_case_stays_overdue_when_a_correction_is_asked_late():
    clock = Clock(date(2026, 6, 5), 10).pause(date(2026, 7, 1))
    assert clock.due_on() == date(2026, 6, 19)
    assert clock.remaining(date(2026, 7, 10)) == -8


@pytest.mark.parametrize(
    "pauses",
    [
        [(date(2026, 6, 4), date(2026, 6, 8))],
        [(date(2026, 6, 9), date(2026, 6, 8))],
        [(date(2026, 6, 8), None), (date(2026, 6, 9), None)],
        [(date(2026, 6, 8), date(2026, 6, 12)), (date(2026, 6, 10), None)],
    ],
    ids=["before the start", "backwards", "two open", "overlapping"],
)
def test_pauses_that_cannot_be_are_refused(pauses):
    with pytest.raises(ValueError, match="pauses must follow"):
        Clock(date(2026, 6, 5), 10, "working", tuple(pauses))


def test_a_clock_is_resumed_only_while_paused():
    with pytest.raises(ValueError, match="no pause is open"):
        Clock(date(2026, 6, 5), 10).resume(date(2026, 6, 8))


def test_a_period_has_at_least_one_day():
    with pytest.raises(ValueError, match="at least one day"):
        Clock(date(2026, 6, 5), 0)


@given(DAYS, PERIODS, st.integers(0, 200), st.integers(0, 60))
def test_a_pause_of_n_open_days_moves_the_due_day_by_exactly_n(started, period, before, length):
    clock = Clock(started, period)
    begun = started + timedelta(days=before)
    assume(begun < clock.due_on())
    ended = add_open_days(begun, length)
    moved = clock.pause(begun).resume(ended).due_on()
    assert open_days_between(clock.due_on(), moved) == length


@given(clocks(ended=True))
def test_on_the_due_day_the_period_is_used_up_and_not_before(clock):
    due = clock.due_on()
    assert clock.remaining(due) == 0
    assert clock.remaining(due - timedelta(days=1)) == 1


@given(clocks(), st.integers(0, 300))
def test_used_equals_counting_day_by_day(clock, later):
    on = clock.started_on + timedelta(days=later)
    assert clock.used(on) == counted_one_by_one(clock, on)
    assert clock.used(on) + clock.remaining(on) == clock.period_days


@given(clocks(), st.integers(-30, 300))
def test_used_never_goes_back_and_never_jumps(clock, later):
    on = clock.started_on + timedelta(days=later)
    assert clock.used(on + timedelta(days=1)) - clock.used(on) in (0, 1)


@given(clocks(unit=st.just("working"), ended=True))
def test_the_due_day_is_an_open_day_outside_every_pause(clock):
    assert is_open_day(clock.due_on())
    assert not is_paused(clock, clock.due_on())


@given(clocks(), st.integers(0, 300))
def test_while_paused_nothing_remains_less_the_next_day(clock, later):
    on = clock.started_on + timedelta(days=later)
    if is_paused(clock, on):
        assert clock.used(on) == clock.used(on - timedelta(days=1))
