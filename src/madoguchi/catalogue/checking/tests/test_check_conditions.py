"""Conditions, rules and fees are tried out over what answers can be."""

import pytest


def asked_when(tree, condition, **question):
    extra = {"id": "extra", "type": "text", "label": "問い", "when": condition, "when_text": "場合", **question}
    tree["form"][1]["questions"].insert(7, extra)


def sentences(faults):
    return [fault.sentence for fault in faults()]


NEVER = [
    "water == 'wel'",
    "water == 'tap' && water == 'well'",
    "wells > 9",
    "wells < 0",
    "wells > 3 && wells < 3",
    "size(water_test) > 5",
    "size(water_test) > 0 && water == 'tap'",
    "applicant.kind == 'corporation' && applicant.birth_date != ''",
    "size(trade_name) > 60",
    "size(officers) > 0 && applicant.kind == 'person'",
    "officers.exists(o, o.role == 'tail')",
    "officers.exists(o, o.role == 'head' && o.role_name != '')",
    "applicant.birth_date > '2999-01-01'",
    "false",
]


@pytest.mark.parametrize("condition", NEVER)
def test_a_question_that_is_never_asked_is_found(condition, write, definition, faults):
    asked_when(definition, condition)
    write(definition)
    assert any("never asked" in sentence for sentence in sentences(faults)), sentences(faults)


ALWAYS = ["water != 'wel'", "water == 'tap' || water == 'well'", "wells <= 9", "area >= 1.0", "trade_name != ''"]


@pytest.mark.parametrize("condition", ALWAYS)
def test_a_condition_that_always_holds_is_found(condition, write, definition, faults):
    asked_when(definition, condition)
    write(definition)
    assert any("always holds" in sentence for sentence in sentences(faults)), sentences(faults)


DECIDING = [
    "water == 'well'",
    "wells == 9",
    "wells > 3 && wells < 5",
    "area > 100.5",
    "double(wells) * 2.0 > area",
    "kitchen > area / 2.0",
    "trade_name == 'いど屋'",
    "trade_name.contains('屋')",
    "trade_name.startsWith('い') && size(trade_name) == 3",
    "size(trade_name) > 20",
    "trade_name.matches('^[0-9]{7}$')",
    "size(water_test) >= 2",
    "applicant.kind == 'corporation'",
    "applicant.address.prefecture == '神奈川県'",
    "applicant.birth_date > '2006-04-01'",
    "age(applicant.birth_date, '2026-04-01') < 18",
    "size(officers) > 3",
    "officers.exists(o, o.role == 'other')",
    "officers.all(o, o.role_name == '社長')",
    "water in ['well', 'tap'] && wells != 1",
    "applicant.name != trade_name",
]


@pytest.mark.parametrize("condition", DECIDING)
def test_a_condition_that_decides_something_is_no_fault(condition, write, definition, faults):
    asked_when(definition, condition)
    definition["form"][1]["questions"][7]["required"] = False
    write(definition)
    assert [s for s in sentences(faults) if "expected" not in s] == []


@pytest.mark.parametrize(
    ("condition", "wrong"),
    [
        ("water == 'wel'", "water is never 'wel'"),
        ("'wel' != water", "water is never 'wel'"),
        ("water in ['tap', 'wel']", "water is never 'wel'"),
        ("applicant.kind == 'company'", "applicant.kind is never 'company'"),
        ("officers.exists(o, o.role == 'tail')", "officers.role is never 'tail'"),
    ],
)
def test_an_option_that_does_not_exist_is_found(condition, wrong, write, definition, faults):
    asked_when(definition, condition)
    write(definition)
    assert wrong in sentences(faults)


def test_a_yes_or_no_is_not_compared_with_a_text(write, definition, faults):
    definition["form"][1]["questions"].insert(7, {"id": "sure", "type": "yes-no", "label": "よいか"})
    asked_when(definition, "sure == 'yes'")
    tree = definition["form"][1]["questions"]
    tree[7], tree[8] = tree[8], tree[7]
    write(definition)
    assert "sure is never 'yes'" in sentences(faults)


