"""Wordings, the five lesses and the examples of a definition."""

import pytest

from madoguchi.catalogue.format import Procedure
from madoguchi.catalogue.wording import texts


def all_texts(definition):
    return dict.fromkeys(texts(Procedure.model_validate(definition)), "text")


def test_a_missing_wording_is_found_in_each_language_with_the_japanese(write, definition, faults):
    wordings = all_texts(definition)
    del wordings["questions.water.options.tap"]
    write(definition, wordings=wordings)
    assert [(f.file.name, f.sentence, f.remedy) for f in faults()] == [
        (name, "questions.water.options.tap is not worded", "add it; in Japanese: 水道水")
        for name in ("en.yaml", "ja-easy.yaml")
    ]


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_wording_is_a_missing_one(blank, write, definition, faults):
    write(definition, wordings={**all_texts(definition), "name": blank})
    assert {fault.sentence for fault in faults()} == {"name is not worded"}


def test_a_wording_of_nothing_is_found_with_its_line(write, definition, faults):
    folder = write(definition, wordings={**all_texts(definition), "questions.moon.label": "Moon"})
    found = faults()
    assert {fault.sentence for fault in found} == {"questions.moon.label words no text of this procedure"}
    lines = (folder / "wording" / "en.yaml").read_text().splitlines()
    assert lines[found[0].line - 1] == "questions.moon.label: Moon"


def test_a_language_without_wordings_is_one_fault(write, definition, faults):
    folder = write(definition)
    (folder / "wording" / "en.yaml").unlink()
    assert [fault.sentence for fault in faults()] == ["there is no wording in en"]


def test_broken_wordings_do_not_hide_the_other_faults(write, definition, faults):
    definition["office"] = "moon"
    folder = write(definition)
    (folder / "wording" / "en.yaml").write_text("name: [")
    assert {fault.file.name for fault in faults()} == {"en.yaml", "procedure.yaml"}


DEMANDS = {
    "a seal": ["申請書に押印してください。", "実印を押す", "印鑑登録証明書", "はんこを持ってくる"],
    "a fax": ["FAXで送ってください", "ファクシミリ番号", "ファックスでも可"],
    "paper": ["原本を郵送してください。", "紙で提出してください", "正副2部を作成", "図面を2部提出", "書面で提出"],
    "cash": ["現金で納めてください。", "収入証紙を貼る", "収入印紙"],
    "a visit": ["窓口に持参してください。", "保健所へお越しください", "来庁してください"],
}


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts_ in DEMANDS.items() for text in texts_])
def test_a_demand_of_the_old_counter_is_found(what, text, write, definition, faults):
    definition["needed"] = [text]
    write(definition)
    found = faults()
    assert any(fault.sentence.startswith(f"demands {what}") for fault in found), found
    assert all(fault.line > 1 and fault.remedy for fault in found)


@pytest.mark.parametrize(
    "text",
    [
        "押印は不要です。",
        "印鑑は要りません",
        "原本の提出は不要です",
        "現金は使いません",
        "現金預金（貸借対照表の額）",
        "写真かPDFを付けてください",
        "第2部提出区分",
    ],
)
def test_a_text_that_demands_nothing_is_no_fault(text, write, definition, faults):
    definition["needed"] = [text]
    write(definition)
    assert faults() == []


def test_easy_japanese_demands_nothing_either(write, definition, faults):
    write(definition, wordings={**all_texts(definition), "summary": "はんこを 押してください。"})
    found = {(fault.file.name, fault.sentence) for fault in faults() if fault.file.name == "ja-easy.yaml"}
    assert found == {("ja-easy.yaml", "demands a seal: 「はんこ」")}


def test_japanese_in_the_english_wording_is_found_with_its_line(write, definition, faults):
    folder = write(definition, wordings={**all_texts(definition), "questions.area.label": "床面積"})
    (found,) = [fault for fault in faults() if fault.file.name == "en.yaml"]
    lines = (folder / "wording" / "en.yaml").read_text().splitlines()
    assert "床面積" in lines[found.line - 1]
    assert found.sentence == "questions.area.label is Japanese in the English wording: 床面積"


def example(answers, **outcome):
    return {"title": "ある申請", "answers": answers, "outcome": outcome}


def test_a_definition_needs_an_accepted_and_a_refused_example(write, definition, faults):
    write(definition, examples={})
    assert [f.sentence for f in faults()] == [
        "there is no example that is accepted",
        "there is no example that is refused",
    ]


def test_an_example_that_is_judged_otherwise_is_a_fault_of_its_file(write, definition, answers, faults):
    wrong_fee = example(answers, accepted=True, fee=1)
    no_problem = example(answers, accepted=False, problems=[{"pointer": "/water", "code": "missing"}])
    folder = write(definition, examples={"a": wrong_fee, "b": no_problem})
    assert [(f.file, f.sentence) for f in faults()] == [
        (folder / "examples" / "a.yaml", "expected the fee 1, but it is 14400"),
        (folder / "examples" / "b.yaml", "expected missing at /water, but it was not found"),
    ]


def test_an_example_in_another_shape_is_a_fault_with_its_line(write, definition, answers, faults):
    odd = {**example(answers, accepted=True, fee=14400), "colour": "red"}
    folder = write(definition, examples={"odd": odd})
    (fault,) = [fault for fault in faults() if fault.file == folder / "examples" / "odd.yaml"]
    assert "colour" in fault.sentence
    assert (folder / "examples" / "odd.yaml").read_text().splitlines()[fault.line - 1] == "colour: red"
