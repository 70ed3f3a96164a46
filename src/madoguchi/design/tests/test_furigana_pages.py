"""On real pages: what people wrote is never read by the dictionary, and the form keeps working under its readings."""

import re

import pytest

from madoguchi.design import furigana
from tests import forms, town

pytestmark = pytest.mark.django_db
NAME, TRADE_NAME = "鬼龍院 花子", "鬼龍院食堂"


@pytest.fixture
def heard(monkeypatch):
    """Every text that was given to the dictionary."""
    texts = []
    real = furigana.ruby

    def listen(text, **how):
        texts.append(text)
        return real(text, **how)

    monkeypatch.setattr(furigana, "ruby", listen)
    return texts


def answers():
    given = town.answers(trade_name=TRADE_NAME)
    given["applicant"]["name"] = NAME
    return given


@pytest.fixture
def case():
    given = answers()
    return town.applied(trade_name=TRADE_NAME, applicant=given["applicant"])


def test_what_people_wrote_is_not_read(case, heard):
    page = town.holder(case).get(f"/ja-easy/applications/{case.reference}/")
    assert page.status_code == 200
    assert NAME in page.content.decode() and "<rt>しんせい</rt>" in page.content.decode()
    assert not [text for text in heard if "鬼龍院" in text or "花子" in text]


def test_nor_on_the_page_of_confirmation(heard):
    page = town.visitor().post(f"/ja-easy/procedures/{town.RESTAURANT}/confirm/", forms.typed(answers()), follow=True)
    assert page.status_code == 200 and NAME in page.content.decode()
    assert not [text for text in heard if "鬼龍院" in text or "花子" in text]


def test_nor_in_a_form_with_faults(heard):
    given = {**forms.typed(answers()), "applicant.kana": "かんじ漢字"}
    page = town.visitor().post(f"/ja-easy/procedures/{town.RESTAURANT}/confirm/", given, follow=True)
    assert forms.faults_on(page) and NAME in page.content.decode()
    assert not [text for text in heard if "鬼龍院" in text or "花子" in text]


def test_nor_by_the_title_of_a_case_on_the_desk(case, heard):
    for path in ("/ja-easy/desk/?tab=office", f"/ja-easy/desk/cases/{case.reference}/"):
        page = town.browser_of(town.sasaki()).get(path)
        assert page.status_code == 200 and NAME in page.content.decode()
    assert not [text for text in heard if "鬼龍院" in text or "花子" in text]


def test_the_form_is_the_same_under_its_readings(monkeypatch):
    """Names, values, ids and rules of every field are those of the page without readings."""
    path = f"/ja-easy/procedures/{town.RESTAURANT}/apply/"
    shown = town.visitor().get(path).content.decode()
    monkeypatch.setattr("madoguchi.design.middleware.with_readings", lambda html, **how: html)
    bare = town.visitor().get(path).content.decode()
    label = re.sub(r'<span class="kana">(.*?)</span>', r"\1", shown, flags=re.DOTALL)
    assert re.sub(r"<ruby>(.*?)<rp>（</rp><rt>.*?</rt><rp>）</rp></ruby>", r"\1", label) == bare
    assert shown.count("<ruby>") > 100
