"""No answer makes a question type raise anything but a refusal, and cleaning twice changes nothing."""

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.questions import TYPES
from madoguchi.catalogue.questions.party import ORDER

OPTIONS = [{"id": "tap", "label": "水道水"}, {"id": "well", "label": "井戸水"}]
TEXT = {"id": "name", "type": "text", "label": "名"}
KEYS = {
    "number": {"decimals": 3},
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "party": {"ask": list(ORDER[2:])},
    "group": {"row_label": "人", "questions": [TEXT]},
    "declaration": {"text": "誓います。"},
    "information": {"text": "お知らせ"},
}
KINDS = [kind.model_fields["type"].annotation.__args__[0] for kind in TYPES]
ANSWERED = [kind for kind in KINDS if kind != "information"]
WRITTEN = ["text", "long-text", "kana", "number", "money", "date", "choice", "yes-no", "email", "phone", "declaration"]
MY_NUMBER = "621498320257"

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
    | st.sampled_from(["tap", "yes", "person", "corporation", "2026-04-01", "a@b.jp", "カナ", "\ud800"])
    | st.from_regex(r"[0-9０-９+¥,.() -]{1,20}", fullmatch=True)
)  # fmt: skip
keys = st.sampled_from([*ORDER, "era", "year", "month", "day", "postal_code", "town", "street"]) | st.text(max_size=5)
answers = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6), max_leaves=12
)


@pytest.fixture
def build(question):
    return lambda kind: question(kind, **KEYS.get(kind, {}))


def cleaned(question, value):
    try:
        return question.clean(value)
    except Refused as refused:
        refused.all_at(("q",))
        return None


@pytest.mark.parametrize("kind", ANSWERED)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=answers)
def test_nothing_raises_and_cleaning_twice_changes_nothing(kind, value, build):
    question = build(kind)
    if (once := cleaned(question, value)) is not None:
        assert question.clean(once) == once


@pytest.mark.parametrize("kind", ANSWERED)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=answers)
def test_what_is_cleaned_can_be_told_by_the_schema_and_examined_when_it_fits(kind, value, build):
    question = build(kind)
    if (once := cleaned(question, value)) is not None:
        validator = jsonschema_rs.Draft202012Validator(question.schema(), validate_formats=True)
        if validator.is_valid(once):
            list(question.examine(once, ("q",)))
        elif kind not in ("address", "party", "group", "choices", "file", "number", "money"):
            raise AssertionError(f"{once!r} passed the cleaning and does not fit the schema")


@pytest.mark.parametrize("kind", [kind for kind in WRITTEN if kind not in ("yes-no", "declaration")])
def test_a_hundred_kilobytes_are_refused(kind, build):
    with pytest.raises(Refused):
        build(kind).clean("あ" * 100_000)


@pytest.mark.parametrize("bad", ["甲\x00乙", "甲\x1b乙", "甲\ud800乙"])
@pytest.mark.parametrize("kind", ["email", "phone"])
def test_control_characters_in_a_code_are_refused(kind, bad, build):
    with pytest.raises(Refused) as refused:
        build(kind).clean(bad)
    assert refused.value.code == "control-character"


@pytest.mark.parametrize("bad", ["甲\x00乙", "甲\x1b乙", "甲\ud800乙", "甲\u202e乙", "甲\u2066乙"])
@pytest.mark.parametrize("kind", ["text", "long-text", "kana"])
def test_characters_that_deceive_or_cannot_be_stored_are_refused(kind, bad, build):
    with pytest.raises(Refused) as refused:
        build(kind).clean(bad)
    assert refused.value.code in ("control-character", "direction-control")


@pytest.mark.parametrize("part", ["name", "representative"])
@pytest.mark.parametrize("bad", ["甲\x00乙", "甲\u202e乙", "あ" * 100_000])
def test_the_parts_of_a_party_are_guarded_too(part, bad, build):
    with pytest.raises(Refused) as refused:
        build("party").clean({"kind": "corporation", part: bad})
    assert refused.value.sub == (part,)


NAMES = ["髙橋", "山﨑", "𠮷田", "葛\U000e0100城", "\ufa19谷", "辻\U000e0101", "德\ufa15"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_exactly_as_written(name, build):
    assert build("text").clean(name) == name
    assert build("long-text").clean(name) == name
    assert build("party").clean({"kind": "person", "name": name})["name"] == name
    assert build("address").clean({"street": name})["street"] == name


@pytest.mark.parametrize(
    ("kind", "value", "places"),
    [
        ("text", "甲", [("q",)]),
        ("long-text", "甲\n乙", [("q",)]),
        ("email", "a@example.jp", [("q",)]),
        (
            "address",
            {"town": "甲", "street": "1", "building": "乙"},
            [("q", "town"), ("q", "street"), ("q", "building")],
        ),
        (
            "party",
            {"kind": "person", "name": "甲", "address": {"street": "1"}},
            [("q", "name"), ("q", "address", "street")],
        ),
        ("phone", "+819012345678", []),
        ("money", 123456789018, []),
    ],
)
def test_every_text_that_a_person_writes_is_looked_at(kind, value, places, build):
    assert [place for place, _text in build(kind).free_texts(value, ("q",))] == places


def test_an_amount_of_twelve_digits_is_an_amount(build):
    assert build("money").clean(MY_NUMBER) == int(MY_NUMBER)


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_says_what_it_is_to_the_form_and_to_rules(kind, build):
    question = build(kind)
    assert question.control
    assert question.fields(None) is not None
    assert question.in_rules(None) is not None
