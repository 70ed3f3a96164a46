"""What an example tells when the judgement is another one."""

import pytest

from madoguchi.catalogue.checking.examples import Example, difference, load_examples, read_example
from madoguchi.platform.definitions import DefinitionRefused


def example(answers, **outcome):
    return Example.model_validate({"title": "ある申請", "answers": answers, "outcome": outcome})


def test_nothing_when_accepted_with_its_fee(compiled, answers):
    assert difference(compiled, example(answers, accepted=True, fee=14400)) == []


def test_another_fee(compiled, answers):
    assert difference(compiled, example(answers, accepted=True, fee=0)) == ["expected the fee 0, but it is 14400"]


def test_a_problem_where_none_was_expected(compiled, answers):
    del answers["water"]
    assert difference(compiled, example(answers, accepted=True)) == ["expected to be accepted, but missing at /water"]


def test_the_set_of_problems_must_be_the_same(compiled, answers):
    answers["wells"] = 10
    problems = [{"pointer": "/water", "code": "missing"}]
    assert difference(compiled, example(answers, accepted=False, problems=problems)) == [
        "expected missing at /water, but it was not found",
        "found too-large at /wells, which was not expected",
    ]


def test_nothing_when_all_problems_were_expected(compiled, answers):
    answers |= {"wells": 10, "kitchen": 30}
    problems = [{"pointer": "/wells", "code": "too-large"}, {"pointer": "/kitchen", "code": "constraint"}]
    assert difference(compiled, example(answers, accepted=False, problems=problems)) == []


def test_examples_are_read_by_name_with_days_as_text(write, definition):
    examples = {"b": {"title": "二つ目の例", "answers": {}, "outcome": {"accepted": True}}}
    folder = write(definition, examples=examples)
    first = "title: 一つ目の例\nanswers: {d: 2026-04-01}\noutcome: {accepted: true}\n"
    (folder / "examples" / "a.yaml").write_text(first)
    assert [(file.stem, one.answers) for file, one in load_examples(folder)] == [("a", {"d": "2026-04-01"}), ("b", {})]


def test_a_procedure_without_examples_has_none(tmp_path):
    assert load_examples(tmp_path) == []


@pytest.mark.parametrize("outcome", ["{accepted: maybe}", "{accepted: false}", "{accepted: false, problems: []}"])
def test_an_outcome_of_another_shape_is_refused(outcome, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(f"title: ある申請\nanswers: {{}}\noutcome: {outcome}\n")
    with pytest.raises(DefinitionRefused):
        read_example(file)
