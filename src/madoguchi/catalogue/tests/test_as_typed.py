"""What was typed stays beside what it means; judged again it means the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.typed import difference, over

from .test_hostile_answers import ANSWERED, KEYS

IN_A_ROW = [kind for kind in ANSWERED if kind not in ("party", "group", "file")]
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


samples = ["１２", "1,200", "ﾔﾏﾀﾞ", "0９0-1234-5678", "a@b.jp\u200b", "\u3164", "", "tap", "yes", "１００-0001"]
words = st.sampled_from([*samples, "令和8年4月1日", "2026/4/1", "港区"]) | st.text(max_size=8)
parts = st.sampled_from(
    ["name", "kana", "phone", "email", "postal_code", "prefecture", "town", "street", "era", "year", "month", "day"]
)
as_typed = st.recursive(
    words | st.booleans() | st.integers(-5, 3000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(parts, inner, max_size=8),
    max_leaves=12,
)
people = st.fixed_dictionaries({"kind": st.sampled_from(["person", "corporation"]), "name": words}).flatmap(
    lambda person: st.dictionaries(parts, as_typed, max_size=5).map(lambda more: {**more, **person})
)


@pytest.mark.parametrize("kind", ANSWERED)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=as_typed | people)
def test_judging_what_was_typed_again_changes_nothing(kind, typed, question):
    inner = [{"id": f"q_{one.replace('-', '_')}", "type": one, "label": one, **KEYS.get(one, {})} for one in IN_A_ROW]
    asked = {**KEYS, "group": {"row_label": "人", "questions": inner}}
    made = question(kind, **asked.get(kind, {}))
    if kind == "group":  # the same in every column
        typed = [{f"q_{one.replace('-', '_')}": typed for one in IN_A_ROW}]
    try:
        stored = made.clean(typed)
    except Refused as refused:
        stored = refused.partial
    if stored:
        assert judged(made, over(stored, difference(typed, stored))) == judged(made, stored) == stored


def judged(made, value):
    try:
        return made.clean(value)
    except Refused as refused:
        return refused.partial
