"""Conditions in the browser read a number and a day as the server does: the form's very scripts, run by Node."""

import pytest

from madoguchi.catalogue.problems import Refused
from madoguchi.catalogue.questions.date import cleaned_date
from madoguchi.design import assets
from madoguchi.foundation.numbers import NumberRefused, read_number, read_yen
from tests.node import says

PROGRAM = """
globalThis.FormData = class {
  constructor(fields) { this.fields = fields; }
  get(name) { return this.fields[name] ?? null; }
};
console.log(JSON.stringify(given.forms.map((form) => script.default[given.type](new FormData(form), "q"))));
"""
NUMBERS = [
    "1200", "1,200", "１２００", "１，２００", "12.5", "-3", "－3", "1,200,000", " 12 ", "1\u200b2", "\u202a12\u202c",
    "0", "007", "", "52,5", "1 2", "1,,000", "12,00", "7²", "①", "½", "٣", "ten", "1e3", "１２ー", "\u3164", "1.",
]  # fmt: skip
AMOUNTS = ["1,200円", "￥1,200", "¥ 500", "500 円", "５００円", "¥", "円", "500ドル"]
DAYS = [
    ("", "2026", "4", "1"), ("西暦", "２０２６", "０４", "1"), ("令和", "8", "4", "1"), ("令和", "元", "5", "1"),
    ("昭和", "63", "2", "29"), ("平成", "\u202a8\u202c", "4", "\u200b1"), ("", "8", "4", "1"), ("", "0008", "4", "1"),
    ("令和", "8", "", "1"), ("", "２０２６²", "4", "1"), ("", "", "", ""),
]  # fmt: skip


def of_the_server(read, typed, nothing):
    try:
        return read(typed) or nothing
    except (NumberRefused, Refused):
        return nothing


@pytest.mark.parametrize(("kind", "read", "texts"), [("number", read_number, NUMBERS), ("money", read_yen, AMOUNTS)])
def test_a_number_is_the_same_in_the_browser_and_none_where_it_is_refused(kind, read, texts):
    found = says(assets.QUESTIONS / "number/browser.js", PROGRAM, type=kind, forms=[{"q": text} for text in texts])
    assert dict(zip(texts, found, strict=True)) == {text: float(of_the_server(read, text, 0)) for text in texts}


def test_a_day_is_the_same_in_the_browser_and_none_where_its_year_is_not_certain():
    typed = [dict(zip(("era", "year", "month", "day"), day, strict=True)) for day in DAYS]
    forms = [{f"q.{part}": text for part, text in day.items()} for day in typed]
    found = says(assets.QUESTIONS / "date/browser.js", PROGRAM, type="date", forms=forms)
    assert found == [of_the_server(cleaned_date, day, "") for day in typed]
