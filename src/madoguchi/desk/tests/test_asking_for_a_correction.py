"""A correction is asked about what this applicant was asked and answered; a point that nobody touched stays open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.applications.actions import NotAccepted, answer_correction, last_filing
from madoguchi.cases.actions import ask_correction
from madoguchi.people.actor import applicant
from madoguchi.people.keys import case_key
from madoguchi.platform.calendar import today
from tests import town

pytestmark = pytest.mark.django_db
LANGUAGES = {"ja": "このままで正しい", "en": "right as it is", "ja-easy": "このまま"}


def desk_page(case, name="correction"):
    return town.browser_of(town.worker_of(case)).get(reverse(f"desk:{name}", args=[case.reference])).content.decode()


def asked(*questions, **changes):
    case = town.applied(**changes)
    items = [(question, "確かめてください。") for question in questions]
    ask_correction(case, items=items, answer_by=today() + timedelta(days=9), by=town.sasaki())
    case.refresh_from_db()
    return case


def answer(case, right=(), **answers):
    return answer_correction(case=case, answers=answers, by=applicant(case.reference), right=right)


@pytest.mark.parametrize("code", [town.RESTAURANT, town.BARBER, town.LICENCE])
def test_only_the_questions_that_this_applicant_saw_are_offered(code):
    case = town.applied(code)
    page, compiled = desk_page(case), case.compiled
    seen = {question.id for question in compiled.visible(last_filing(case).answers)}
    assert seen < set(compiled.by_id)
    assert {one for one in compiled.by_id if f'id="q-{one}"' in page} == seen


def test_each_stands_beside_its_present_answer():
    page = desk_page(town.applied())
    assert "定食みなと" in page.split('id="q-trade_name"')[1].split("<textarea")[0]


def test_a_question_that_was_not_on_the_applicants_screen_cannot_be_asked():
    case = town.applied()
    hidden = next(q for q in case.compiled.questions if q not in case.compiled.visible(last_filing(case).answers))
    typed = {"question": hidden.id, f"why.{hidden.id}": "x", "answer_by": (today() + timedelta(days=9)).isoformat()}
    page = town.browser_of(town.sasaki()).post(reverse("desk:correction", args=[case.reference]), typed)
    assert page.status_code == 409
    assert not case.corrections.exists()


def test_an_answer_that_changes_nothing_leaves_the_point_open():
    case = asked("seats", "trade_name")
    with pytest.raises(NotAccepted) as refused:
        answer(case, seats=20, trade_name="定食みなと")
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/trade_name", "unchanged")]
    case.refresh_from_db()
    assert (case.step, case.filings.count()) == ("correction", 1)


def test_who_says_that_it_is_right_goes_on_and_the_record_tells():
    case = asked("seats", "trade_name")
    answer(case, seats=20, trade_name="定食みなと", right=["trade_name"])
    assert case.events.get(kind="correction-answered").data["unchanged"] == ["trade_name"]
    assert "このままで正しいとの回答" in desk_page(case, "case")


def test_saying_so_of_what_was_changed_means_nothing():
    case = asked("seats")
    answer(case, seats=20, right=["seats"])
    assert "unchanged" not in case.events.get(kind="correction-answered").data


def test_a_file_or_a_party_that_stays_the_same_is_unchanged_too():
    case = asked("drawings", "applicant")
    now = last_filing(case).answers
    with pytest.raises(NotAccepted) as refused:
        answer(case, drawings=now["drawings"], applicant=now["applicant"])
    assert {one.pointer for one in refused.value.problems} == {"/drawings", "/applicant"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_it_and_offers_the_way_on(language):
    case, prefix = asked("trade_name", language=language), "" if language == "ja" else f"/{language}"
    browser, place = town.holder(case), f"{prefix}/applications/{case.reference}/correct/"
    page = browser.post(place, {"trade_name": "定食みなと"}, follow=True)
    assert page.redirect_chain, "a redirect leads to the page that shows it, so that Back sends nothing again"
    assert 'name="right"' in page.content.decode() and 'value="定食みなと"' in page.content.decode()
    assert LANGUAGES[language] in page.content.decode()
    assert browser.post(place, {"trade_name": "定食みなと", "right": "trade_name"}).status_code == 302


def test_a_program_says_it_too():
    case = asked("trade_name")
    call = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Bearer {case_key(case.pk, case.key_salt)}"},
    }
    place = f"/api/v1/applications/{case.reference}/corrections"
    same = {"answers": {"trade_name": "定食みなと"}}
    refused = town.visitor().post(place, same, **call)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unchanged")
    assert town.visitor().post(place, {**same, "right": ["trade_name"]}, **call).status_code == 200
