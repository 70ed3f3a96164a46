"""What was typed stays as typed in the form and in the case; what it means stands beside it."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.applications.actions import answer_correction, last_filing
from madoguchi.cases import actions
from madoguchi.cases.models import Case
from madoguchi.people.actor import applicant
from madoguchi.platform.calendar import today
from tests import forms, town
from tests.markup import flat

pytestmark = pytest.mark.django_db

CONFIRM = f"/procedures/{town.RESTAURANT}/confirm/"
DAY = (
    "applicant.birth_date.era",
    "applicant.birth_date.year",
    "applicant.birth_date.month",
    "applicant.birth_date.day",
)
TYPED = {
    **dict(zip(DAY, ("昭和", "63", "2", "29"), strict=True)),
    "applicant.phone": "０９０−１２３４−５６７８",
    "applicant.kana": "みなとの はな",
    "floor_area": "1,052.50",
    "seats": "１８",
}


def fields(**changes):
    return {**forms.typed(town.answers()), **TYPED, **changes}


def values(page):
    """Field name → what stands in it."""
    text = flat(page)
    found = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', text))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        found[name] = (chosen[2] if chosen[1] is None else chosen[1]) if chosen else ""
    return found


def submitted(browser, **changes):
    page = browser.post(CONFIRM, fields(**changes), follow=True)
    carried = re.search(r'name="answers" value="([^"]*)"', flat(page))[1].replace("&quot;", '"')
    key = re.search(r'name="key" value="([^"]*)"', flat(page))[1]
    browser.post(f"/procedures/{town.RESTAURANT}/submit/", {"answers": carried, "key": key})
    return page, Case.objects.latest("received_at")


def test_a_form_that_comes_back_shows_every_field_as_it_was_typed():
    page = town.visitor().post(CONFIRM, fields(seats="たくさん"), follow=True)
    shown = values(page)
    assert {name: shown[name] for name in TYPED} == {**TYPED, "seats": "たくさん"}


DAYS = [("昭和", "63", "2", "30"), ("昭和", "65", "4", "1"), ("西暦", "8", "11", "30"), ("令和", "50", "1", "1")]


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_is_none_comes_back_as_typed_and_its_fault_leads_to_its_part(day):
    born = dict(zip(DAY, day, strict=True))
    page = town.visitor().post(CONFIRM, fields(**born), follow=True)
    text = flat(page)
    assert {name: values(page)[name] for name in born} == born
    (place, label) = re.search(r'href="#(applicant-birth_date[^"]*)"[^>]*>(.*?)</a>', text, re.S).groups()
    assert "生年月日" in label
    assert f'id="{place}"' in text


MEANINGS = {"090-1234-5678": "applicant.phone", "ミナトノ ハナ": "applicant.kana", "1,052.5㎡": "floor_area"}


def test_case_and_confirmation_say_what_it_means_and_what_was_typed():
    page, case = submitted(town.visitor())
    for shown in (page, town.holder(case).get(reverse("counter:case", args=[case.reference]))):
        text = shown.content.decode()
        for meaning, name in MEANINGS.items():
            typed = TYPED[name]
            assert meaning in text
            assert f"（入力：{typed}）" in text
        assert "昭和63年2月29日" in text
        assert "（入力：昭和" not in text
    assert last_filing(case).answers["applicant"]["phone"] == "+819012345678"
    desk = town.browser_of(town.suzuki()).get(reverse("desk:case", args=[case.reference])).content.decode()
    assert "（入力：みなとの はな）" in desk
    assert "+8190" not in desk


def test_the_record_of_events_never_holds_what_was_typed():
    _page, case = submitted(town.visitor())
    assert "みなとの" not in json.dumps(list(case.events.values_list("data", flat=True)), ensure_ascii=False)


def asked(case, *questions):
    items = [(question, "確かめてください。") for question in questions]
    actions.ask_correction(case, items=items, answer_by=today() + timedelta(14), by=town.sasaki())


def test_a_correction_shows_what_was_typed_and_keeps_it_where_nothing_was_asked():
    _page, case = submitted(town.visitor())
    asked(case, "applicant", "seats")
    shown = values(town.holder(case).get(reverse("applications:correct", args=[case.reference])))
    assert {name: shown[name] for name in TYPED if name in shown} == {
        n: v for n, v in TYPED.items() if n != "floor_area"
    }
    again = {"applicant": last_filing(case).as_typed["applicant"], "seats": "２０"}
    answer_correction(case=case, answers=again, by=applicant(case.reference), right=["applicant"])
    filing = last_filing(case)
    assert (filing.answers["seats"], filing.typed["seats"], filing.typed["floor_area"]) == (20, "２０", "1,052.50")


def test_a_phone_that_was_sent_in_its_stored_form_is_shown_as_it_is_dialled():
    case = town.applied(applicant={**town.answers()["applicant"], "phone": "+819012345678"})
    asked(case, "applicant")
    page = town.holder(case).get(reverse("applications:correct", args=[case.reference]))
    assert values(page)["applicant.phone"] == "090-1234-5678"
