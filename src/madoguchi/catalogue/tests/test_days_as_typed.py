"""A day is what was typed, or it is asked again: never the year 8, never a day that nobody lives to see."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.questions.date import cleaned_date, date_fields
from madoguchi.foundation.dates import EARLIEST, add_years, to_era, today


def parts(era, year, month=4, day=1):
    return {"era": era, "year": str(year), "month": str(month), "day": str(day)}


REFUSED = [
    (parts("西暦", 8, 11, 30), "unclear-year", "year"), (parts("", 63), "unclear-year", "year"),
    (parts("西暦", "0008"), "unclear-year", "year"), (parts("平成", 1996), "unclear-year", "year"),
    (parts("西暦", "元"), "unclear-year", "year"), (parts("昭和", 63, 2, 30), "no-such-day", "day"),
    (parts("西暦", 2026, 13, 1), "no-such-day", "day"), (parts("昭和", 65), "not-in-era", "era"),
    (parts("平成", "元", 1, 3), "not-in-era", "era"), (parts("明治", 5), "too-early", "year"),
    (parts("江戸", 5), "no-such-era", "era"), (parts("西暦", "2 026"), "not-a-date", "year"),
    (parts("西暦", "2026²"), "not-a-date", "year"), (parts("西暦", 2026, "\u200b"), "no-month", "month"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "code", "part"), REFUSED)
def test_a_day_that_is_not_certain_is_asked_again_at_its_part(typed, code, part):
    with pytest.raises(Refused) as refused:
        cleaned_date(typed)
    assert (refused.value.code, refused.value.sub) == (code, (part,))


@pytest.mark.parametrize("year", ["２０２６", "\u202a2026\u202c", " 2026 "])
def test_a_year_in_other_guises_is_read(year):
    assert cleaned_date(parts("西暦", year)) == cleaned_date(parts("", year)) == "2026-04-01"


@given(st.dates(EARLIEST, date(2140, 12, 31)))
def test_every_day_is_read_back_from_its_era_and_from_its_western_year(day):
    era, year = to_era(day)
    assert cleaned_date(parts(era, year, day.month, day.day)) == day.isoformat()
    assert cleaned_date(parts("西暦", day.year, day.month, day.day)) == day.isoformat()


typed_parts = st.dictionaries(
    st.sampled_from(["era", "year", "month", "day"]),
    st.text(max_size=6) | st.sampled_from(["西暦", "令和", "昭和", "元", "0", "²"]) | st.integers(-5, 10_000).map(str),
)


@given(typed_parts | st.text())
def test_anything_typed_is_a_day_nothing_or_refused(typed):
    try:
        found = cleaned_date(typed)
    except Refused:
        return
    assert found is None or date.fromisoformat(found).year > 0


UNLIKELY = [
    ("0008-11-30", "too-early"), ("1872-12-31", "too-early"), ("9999-12-31", "too-late"), ("2200-01-01", "too-late"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "code"), UNLIKELY)
def test_a_day_that_no_office_plans_for_or_remembers_is_refused(day, code, question):
    assert [problem.code for problem in question("date").examine(day, ("q",))] == [code]
    group = question("group", row_label="人", questions=[{"id": "born", "type": "date", "label": "日"}])
    assert [(p.pointer, p.code) for p in group.examine([{}, {"born": day}], ("q",))] == [("/q/1/born", code)]


@pytest.mark.parametrize(("day", "code"), [*UNLIKELY, ("tomorrow", "too-late"), ("131 years ago", "too-early")])
def test_nobody_is_born_after_today_or_longer_ago_than_anybody_lived(day, code, question):
    named = {"tomorrow": today() + timedelta(1), "131 years ago": add_years(today(), -131)}
    day = str(named.get(day, day))
    party = question("party", ask=["birth_date"])
    found = list(party.examine({"kind": "person", "name": "甲", "birth_date": day}, ("q",)))
    assert [(problem.pointer, problem.code) for problem in found] == [("/q/birth_date", code)]


def test_a_definition_may_set_its_own_limits(question):
    assert not list(question("date", not_before="1600-01-01", not_after="2500-01-01").examine("1603-03-24", ("q",)))


@pytest.mark.parametrize(
    "typed", ["2026-04-01", "2026/4/1", "2026年4月1日", "令和8年4月1日", "令和８年 ４月 １日", "西暦2026年04月01日"]
)
def test_a_day_in_one_text_is_read_as_its_four_fields_are(typed):
    assert cleaned_date(typed) == cleaned_date(date_fields(typed)) == "2026-04-01"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("8年4月1日", "unclear-year"), ("平成38年4月1日", "not-in-era"), ("令和8年4月31日", "no-such-day"),
        ("R8.4.1", "not-a-date"), ("4月1日", "not-a-date"), ("01/04/2026", "not-a-date"), ("今日", "not-a-date"),
        ("2026-04-01T00:00", "not-a-date"),
    ],
)  # fmt: skip
def test_and_refused_at_the_question_itself(typed, code):
    with pytest.raises(Refused) as refused:
        cleaned_date(typed)
    assert (refused.value.code, refused.value.sub) == (code, ())
