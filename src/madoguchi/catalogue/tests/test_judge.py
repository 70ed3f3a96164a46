"""A whole application is judged: hidden questions, rules, and every problem at its place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.catalogue.load import build
from madoguchi.catalogue.problems import MAX_PROBLEMS

UPLOAD = "a" * 32


def told(judgement):
    return {(problem.pointer, problem.code) for problem in judgement.problems}


def test_right_answers_have_no_problem_and_are_cleaned(compiled, answers):
    judgement = compiled.judge(answers)
    assert judgement.problems == ()
    assert judgement.answers["kitchen"] == 8.5
    assert judgement.answers["applicant"]["address"]["prefecture"] == "東京都"
    assert judgement.answers["applicant"]["phone"] == "+81312345678"


def test_judging_the_cleaned_answers_again_changes_nothing(compiled, answers):
    once = compiled.judge(answers)
    assert compiled.judge(once.answers) == once


def test_the_answer_of_a_hidden_question_is_dropped(compiled, answers):
    judgement = compiled.judge({**answers, "water_test": [UPLOAD]})
    assert "water_test" not in judgement.answers
    assert judgement.problems == ()


def test_a_hidden_question_is_not_even_looked_at(compiled, answers):
    assert compiled.judge({**answers, "water_test": {"bad": "\x00"}}).problems == ()


def test_a_question_that_is_asked_must_be_answered(compiled, answers):
    assert told(compiled.judge({**answers, "water": "well"})) == {("/water_test", "missing")}


def test_what_hangs_on_a_hidden_question_is_hidden_too(definition, answers):
    chain = {"id": "lab", "type": "text", "label": "機関", "when": "size(water_test) > 0", "when_text": "場合"}
    definition["form"][1]["questions"].insert(3, chain)
    compiled = build(definition, {})
    given_ = {**answers, "water_test": [UPLOAD], "lab": "甲"}
    assert "lab" not in compiled.judge(given_).answers
    assert compiled.judge({**given_, "water": "well"}).answers["lab"] == "甲"


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_answer_is_a_missing_one(blank, compiled, answers):
    assert told(compiled.judge({**answers, "trade_name": blank})) == {("/trade_name", "missing")}


def test_every_problem_is_told_at_once_those_of_rules_too(compiled, answers):
    answers |= {"kitchen": 30, "wells": 10, "trade_name": "", "moon": 1}
    answers["applicant"] |= {"kana": "漢字", "phone": "1", "name": ""}
    assert told(compiled.judge(answers)) == {
        ("/moon", "unknown-question"),
        ("/applicant/name", "missing"),
        ("/applicant/kana", "not-kana"),
        ("/applicant/phone", "not-a-phone"),
        ("/trade_name", "missing"),
        ("/wells", "too-large"),
        ("/kitchen", "constraint"),
    }


def test_a_rule_over_a_wrong_answer_is_not_judged(compiled, answers):
    assert told(compiled.judge({**answers, "area": "広い", "kitchen": 30})) == {("/area", "not-a-number")}


def test_a_rule_may_point_at_a_part(definition, answers):
    definition["constraints"][0] = {
        "id": "adult",
        "rule": "applicant.birth_date == '' || age(applicant.birth_date, '2026-04-01') >= 18",
        "message": "18歳以上です。",
        "at": "applicant.birth_date",
    }
    answers["applicant"]["birth_date"] = "2020-01-01"
    judgement = build(definition, {}).judge(answers)
    assert told(judgement) == {("/applicant/birth_date", "constraint")}
    assert judgement.problems[0].params == {"constraint": "adult"}


def corporation(answers, rows):
    party = {part: answers["applicant"][part] for part in ("name", "kana", "address", "phone")}
    return {**answers, "applicant": {"kind": "corporation", **party}, "officers": rows}


def test_rows_are_judged_each_for_itself(compiled, answers):
    rows = [{"name": "甲", "role": "head"}, {"role": "other"}, {"name": "乙", "role": "tail", "moon": 1}]
    assert told(compiled.judge(corporation(answers, rows))) == {
        ("/officers/1/name", "missing"),
        ("/officers/1/role_name", "missing"),
        ("/officers/2/role", "not-an-option"),
        ("/officers/2/moon", "unknown-question"),
    }


def test_the_hidden_questions_of_a_row_are_dropped(compiled, answers):
    judgement = compiled.judge(corporation(answers, [{"name": "甲", "role": "head", "role_name": "社長"}]))
    assert judgement.problems == ()
    assert judgement.answers["officers"] == [{"name": "甲", "role": "head"}]


def test_a_rule_reads_an_unanswered_part_as_blank(definition, answers):
    definition["constraints"][0]["rule"] = "officers.all(o, o.role_name != '社長') && applicant.birth_date == ''"
    judgement = build(definition, {}).judge(corporation(answers, [{"name": "甲", "role": "head"}]))
    assert judgement.problems == ()


def test_the_fee_depends_on_the_answers(compiled, answers):
    cleaned = compiled.judge(answers).answers
    assert compiled.fee(cleaned) == 14400
    assert compiled.fee({**cleaned, "water": "well", "wells": 2}) == 18500


def test_no_fee_is_none(definition, answers):
    del definition["fee"]
    assert build(definition, {}).fee(answers) is None


def test_unknown_keys_are_told_shortened_and_printable(compiled, answers):
    judgement = compiled.judge({**answers, "\ud800": 1, "x" * 5000: 2})
    keys = [problem.path[0] for problem in judgement.problems]
    assert keys == ["?", "x" * 60]


def test_endless_problems_are_cut(compiled, answers):
    judgement = compiled.judge({**answers, **{f"k{n}": n for n in range(5000)}})
    assert len(judgement.problems) == MAX_PROBLEMS


def test_the_published_schema_accepts_what_was_judged_right(compiled, answers):
    import jsonschema_rs

    validator = jsonschema_rs.Draft202012Validator(compiled.schema)
    assert validator.is_valid(compiled.judge(answers).answers)
    assert not validator.is_valid({})


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.just("\ud800")
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)
IDS = ["applicant", "trade_name", "water", "water_test", "wells", "area", "kitchen", "officers", "truth"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(given_=st.dictionaries(st.sampled_from(IDS) | st.text(max_size=5), anything, max_size=10))
def test_no_answers_make_it_raise(given_, compiled, answers):
    compiled.judge(given_)
    judgement = compiled.judge({**answers, **given_})
    if not judgement.problems:
        assert compiled.judge(judgement.answers) == judgement
        assert compiled.fee(judgement.answers) >= 0
