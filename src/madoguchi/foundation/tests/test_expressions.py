import pytest

from madoguchi.foundation.expressions import ExpressionFailed, ExpressionRefused, age, compile_expression, days


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("water == 'well' && area > 10", {"water", "area"}),
        ("applicant.kind == 'person'", {"applicant"}),
        ("has(applicant.kind) && applicant.kind in ['a', other]", {"applicant", "other"}),
        ("items.all(item, item.size > least)", {"items", "least"}),
        ("items.exists(i, i > 1) && i == 2", {"items", "i"}),
        ("i.map(i, i + 1).size() > 0", {"i"}),
        ("x.filter(y, y.z > 1).exists_one(w, w.z == 2)", {"x"}),
        ("x.all(i, x.all(j, i == j))", {"x"}),
        ("note == 'all(x, y)' // and z", {"note"}),
        ("'''it's''' == note", {"note"}),
        (r"r'\' == note", {"note"}),
        (r"'\'' == note", {"note"}),
        ("size(note) > 1 ? true : null == other", {"note", "other"}),
        ("age(birth, filed) >= 18", {"birth", "filed"}),
        ("{'a': b}.a == 1", {"b"}),
        ("1800", set()),
    ],
)
def test_an_expression_knows_the_answers_it_reads(source, names):
    assert compile_expression(source).names == names


def test_an_expression_is_compiled_once():
    assert compile_expression("a == 1") is compile_expression("a == 1")
    assert compile_expression("a == 1").source == "a == 1"


@pytest.mark.parametrize("source", ["", "a +", "a = 1", "if a", "'open", "(" * 1000, "1+" * 50_000 + "1"])
def test_what_is_not_an_expression_is_refused(source):
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(source)
    assert refused.value.source == source
    assert refused.value.detail


def test_an_unknown_function_is_refused_before_anyone_applies():
    with pytest.raises(ExpressionRefused, match="no such function: ages"):
        compile_expression("ages(birth) > 1")


@pytest.mark.parametrize(
    ("source", "answers", "held"),
    [
        ("water == 'well'", {"water": "well"}, True),
        ("water == 'well'", {"water": "tap", "unread": object()}, False),
        ("opening >= '2026-04-01'", {"opening": "2026-03-31"}, False),
        ("has(p.phone)", {"p": {}}, False),
        ("has(p.phone)", {"p": {"phone": "1"}}, True),
        ("kinds.exists(k, k == 'bar')", {"kinds": ["cafe", "bar"]}, True),
        ("area > 10", {"area": 10.5}, True),
        ("age(birth, on) >= 18", {"birth": "2008-11-24", "on": "2026-11-23"}, False),
        ("days(start, end) <= 14", {"start": "2026-12-25", "end": "2027-01-08"}, True),
        ("name.size() == 2 && size(name) == 2", {"name": "𠮷田"}, True),
        ("names.all(n, n.size () == 2) && names.size() == 1", {"names": ["窓口"]}, True),
        ("note == 'size(x)' && size(note) == 7", {"note": "size(x)"}, True),
        ("item.size == 3 && size(item) == 1", {"item": {"size": 3}}, True),
    ],
)
def test_a_condition_holds_or_not(source, answers, held):
    assert compile_expression(source).holds(answers) is held


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        ("a == 1", {}),
        ("a", {"a": 1}),
        ("a", {"a": "true"}),
        ("a.b == 1", {"a": {}}),
        ("a < 1", {"a": "x"}),
        ("1 / a == 1", {"a": 0}),
        ("age(a, '2026-01-01') > 1", {"a": ""}),
        ("days(a, '2026-01-01') > 1", {"a": 5}),
        ("a == 1", {"a": object()}),
        ("size(a) > 1", {"a": None}),
    ],
)
def test_a_condition_without_a_true_or_false_value_fails(source, answers):
    with pytest.raises(ExpressionFailed):
        compile_expression(source).holds(answers)


def test_a_failure_names_the_missing_answer():
    with pytest.raises(ExpressionFailed, match="'water'"):
        compile_expression("water == 'well'").evaluate({})


def test_a_failure_never_repeats_an_answer(caplog):
    with pytest.raises(ExpressionFailed) as failed:
        compile_expression("int(a) > 1 && age(a, a) > 1").evaluate({"a": "Yamada"})
    assert "Yamada" not in str(failed.value) + caplog.text
    assert failed.value.__cause__ is None


@pytest.mark.parametrize(
    ("source", "answers", "amount"),
    [
        ("18300", {}, 18300),
        ("count * 400", {"count": 3}, 1200),
        ("double(area) * 100.0", {"area": 2}, 200),
        ("double(area) * 100.0", {"area": 2.5}, 250),
        ("area < 50 ? 1000 : 2000", {"area": 50}, 2000),
    ],
)
def test_a_fee_is_whole_yen(source, answers, amount):
    found = compile_expression(source).amount(answers)
    assert found == amount
    assert type(found) is int


@pytest.mark.parametrize("source", ["10.5", "true", "'100'", "null", "1.0 / 0.0", "0.0 / 0.0", "[1]"])
def test_a_fee_that_is_not_whole_yen_fails(source):
    with pytest.raises(ExpressionFailed):
        compile_expression(source).amount({})


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        ("2000-11-23", "2026-11-23", 26),
        ("2000-11-24", "2026-11-23", 25),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
        ("2026-13-01", "2026-11-23", None),
        ("20001123", "2026-11-23", None),
    ],
)
def test_age_is_counted_in_full_years(birth, on, years):
    assert age(birth, on) == years


def test_days_are_negative_backwards():
    assert days("2026-11-23", "2026-11-22") == -1
    assert days("2026-11-23", "") is None
