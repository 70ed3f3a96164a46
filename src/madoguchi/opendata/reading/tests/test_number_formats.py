# ruff: noqa: E501
"""A number is read as its spreadsheet shows it, or it is told why that cannot be known. Nothing is guessed."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.opendata.reading.number_formats import Unshown, shown, shown_text

ACCOUNTING = '_ "¥"* #,##0_ ;_ "¥"* \\-#,##0_ ;_ "¥"* "-"_ ;_ @_ '
DAY = 46113  # 2026-04-01


@pytest.mark.parametrize(
    ("value", "code", "text", "plain"),
    [
        (600042, "0000000", "0600042", "0600042"), (1, "000000", "000001", "000001"), (1234567, "#,##0", "1,234,567", "1234567"),
        (0.125, "0.0%", "12.5%", "12.5%"), (0.125, "0%", "13%", "13%"), (1.005, "0.00", "1.01", "1.01"),
        (1234567, "#,##0,", "1,235", "1235"), (1234567, "#,##0.0,,", "1.2", "1.2"),
        (312223333, "00-0000-0000", "03-1222-3333", "03-1222-3333"), (2310001, "000\\-0000", "231-0001", "231-0001"),
        (2310001, "[<=999]000;[<=9999]000\\-00;000\\-0000", "231-0001", "231-0001"),
        (0.30000000000000004, "General", "0.3", "0.3"), (200_000_000_000, "General", "200000000000", "200000000000"),
        (-5, '#,##0;"▲ "#,##0', "▲5", "-5"), (-5, "#,##0_);(#,##0)", "(5)", "-5"), (5, "+0;-0;0", "+5", "5"),
        (0, ACCOUNTING.replace('"¥"', ""), "-", "0"), (1200, '"¥"#,##0', "¥1,200", "¥1,200"),
        (1200, '#,##0"人"', "1,200人", "1,200人"), (2024, '0"年度"', "2024年度", "2024年度"), (0, "#", "", ""),
        (3, "G/標準", "3", "3"), (-0.001, "0.00", "0.00", "0.00"), (0.5, ".00", ".50", "0.50"), (12, '"第"0"号"', "第12号", "第12号"), (3, '@"円"', "3円", "3円"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_shown(value, code, text, plain):
    assert shown(value, code)[:2] == (text, plain)


@pytest.mark.parametrize(
    ("value", "code", "text", "plain"),
    [
        (DAY, "yyyy/m/d", "2026/4/1", "2026-04-01"), (DAY, '[$-411]ggge"年"m"月"d"日"', "令和8年4月1日", "2026-04-01"),
        (DAY, "[$-411]ge.m.d", "R8.4.1", "2026-04-01"), (DAY, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "Wednesday, April 01, 2026", "2026-04-01"),
        (DAY, "yyyy/m/d(aaa)", "2026/4/1(水)", "2026-04-01"), (DAY + 0.4375, "yyyy/m/d h:mm", "2026/4/1 10:30", "2026-04-01T10:30"),
        (DAY, 'yyyy"年"m"月"', "2026年4月", "2026年4月"), (DAY, 'm"月"d"日"', "4月1日", "4月1日"), (DAY, 'ggge"年"', "令和8年", "令和8年"),
        (0.375, "h:mm", "9:00", "9:00"), (25 / 24, "[h]:mm", "25:00", "25:00"), (25 / 24, "[hh]:mm:ss", "25:00:00", "25:00:00"),
        (0.4375, "h:mm AM/PM", "10:30 AM", "10:30 AM"), (0.4375, 'h"時"mm"分"', "10時30分", "10時30分"), (1 / 1440, "[mm]:ss", "01:00", "01:00"),
    ],
)  # fmt: skip
def test_a_day_or_time_is_read_as_it_is_shown(value, code, text, plain):
    assert shown(value, code)[:2] == (text, plain)


@pytest.mark.parametrize(
    ("value", "code", "why"),
    [
        (8000020130001, "General", "exponent"), (8000020130001, "0.00E+00", "exponent"), (5, ";;;", "value-hidden"),
        (-5, "#,##0;[Red]#,##0", "sign-hidden"), (25 / 24, "h:mm", "day-hidden"), (0.5, "# ?/?", "format-unknown"),
        (5, "[DBNum1]General", "format-unknown"), (5, "0.0x", "format-unknown"), (-1, "yyyy/m/d", "hash"), (60, "yyyy/m/d", "no-such-day"),
        (DAY, 'e"年"', "format-unknown"), (DAY, "[$-E]mmm", "format-unknown"), (5, "[>10]0", "hash"), (0.5, "mm:ss.0", "format-unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_known_is_told(value, code, why):
    with pytest.raises(Unshown) as no:
        shown(value, code)
    assert no.value.code == why


def test_the_calendar_of_1904_is_four_years_later():
    assert shown(DAY - 1462, "yyyy-mm-dd", from_1904=True).plain == "2026-04-01"


def test_a_text_under_a_format():
    assert [shown_text("甲", code) for code in ("General", "@", "0", '0;0;0;@"様"', "#,##0")] == [
        "甲",
        "甲",
        "甲",
        "甲様",
        "甲",
    ]
    with pytest.raises(Unshown):
        shown_text("甲", ";;;")


@given(st.integers(-(10**14), 10**14), st.integers(1, 10))
@example(0, 7)
def test_zeros_in_front_are_kept_whatever_the_number(number, width):
    assert shown(number, "0" * width).plain == f"{number:0{width + (number < 0)}}"


@given(st.decimals(-(10**9), 10**9, places=5), st.integers(0, 4))
def test_decimals_are_rounded_as_spreadsheets_round(number, places):
    value = float(number)
    expected = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    expected = abs(expected) if expected == 0 else expected
    for code in ("0", "#,##0"):
        told = shown(value, f"{code}.{'0' * places}".rstrip("."))
        assert told.plain == f"{expected:f}"
        assert told.text.replace(",", "") == told.plain


@given(
    st.dates(date(1900, 3, 1), date(2199, 12, 31)), st.sampled_from(["yyyy/m/d", "ggge年m月d日", "m/d/yy", "d-mmm-yy"])
)
def test_a_whole_day_is_the_same_day_under_every_format(day, code):
    assert shown((day - date(1899, 12, 30)).days, code).plain == day.isoformat()


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_hours_may_be_more_than_a_clock_has(length):
    seconds = round(length.total_seconds())
    told = shown(seconds / 86400, "[h]:mm:ss").text
    hours, minutes, rest = map(int, told.split(":"))
    assert hours * 3600 + minutes * 60 + rest == seconds


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?,.%;[]"-+/ ymdhsgeE@_*\\年▲(<>=19', max_size=14),
)
def test_no_format_breaks_the_reading(value, code):
    try:
        told = shown(value, code)
    except Unshown as no:
        assert no.code
    else:
        assert isinstance(told.plain, str)
