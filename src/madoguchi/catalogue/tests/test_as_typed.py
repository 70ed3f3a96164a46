"""What was typed stays beside what it means; judged again it means the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.typed import difference, over

BORN = {"era": "昭和", "year": "63", "month": "2", "day": "29"}
CASES = [
    ("1,200", 1200, "1,200"), ("1200", 1200, None), ("52.50", 52.5, "52.50"), ("１２", 12, "１２"), (12, 12, None),
    (" 甲\r\n乙 ", "甲\n乙", None), ("か\u3099", "が", None), ("ﾔﾏﾀﾞ", "ヤマダ", "ﾔﾏﾀﾞ"), ("yes", True, None),
    (BORN, "1988-02-29", BORN), (["a", "b"], ["a", "b"], None), ("", None, None), (None, 5, None),
    ({"name": "甲", "phone": "０９０"}, {"kind": "person", "name": "甲", "phone": "+8190"}, {"phone": "０９０"}),
    ([{"n": "1"}, {"n": "２"}], [{"n": 1}, {"n": 2}], [{}, {"n": "２"}]),
    ([{"n": "1"}], [{"n": 1}], None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "stored", "kept"), CASES)
def test_only_what_differs_to_the_eye_is_kept(typed, stored, kept):
    assert difference(typed, stored) == kept


@pytest.mark.parametrize(("typed", "stored", "kept"), CASES)
def test_over_what_is_stored_it_stands_as_it_was_typed(typed, stored, kept):
    again = over(stored, kept)
    assert difference(again, stored) == kept


def test_a_part_that_was_filled_in_stays_beside_the_typed_ones():
    assert over({"postal_code": "100-0001", "town": "甲"}, {"postal_code": "1000001", "town": ""}) == {
        "postal_code": "1000001", "town": "甲",
    }  # fmt: skip


samples = ["１２", "1,200", "やまだ", "ﾔﾏﾀﾞ", "0９0-1234-5678", "a@b.jp\u200b", "\u3164", ""]
words = st.sampled_from(samples) | st.text(max_size=8)
PARTS = ["name", "kana", "phone", "email"]
KINDS = {"number": {}, "money": {}, "kana": {}, "phone": {}, "email": {}, "text": {}, "long-text": {}, "date": {}}


@pytest.mark.parametrize("kind", [*KINDS, "party", "group"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_judging_what_was_typed_again_changes_nothing(kind, data, question):
    inner = [{"id": one.replace("-", "_"), "type": one, "label": one} for one in KINDS]
    keys = {"party": {"ask": PARTS[1:]}, "group": {"row_label": "人", "questions": inner}}
    made = question(kind, **keys.get(kind, {}))
    if kind == "party":
        typed = {"kind": "person", **data.draw(st.dictionaries(st.sampled_from(PARTS), words))}
    else:
        typed = data.draw(st.one_of(words, st.fixed_dictionaries(dict.fromkeys(("year", "month", "day"), words))))
    try:
        stored = made.clean(typed)
    except Refused:
        return
    if stored is not None:
        assert made.clean(over(stored, difference(typed, stored))) == stored