def test_an_agreement_decides_nothing_since_it_is_always_given(write, definition, faults):
    extra = {"id": "extra", "type": "text", "label": "問い", "when": "truth", "when_text": "場合"}
    definition["form"][1]["questions"].append(extra)
    write(definition)
    assert any("always holds" in sentence for sentence in sentences(faults))


def test_a_condition_inside_a_row_may_read_the_row_and_what_stands_before(write, definition, faults):
    row = definition["form"][1]["questions"][6]["questions"]
    condition = {"when": "role == 'head' && wells > 2", "when_text": "場合"}
    row.append({"id": "deed", "type": "text", "label": "証", **condition})
    write(definition)
    assert sentences(faults) == []


def test_a_condition_inside_a_row_that_never_holds_is_found(write, definition, faults):
    definition["form"][1]["questions"][6]["questions"][2]["when"] = "role == 'head' && role == 'other'"
    write(definition)
    assert any("never asked" in sentence for sentence in sentences(faults))


def with_rule(tree, rule, at="kitchen"):
    tree["constraints"].append({"id": "more", "rule": rule, "message": "違います。", "at": at})


def test_a_rule_that_can_never_hold_is_found(write, definition, faults):
    with_rule(definition, "area < 1.0")
    write(definition)
    assert any("nobody could apply" in sentence for sentence in sentences(faults))


def test_a_rule_that_always_holds_is_found(write, definition, faults):
    with_rule(definition, "kitchen > 0.0")
    write(definition)
    assert any("this rule always holds" in sentence for sentence in sentences(faults))


def test_a_rule_that_fails_on_a_blank_date_is_found(write, definition, faults):
    questions = definition["form"][1]["questions"]
    questions.insert(7, {"id": "opened", "type": "date", "label": "開業日", "required": False})
    with_rule(definition, "days('2026-04-01', opened) > 10")
    write(definition)
    assert any("gives neither yes nor no" in s and "opened = ''" in s for s in sentences(faults)), sentences(faults)


def test_a_rule_is_tried_only_where_its_question_is_answered(write, definition, faults):
    questions = definition["form"][1]["questions"]
    questions.insert(7, {"id": "opened", "type": "date", "label": "開業日", "required": False})
    with_rule(definition, "days('2026-04-01', opened) > 10", at="opened")
    write(definition)
    assert sentences(faults) == []


@pytest.mark.parametrize(
    ("amount", "wrong"),
    [
        ("water == 'well' ? 100 : -1", "the fee is negative: -1 for water = 'tap'"),
        ("1000 - wells * 200", "the fee is negative: -800 for wells = 9"),
        ("double(wells) * 0.5", "the fee is no whole number of yen for wells = 1"),
        ("area * 100", "the fee is not to be reckoned"),
        ("trade_name", "the fee is not to be reckoned"),
        ("size(officers) * 500 - 100", "the fee is negative"),
    ],
)
def test_a_fee_that_is_no_amount_is_found_with_the_answers_that_show_it(amount, wrong, write, definition, faults):
    definition["fee"]["amount"] = amount
    write(definition)
    assert any(sentence.startswith(wrong.split(" for ")[0]) for sentence in sentences(faults)), sentences(faults)


def test_a_fee_of_a_number_without_limits_is_a_fault(write, definition, faults):
    del definition["form"][1]["questions"][3]["min"]
    write(definition)
    assert any("the fee is negative" in sentence for sentence in sentences(faults))


def test_too_many_combinations_are_sampled_and_the_fault_says_so(write, definition, faults):
    options = [{"id": f"o{n}", "label": f"{n}番"} for n in range(20)]
    for name in ("a1", "a2", "a3", "a4"):
        definition["form"][0]["questions"].append({"id": name, "type": "choice", "label": name, "options": options})
    asked_when(definition, "a1 == 'o1' && a2 == 'o1' && a3 == 'o1' && a4 == 'x'")
    write(definition)
    assert any(" sampled combinations" in sentence for sentence in sentences(faults))
