from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.foundation.dates import (
    DateRefused,
    Duration,
    DurationRefused,
    add_open_days,
    add_years,
    fiscal_year,
    format_date,
    format_ja,
    from_era,
    is_open_day,
    open_days_between,
    parse_duration,
    to_era,
)

days = st.dates(date(2018, 1, 1), date(2030, 12, 31))
first_use_of_a_year_is_slow = settings(deadline=None)


@pytest.mark.parametrize(
    ("day", "era"),
    [
        (date(2026, 11, 23), ("令和", 8)),
        (date(2019, 5, 1), ("令和", 1)),
        (date(2019, 4, 30), ("平成", 31)),
        (date(1989, 1, 8), ("平成", 1)),
        (date(1989, 1, 7), ("昭和", 64)),
        (date(1926, 12, 25), ("昭和", 1)),
        (date(1926, 12, 24), ("大正", 15)),
        (date(1912, 7, 30), ("大正", 1)),
        (date(1912, 7, 29), ("明治", 45)),
        (date(1873, 1, 1), ("明治", 6)),
    ],
)
def test_an_era_changes_on_its_own_day(day, era):
    assert to_era(day) == era
    assert from_era(*era, day.month, day.day) == day


@given(st.dates(date(1873, 1, 1), date(2200, 12, 31)))
def test_every_day_survives_the_way_to_its_era_and_back(day):
    assert from_era(*to_era(day), day.month, day.day) == day


@pytest.mark.parametrize("written", [("令和", 8, 2, 30), ("令和", 8, 13, 1), ("昭和", 50, 4, 31), ("令和", 9000, 1, 1)])
def test_a_day_that_no_calendar_has_is_refused(written):
    with pytest.raises(DateRefused) as refused:
        from_era(*written)
    assert refused.value.code == "no-such-day"


@pytest.mark.parametrize(
    "written",
    [
        ("昭和", 65, 1, 1),
        ("平成", 31, 5, 1),
        ("令和", 1, 4, 30),
        ("令和", 0, 1, 1),
        ("明治", 5, 1, 1),
    ],
)
def test_a_day_outside_the_era_is_refused(written):
    with pytest.raises(DateRefused) as refused:
        from_era(*written)
    assert refused.value.code == "not-in-era"


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (("昭和", 65, 4, 1), date(1990, 4, 1)),
        (("平成", 1, 1, 3), date(1989, 1, 3)),
        (("令和", 0, 1, 1), date(2018, 1, 1)),
        (("明治", 5, 12, 31), None),
    ],
)
def test_a_day_of_another_era_comes_with_the_day_that_was_meant(written, right):
    with pytest.raises(DateRefused) as refused:
        from_era(*written)
    assert refused.value.right == right


def test_an_era_that_is_none_is_refused():
    with pytest.raises(DateRefused) as refused:
        from_era("寛政", 1, 1, 1)
    assert refused.value.code == "no-such-era"


def test_there_is_no_era_before_the_gregorian_calendar():
    with pytest.raises(DateRefused):
        to_era(date(1872, 12, 31))
    assert format_ja(date(1872, 12, 31)) == "1872年12月31日"


@pytest.mark.parametrize(
    ("language", "written"), [("ja", "令和8年11月23日"), ("ja-easy", "2026年11月23日"), ("en", "23 November 2026")]
)
def test_a_date_is_written_for_its_reader(language, written):
    assert format_date(date(2026, 11, 23), language) == written


def test_the_first_year_of_an_era_is_written_gannen():
    assert format_ja(date(2019, 5, 1)) == "令和元年5月1日"


def test_a_language_without_a_date_format_is_an_error():
    with pytest.raises(ValueError, match="fr"):
        format_date(date(2026, 1, 1), "fr")


@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 11, 21),  # Saturday
        date(2026, 11, 22),  # Sunday
        date(2026, 11, 23),  # Labour Thanksgiving Day
        date(2026, 5, 6),  # substitute holiday
        date(2026, 9, 22),  # the day between two holidays
        date(2026, 12, 29),
        date(2026, 12, 31),
        date(2025, 1, 1),
        date(2025, 1, 3),
    ],
)
def test_offices_are_closed_on_weekends_holidays_and_at_the_year_end(closed):
    assert not is_open_day(closed)


@pytest.mark.parametrize("opened", [date(2026, 11, 24), date(2026, 12, 28), date(2027, 1, 4)])
def test_offices_are_open_on_other_days(opened):
    assert is_open_day(opened)


def test_counting_starts_on_the_next_open_day():
    assert add_open_days(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert add_open_days(date(2026, 11, 22), 1) == date(2026, 11, 24)


def test_open_days_pass_over_the_year_end():
    assert add_open_days(date(2026, 12, 28), 1) == date(2027, 1, 4)


def test_open_days_cannot_be_counted_backwards():
    assert add_open_days(date(2026, 11, 22), 0) == date(2026, 11, 22)
    with pytest.raises(ValueError, match="forward"):
        add_open_days(date(2026, 11, 22), -1)


@first_use_of_a_year_is_slow
@given(days, st.integers(1, 600))
def test_the_days_between_are_the_days_added(start, count):
    end = add_open_days(start, count)
    assert is_open_day(end)
    assert open_days_between(start, end) == count


@first_use_of_a_year_is_slow
@given(days, st.integers(0, 60))
def test_open_days_between_agree_with_counting_one_by_one(start, length):
    end = start + timedelta(length)
    assert open_days_between(start, end) == sum(is_open_day(start + timedelta(n)) for n in range(1, length + 1))


def test_no_open_days_lie_before_the_start():
    assert open_days_between(date(2026, 11, 24), date(2026, 11, 20)) == 0


def test_the_29th_of_february_becomes_the_28th_in_a_common_year():
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_the_fiscal_year_begins_in_april(day, year):
    assert fiscal_year(day) == year


@pytest.mark.parametrize(
    ("duration", "start", "end"),
    [
        ("6 years", date(2026, 11, 23), date(2032, 11, 23)),
        ("1 year", date(2024, 2, 29), date(2025, 2, 28)),
        ("3 months", date(2026, 11, 30), date(2027, 2, 28)),
        ("14 days", date(2026, 12, 25), date(2027, 1, 8)),
    ],
)
def test_a_period_ends_on_the_corresponding_day(duration, start, end):
    assert parse_duration(duration).after(start) == end


@pytest.mark.parametrize(
    ("duration", "first", "last"),
    [
        ("6 years", date(2032, 6, 16), date(2038, 6, 15)),
        ("6 months", date(2026, 7, 1), date(2026, 12, 31)),
        ("5 years", date(2027, 3, 1), date(2032, 2, 29)),
        ("1 month", date(2027, 1, 31), date(2027, 2, 28)),
        ("14 days", date(2026, 12, 25), date(2027, 1, 7)),
    ],
)
def test_a_period_that_begins_with_a_whole_day_ends_on_the_day_before_the_corresponding_one(duration, first, last):
    assert parse_duration(duration).filling(first) == last


def test_a_duration_reads_back_as_it_is_written():
    assert parse_duration("1 month") == Duration(1, "months")
    assert str(parse_duration("1 month")) == "1 month"
    assert str(parse_duration("14 days")) == "14 days"


@pytest.mark.parametrize(
    "text", ["", "6", "years", "0 days", "-1 days", "6 weeks", "10 working days", "１ year", "6years"]
)
def test_anything_but_a_duration_is_refused(text):
    with pytest.raises(DurationRefused):
        parse_duration(text)
