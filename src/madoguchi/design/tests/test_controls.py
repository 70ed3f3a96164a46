"""Every control says what it asks, what is wrong, and to whom a script or a screen reader should listen."""

import lxml.html
import pytest
from django.template.loader import render_to_string
from lxml.html import HtmlElement

from madoguchi.design.tests import fields

TYPED = "//input[not(@type='hidden')] | //select | //textarea"


KINDS = [one.name for one in fields.all_fields()]


def shown(name: str, error: str = "") -> HtmlElement:
    one = next(one for one in fields.all_fields(error) if one.name == name)
    return lxml.html.fromstring(f"<form>{render_to_string('design/field.html', {'field': one})}</form>")


@pytest.mark.parametrize("name", KINDS)
def test_every_input_has_a_label(name: str) -> None:
    page = shown(name)
    for typed in page.xpath(TYPED):
        labelled = page.xpath("//label[@for=$id]", id=typed.get("id")) or typed.xpath("ancestor::label")
        assert labelled and labelled[0].text_content().strip(), lxml.html.tostring(typed)


@pytest.mark.parametrize("error", ["", "1から12までの数字で書いてください。"])
@pytest.mark.parametrize("name", KINDS)
def test_ids_are_unique_and_descriptions_exist(name: str, error: str) -> None:
    page = shown(name, error)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for described in page.xpath("//@aria-describedby"):
        assert described.split() and set(described.split()) <= set(ids)


@pytest.mark.parametrize("name", [name for name in KINDS if name != "note"])
def test_an_error_is_told_in_words_and_tied_to_its_field(name: str) -> None:
    page = shown(name, "数字で書いてください。")
    assert page.xpath("//p[@id=$id]", id=f"{name}-error")[0].text_content() == "＊数字で書いてください。"
    tied = page.xpath("//*[contains(concat(' ', @aria-describedby, ' '), $id)]", id=f" {name}-error ")
    assert tied and (tied[0].tag == "fieldset" or tied[0].get("aria-invalid") == "true")
    assert not shown(name).xpath("//*[@aria-invalid]")


@pytest.mark.parametrize("name", [name for name in KINDS if name != "note"])
def test_whether_an_answer_is_needed_is_told_in_words(name: str) -> None:
    page = shown(name)
    first = page.xpath("//*[contains(@class, 'label__requirement')]")[0].text_content()
    assert first == ("任意" if name == "fee" else "※必須")


def test_a_group_grows_and_shrinks_without_scripts() -> None:
    buttons = shown("staff").xpath("//button[@type='submit' and @name='do']/@value")
    assert buttons == ["remove:staff:0", "remove:staff:1", "add:staff"]


def test_a_condition_is_told_in_words_and_for_scripts() -> None:
    page = shown("test")
    assert "次の場合のみ：井戸水のとき" in page.text_content()
    assert page.xpath("//div[@class='field']/@data-when") == ["water == 'well'"]


def test_what_was_typed_stays_as_typed() -> None:
    assert shown("trade_name").xpath("//input/@value") == ['定食 "みなと"']
    assert shown("plan").xpath("//textarea")[0].text.strip() == "一行目\n二行目"
    assert shown("ward").xpath("//option[@selected]/@value") == ["well"]
    assert shown("water").xpath("//input[@checked]/@value") == ["well"]
    assert shown("foods").xpath("//input[@checked]/@value") == ["tap"]
    assert shown("layout").xpath("//input[@type='hidden']/@value") == ["f1", "平面図.pdf"]


@pytest.mark.parametrize("name", KINDS)
def test_nothing_inline_no_placeholder_no_disabled_field(name: str) -> None:
    for element in shown(name, "間違い").iter():
        refused = {"style", "placeholder", "disabled", "readonly"} & set(element.keys())
        assert not refused and not [key for key in element.keys() if key.startswith("on")]  # noqa: SIM118
