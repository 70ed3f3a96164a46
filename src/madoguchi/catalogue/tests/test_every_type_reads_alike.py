"""A guard over all question types: what nobody sees is nothing, pasted marks fall out, refusals have words."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

from madoguchi.catalogue.messages import SENTENCES, sentence
from madoguchi.catalogue.problems import Problem, Refused
from madoguchi.catalogue.wording import LanguageOf

from .test_hostile_answers import ANSWERED, KEYS, WRITTEN

UNSEEN = [
    "\u200b",
    "\u2060\u200d",
    "\u3164",
    "\u115f",
    "\u2800",
    "\u00ad",
    "\ufeff\u3000",
    "\u202a\u202c",
    "\U000e0100",
]
CODES = {
    "number": "1,052.5", "money": "1,200円", "email": "taro@example.jp", "phone": "090-1234-5678", "date": "2026-04-01",
}  # fmt: skip
PARTS = {
    "corporate_number": "5835678256246", "phone": "090-1234-5678", "email": "taro@example.jp",
    "address": {"postal_code": "100-0001"},
}  # fmt: skip
SOURCES = Path(__file__).parents[1]


@pytest.fixture
def build(question):
    return lambda kind: question(kind, **KEYS.get(kind, {}))


class Form(dict):
    """Every field of a form filled with the same text."""

    def __init__(self, text, names):
        super().__init__(dict.fromkeys(names, text))

    def getlist(self, name):
        return []


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize("kind", [kind for kind in WRITTEN if kind not in ("choice", "yes-no", "declaration")])
def test_what_nobody_sees_is_no_answer(kind, unseen, build):
    assert build(kind).clean(unseen) is None
    assert build(kind).clean(f" {unseen}\u3000") is None


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize("kind", ANSWERED)
def test_nor_in_any_field_of_the_form(kind, unseen, build):
    parts = ("", "name", "kana", "phone", "email", "year", "month", "day", "postal_code", "town", "street", "0.name")
    form = Form(unseen, [f"q.{part}" if part else "q" for part in parts])
    if kind in ("choice", "yes-no", "declaration"):
        assert build(kind).read(form, "q") is None
        return
    read = build(kind).read(form, "q")
    try:
        assert read is None or build(kind).clean(read) in (None, [{"name": unseen}])
    except Refused as refused:
        assert refused.code == "no-kind"


def marked(text):
    return "\u202a" + "\u200b".join(text) + "\u2069\ufeff"


@pytest.mark.parametrize("kind", CODES)
def test_marks_that_were_pasted_along_fall_out_of_a_code(kind, build):
    assert build(kind).clean(marked(CODES[kind])) == build(kind).clean(CODES[kind]) is not None


@pytest.mark.parametrize("part", PARTS)
def test_and_out_of_the_codes_of_a_party(part, build):
    def cleaned(change):
        value = PARTS[part]
        typed = {key: change(text) for key, text in value.items()} if isinstance(value, dict) else change(value)
        return build("party").clean({"kind": "corporation", "name": "甲", part: typed})

    assert cleaned(marked) == cleaned(str)


def test_every_refusal_has_a_sentence():
    raised = set()
    for file in SOURCES.rglob("*.py"):
        if "tests" not in file.parts:
            raised |= set(
                re.findall(
                    r'(?:Refused|Problem)\((?:[^"(){}]*|\([^()]*\)), ?"([a-z-]+)"|Refused\("([a-z-]+)"',
                    file.read_text(),
                )
            )
    codes = {code for pair in raised for code in pair if code} - {"constraint"}
    assert codes - set(SENTENCES) == set()


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_told_in_three_languages(code):
    day = date(1990, 4, 1)
    params = {"limit": 5, "decimals": 1, "name": "甲", "accept": "PDF", "right": day, "form": "x", "digits": "1"}
    params |= {"place": 2, "characters": "甲", "plain": "乙"}
    told = []
    for language in ("ja", "en", "ja-easy"):
        with override(language):
            told.append(sentence(Problem(("q",), code, params), LanguageOf(language, {})))
    assert len(set(told)) == 3
    assert not any("%(" in one for one in told)


@pytest.mark.parametrize("bad", ["\ue000", "\ufffd", "\U000f0000", "\u0378", "\ufdd0"])
@pytest.mark.parametrize("kind", ["text", "long-text", "kana", "email", "phone", "address", "party", "group"])
def test_what_no_other_machine_reads_is_refused_wherever_text_is_asked(kind, bad, build):
    parts = {"address": {"street": f"高{bad}"}, "party": {"kind": "person", "name": f"高{bad}"}}
    question = build(kind).by_id["name"] if kind == "group" else build(kind)
    with pytest.raises(Refused) as refused:
        question.clean(parts.get(kind, f"高{bad}"))
    at = tuple(parts.get(kind, {}))[-1:]
    assert refused.value.at(()) == Problem(at, "unreadable-character", {"place": 2})
