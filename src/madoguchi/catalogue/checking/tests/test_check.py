"""Each fault is found in a definition that has it, and in none that has not."""

from copy import deepcopy

import pytest


def test_a_good_definition_has_no_fault(write, definition, faults):
    write(definition)
    assert faults() == []


def place(tree, index):
    return tree["form"][1]["questions"][index]


def set_at(*path):
    *way, last = path[:-1]
    value = path[-1]

    def spoil(tree):
        for part in way:
            tree = tree[part]
        tree[last] = value

    return spoil


def removed(key):
    return lambda tree: tree.pop(key)


def added(question, index=8):
    return lambda tree: tree["form"][1]["questions"].insert(index, {"label": "問い", **question})


def conditional(condition, index=8):
    return added({"id": "extra", "type": "text", "when": condition, "when_text": "場合"}, index)


def fee(amount):
    return set_at("fee", "amount", amount)


def rule(text, at="kitchen"):
    return lambda tree: tree["constraints"].append({"id": "more", "rule": text, "message": "違います。", "at": at})


def column(path):
    return set_at("open_data", "columns", "列", path)


QUESTIONS = ("form", 1, "questions")
SPOILT = {
    "an unknown key": (set_at("colour", "red"), "colour: Extra inputs"),
    "a missing key": (removed("summary"), "summary: Field required"),
    "an unknown question type": (added({"id": "x", "type": "colour"}), "does not match any of the expected tags"),
    "an application without refusal reasons": (removed("refusal_reasons"), "needs refusal_reasons"),
    "a refusal reason without its law": (
        lambda tree: tree["refusal_reasons"][0].pop("law"),
        "refusal_reasons.0.law: Field required",
    ),
    "a refusal reason whose law has no name": (
        set_at("refusal_reasons", 0, "law", {"name": ""}),
        "refusal_reasons.0.law.name: String should have at least 2",
    ),
    "no standard period and no reason why": (removed("standard_period"), "write standard_period"),
    "an application without an appeal": (removed("appeal"), "needs appeal"),
    "an unknown bureau": (set_at("bureau", "moon"), "there is no bureau moon"),
    "an unknown office": (set_at("office", "moon"), "there is no office moon"),
    "an office of another bureau": (set_at("office", "road-office"), "belongs to bureau roads"),
    "an unknown life event": (set_at("life_events", ["moon"]), "there is no life event moon"),
    "an unknown joint office": (set_at("approval", {"joint_on_refusal": ["moon"]}), "there is no office moon"),
    "an unknown flow": (set_at("flow", "moon"), "there is no flow moon"),
    "a flow for another kind": (set_at("flow", "notification"), "does not serve a procedure of kind application"),
    "a check list of no step": (
        set_at("checklist", {"moon": [{"id": "x", "text": "よい"}]}),
        "flow permit has no step moon",
    ),
    "an end before the beginning": (set_at("effective", "until", "2026-03-31"), "before it begins"),
    "a question id used twice": (added({"id": "wells", "type": "text"}), "question wells exists twice"),
    "an id of the common questions": (
        added({"id": "contact_email", "type": "text"}),
        "question contact_email exists twice",
    ),
    "a section id used twice": (set_at("form", 1, "id", "who"), "section who exists twice"),
    "a row id used twice": (set_at(*QUESTIONS, 6, "questions", 1, "id", "name"), "question name in officers"),
    "an id that is a word of CEL": (added({"id": "size", "type": "text"}), "size is a word of CEL"),
    "an option used twice": (set_at(*QUESTIONS, 1, "options", 1, "id", "tap"), "tap exists twice under options"),
    "a refusal reason used twice": (
        lambda tree: tree["refusal_reasons"].append(tree["refusal_reasons"][0]),
        "standard exists twice",
    ),
    "a group inside a group": (
        lambda tree: place(tree, 6)["questions"].append({**deepcopy(place(tree, 6)), "id": "inner"}),
        "inner is a group inside a group",
    ),
    "a required group that may be empty": (
        lambda tree: place(tree, 6).update(required=True, min_rows=0),
        "may have no rows, yet is required",
    ),
    "a minimum above the maximum": (set_at(*QUESTIONS, 3, "min", 10), "min 10.0 is more than max 9"),
    "more choices than options": (
        added({"id": "x", "type": "choices", "min": 3, "options": [{"id": id_, "label": "選択"} for id_ in "ab"]}),
        "of 2 options 3 to 2",
    ),
    "dates in the wrong order": (
        added({"id": "x", "type": "date", "not_before": "2026-02-01", "not_after": "2026-01-01"}),
        "not_before 2026-02-01 is more than",
    ),
    "a part that this kind of party has not": (
        set_at("form", 0, "questions", 0, "kinds", ["corporation"]),
        "birth_date is asked of a person only",
    ),
    "a pattern that is none": (
        added({"id": "x", "type": "text", "pattern": "(", "pattern_text": "形"}),
        "not a regular expression",
    ),
    "a pattern without words": (added({"id": "x", "type": "text", "pattern": "a+"}), "not put into words"),
    "a condition without words": (
        added({"id": "x", "type": "text", "when": "water == 'tap'"}),
        "a condition that is not put into words",
    ),
    "words without a condition": (added({"id": "x", "type": "text", "when_text": "場合"}), "yet it is always asked"),
    "a declaration too long to be read": (set_at(*QUESTIONS, 7, "text", "誓" * 601), "has 601 characters"),
    "a condition that is not CEL": (conditional("water =="), "not CEL"),
    "a fee that is not CEL": (fee("water ==="), "not CEL"),
    "a constraint that is not CEL": (rule("kitchen <"), "not CEL"),
    "a function that does not exist": (conditional("shout(water)"), "no such function: shout"),
    "a condition on no question": (conditional("colour == 'red'"), "colour is no question of this procedure"),
    "a condition on a later question": (conditional("wells > 1", 2), "reads wells, which is asked later"),
    "a condition on the common questions": (conditional("electronic_notice"), "electronic_notice, which is asked lat"),
    "a condition on itself": (conditional("extra == 'a'"), "extra, which is asked later"),
    "a constraint on no question": (rule("colour == 'red'"), "colour is no question of this procedure"),
    "a fee by no question": (fee("colour * 2"), "colour is no question of this procedure"),
    "a part that does not exist": (rule("applicant.nam != ''"), "applicant.nam does not exist"),
    "a part that is not asked": (rule("applicant.email != ''"), "applicant.email does not exist"),
    "a part of a row that does not exist": (rule("officers.all(o, o.age > 3)"), "officers.age does not exist"),
    "a constraint at no question": (rule("wells > 1", "moon"), "moon is no question"),
    "a constraint at no part": (rule("wells > 1", "applicant.moon"), "applicant.moon does not exist"),
    "a document line of no question": (set_at("outcome", "facts", 0, "value", "moon"), "moon is no question"),
    "a document line of no part": (set_at("outcome", "facts", 0, "value", "applicant.moon"), "applicant.moon does not"),
    "a column of no question": (column("moon"), "moon is no question"),
    "a column of no part": (column("trade_name.x"), "trade_name.x does not exist"),
    "a column with the day of birth": (column("applicant.birth_date"), "publishes how old a person is"),
    "a column with a home address": (column("applicant.address"), "publishes a person's home address"),
    "a column with a telephone number": (column("applicant.phone"), "publishes how to reach a person"),
    "a column with an e-mail address": (column("contact_email"), "publishes how to reach a person"),
    "a column with the whole applicant": (column("applicant"), "publishes all that is known"),
    "a column with all rows": (column("officers"), "publishes all that its rows hold"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_the_check_finds(name, write, definition, faults):
    spoil, sentence = SPOILT[name]
    spoil(definition)
    folder = write(definition)
    found = [fault for fault in faults() if sentence in fault.sentence]
    assert found, [str(fault) for fault in faults()]
    assert all(fault.file == folder / "procedure.yaml" and fault.remedy for fault in found)


def test_every_fault_is_told_not_only_the_first(write, definition, faults):
    definition |= {"bureau": "moon", "office": "sun", "flow": "stars"}
    write(definition)
    assert len([fault for fault in faults() if "there is no" in fault.sentence]) == 3


def test_a_fault_names_its_line_and_lists_what_is_known(write, definition, faults):
    definition["office"] = "moon"
    folder = write(definition)
    (fault,) = faults()
    lines = (folder / "procedure.yaml").read_text().splitlines()
    assert lines[fault.line - 1] == "office: moon"
    assert fault.remedy == "use one of: health-center, road-office."


def test_a_fault_deep_in_the_form_names_its_line(write, definition, faults):
    conditional("water == 'wel'")(definition)
    folder = write(definition)
    lines = (folder / "procedure.yaml").read_text().splitlines()
    assert {lines[fault.line - 1].strip() for fault in faults()} == {"when: water == 'wel'"}


def test_a_format_fault_in_a_question_names_its_line(write, definition, faults):
    place(definition, 0)["max"] = 0
    folder = write(definition)
    found = [fault for fault in faults() if fault.file == folder / "procedure.yaml"]
    lines = (folder / "procedure.yaml").read_text().splitlines()
    assert [lines[fault.line - 1].strip() for fault in found] == ["max: 0"]
    assert found[0].sentence.startswith("form.1.questions.0.max:")


def test_broken_yaml_is_a_fault_with_its_line(write, definition, faults):
    folder = write(definition)
    (folder / "procedure.yaml").write_text("code: a\nname: [1,\nkind: x\n")
    (fault,) = faults()
    assert "not valid YAML" in fault.sentence
    assert fault.line > 1


@pytest.mark.parametrize("content", [b"", b"- a\n", b"\xff\xfe", b"a: 1\na: 2\n", b"a: \x01\n", b"42"])
def test_no_content_makes_the_check_raise(content, write, definition, faults):
    folder = write(definition)
    (folder / "procedure.yaml").write_bytes(content)
    assert faults()


def test_a_folder_without_a_definition_is_a_fault(write, definition, faults):
    folder = write(definition)
    (folder / "procedure.yaml").unlink()
    assert [fault.sentence for fault in faults()] == ["the file cannot be read"]


def test_a_place_without_procedures_is_a_fault(faults):
    assert [fault.sentence for fault in faults()] == ["there are no procedures here"]


def test_the_folder_is_named_like_the_code(write, definition, faults):
    write(definition, folder="other")
    assert [fault.sentence for fault in faults()] == ["the code well-permit is not the folder's name"]


def test_a_code_belongs_to_one_procedure(write, definition, faults):
    write(definition)
    write(definition, folder="other")
    assert "the code well-permit is that of other as well" in {fault.sentence for fault in faults()}
