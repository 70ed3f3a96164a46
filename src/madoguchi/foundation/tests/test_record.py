import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.foundation.record import GENESIS, NotRecordable, canonical, first_break, link

words = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner) | st.dictionaries(words, inner),
    max_leaves=4,
)
payloads = st.dictionaries(words, values, max_size=2)
few = settings(max_examples=25, deadline=None)


def chain(contents):
    events, previous = [], GENESIS
    for payload in contents:
        events.append({"previous": previous, "hash": link(previous, payload), "payload": payload})
        previous = events[-1]["hash"]
    return events


def test_the_canonical_form_is_sorted_tight_and_unescaped():
    assert canonical({"b": [1, 2.5, None], "a": "窓口"}) == '{"a":"窓口","b":[1,2.5,null]}'.encode()


@given(values)
def test_the_canonical_form_reads_back_as_the_same_value(value):
    assert json.loads(canonical(value)) == value


@given(values)
def test_the_canonical_form_of_what_was_read_back_is_the_same(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_a_whole_number_has_one_form_however_it_is_held():
    assert canonical([2.0, -0.0, 1e16]) == b"[2,0,10000000000000000]"


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {1: "a"}, {"a": {None: 1}}, object(), b"a", {1, 2}, "\ud800"]
)
def test_what_has_no_json_form_is_refused(value):
    with pytest.raises(NotRecordable):
        canonical({"in": [value]})


def test_a_link_is_the_hash_of_what_came_before_and_what_happened():
    assert link(GENESIS, {}) == "5508d2b710e64bc470079e1b211d9c58e21011e59d0559e422345dc19d659a75"
    assert link(GENESIS, {"a": 1}) != link("1" * 64, {"a": 1})


@few
@given(st.lists(payloads, max_size=3))
def test_an_untouched_chain_has_no_break(contents):
    assert first_break(chain(contents)) is None


@few
@given(st.lists(payloads, min_size=1, max_size=3), st.data())
def test_a_changed_payload_breaks_the_chain_there(contents, data):
    events = chain(contents)
    position = data.draw(st.integers(0, len(events) - 1))
    events[position]["payload"] = {**events[position]["payload"], "added": "later"}
    if events[position]["payload"] != contents[position]:
        assert first_break(events) == position


def test_a_removed_or_reordered_event_breaks_the_chain():
    events = chain([{"n": 1}, {"n": 2}, {"n": 3}])
    assert first_break([events[0], events[2]]) == 1
    assert first_break([events[1], events[0], events[2]]) == 0
    assert first_break(events[1:]) == 0


def test_an_event_rehashed_after_a_change_still_breaks_the_next():
    events = chain([{"n": 1}, {"n": 2}])
    events[0] |= {"payload": {"n": 9}, "hash": link(GENESIS, {"n": 9})}
    assert first_break(events) == 1
