"""The answer to a correction changes what was asked, and what depends on it, and nothing else."""

import datetime
import re

import pytest

from madoguchi.applications.actions import NotAccepted, answer_correction, last_filing
from madoguchi.applications.models import Sheet
from madoguchi.cases import actions, events
from madoguchi.foundation.dates import today
from madoguchi.people.actor import PUBLIC, applicant
from madoguchi.platform.refusing import ActionRefused
from tests import forms, town
from tests.markup import flat

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return town.applied()


def asked(case, *questions):
    until = today() + datetime.timedelta(days=14)
    items = [(question, "確かめてください。") for question in questions]
    return actions.ask_correction(case, items=items, answer_by=until, by=town.sasaki())


def answer(case, by=None, **answers):
    return answer_correction(case=case, answers=answers, by=by or applicant(case.reference))


def test_the_answer_is_a_second_filing_and_the_first_stays(case):
    asked(case, "seats")
    answer(case, seats=20)
    assert [(one.number, one.answers["seats"]) for one in case.filings.order_by("number")] == [(1, 18), (2, 20)]
    case.refresh_from_db()
    assert (case.step, events.verify(case)) == ("intake", None)


def test_what_was_not_asked_stays_as_it_was(case):
    asked(case, "seats")
    before = last_filing(case).answers
    answer(case, seats=20, trade_name="別の店", kitchen_area=1)
    assert last_filing(case).answers == {**before, "seats": 20}


def test_what_is_no_question_is_refused(case):
    asked(case, "seats")
    with pytest.raises(NotAccepted) as refused:
        answer(case, seats=20, invented="x")
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/invented", "unknown-question")]


def test_questions_that_depend_on_what_was_asked_are_open_too(case):
    asked(case, "water")
    test = town.uploaded().pk
    answer(case, water="well", water_test_date="2026-05-01", water_test=[test], trade_name="別の店")
    now = last_filing(case).answers
    assert (now["water"], now["water_test"], now["trade_name"]) == ("well", [test], "定食みなと")
    assert case.uploads.filter(pk=test).exists()


def test_a_question_that_is_asked_anew_must_be_answered(case):
    asked(case, "water")
    with pytest.raises(NotAccepted) as refused:
        answer(case, water="well")
    assert {problem.pointer for problem in refused.value.problems} >= {"/water_test", "/water_test_date"}
    case.refresh_from_db()
    assert (case.step, case.filings.count()) == ("correction", 1)


def test_answers_that_are_no_longer_asked_fall_away():
    case = town.applied(town.RESTAURANT, "accepted-renewal-corporation-well")
    asked(case, "water")
    answer(case, water="tap")
    assert not {"water_test", "water_test_date"} & set(last_filing(case).answers)


def test_the_constraints_hold_over_old_and_new_answers(case):
    asked(case, "kitchen_area")
    with pytest.raises(NotAccepted) as refused:
        answer(case, kitchen_area=100)
    assert [problem.params["constraint"] for problem in refused.value.problems] == ["kitchen_within_floor"]


def test_a_fee_that_changes_is_noted_with_the_difference(case):
    asked(case, "simple_service")
    answer(case, simple_service=True)
    case.refresh_from_db()
    assert case.fee == 14_400
    assert case.events.get(kind="fee-noted").data == {"yen": 14_400, "before": 18_300}


def test_a_fee_that_stays_is_not_noted(case):
    asked(case, "seats")
    answer(case, seats=20)
    assert not case.events.filter(kind="fee-noted").exists()


def test_the_name_in_the_offices_lists_follows_the_answer(case):
    asked(case, "applicant")
    answer(case, applicant={**town.example()["applicant"], "name": "髙橋 結子"})
    case.refresh_from_db()
    assert case.title == "髙橋 結子"


def test_files_stay_when_only_something_else_was_asked(case):
    before = set(case.uploads.values_list("pk", flat=True))
    asked(case, "drawings")
    more = town.uploaded().pk
    answer(case, drawings=[*last_filing(case).answers["drawings"], more])
    assert set(case.uploads.values_list("pk", flat=True)) == before | {more}


def test_the_file_of_another_case_is_refused(case):
    foreign = town.applied().uploads.first().pk
    asked(case, "drawings")
    with pytest.raises(NotAccepted) as refused:
        answer(case, drawings=[foreign])
    assert [problem.code for problem in refused.value.problems] == ["file-missing"]


@pytest.mark.parametrize("who", [PUBLIC, applicant("0000-0000-000")])
def test_nobody_else_answers(case, who):
    asked(case, "seats")
    with pytest.raises(ActionRefused):
        answer(case, by=who, seats=20)


def test_an_officer_of_another_office_does_not_answer_for_the_applicant(case):
    asked(case, "seats")
    with pytest.raises(ActionRefused):
        answer(case, by=town.kato(), seats=20)


def test_the_clerk_answers_for_a_visitor_at_the_counter(case):
    asked(case, "seats")
    answer(case, by=town.suzuki(), seats=20)
    assert case.events.get(kind="correction-answered").actor_code == town.suzuki().code


def test_a_second_answer_finds_nothing_to_answer(case):
    asked(case, "seats")
    answer(case, seats=20)
    with pytest.raises(ActionRefused) as refused:
        answer(case, seats=30)
    assert refused.value.conflict
    assert last_filing(case).answers["seats"] == 20


def test_nothing_is_answered_that_was_not_asked(case):
    with pytest.raises(ActionRefused):
        answer(case, seats=20)


def test_the_page_shows_only_what_was_asked_and_takes_the_answer(case):
    asked(case, "seats")
    browser, place = town.holder(case), f"/applications/{case.reference}/correct/"
    page = browser.get(place).content.decode()
    assert 'name="seats"' in page
    assert "確かめてください。" in page
    assert 'name="trade_name"' not in page
    assert browser.post(place, {"seats": "２０"}).status_code == 302
    assert last_filing(case).answers["seats"] == 20


def test_a_fault_in_the_answer_keeps_what_was_typed(case):
    asked(case, "seats", "main_foods")
    browser, place = town.holder(case), f"/applications/{case.reference}/correct/"
    answered = browser.post(place, {"seats": "多数", "main_foods": "寿司"})
    assert answered.status_code == 302 and answered["Location"].startswith(place)
    for _reload in range(2):
        page = browser.get(answered["Location"])
        said = page.content.decode()
        assert (page.status_code, 'value="多数"' in said, "寿司" in said) == (200, True, True)
        assert [id for id, _text in forms.faults_on(page)] == ["seats"]
        assert page["Referrer-Policy"] == "strict-origin" and "no-store" in page["Cache-Control"]
    assert town.visitor().get(answered["Location"]).status_code == 404, "the key of the case is needed too"


def test_a_point_that_stays_as_it_was_can_be_told_to_be_right(case):
    asked(case, "seats", "main_foods")
    browser, place = town.holder(case), f"/applications/{case.reference}/correct/"
    before = last_filing(case).as_typed["seats"]
    page = browser.post(place, {"seats": before, "main_foods": "寿司"}, follow=True)
    assert 'name="right" value="seats"' in flat(page)
    assert browser.post(place, {"seats": before, "main_foods": "寿司", "right": "seats"}).status_code == 302
    assert last_filing(case).answers["main_foods"] == "寿司"


def test_after_the_answer_the_page_with_the_fault_leads_to_the_case(case):
    asked(case, "seats")
    browser, place = town.holder(case), f"/applications/{case.reference}/correct/"
    old = browser.post(place, {"seats": "多数"})["Location"]
    key = re.search(r'name="form:key" value="(\w+)"', browser.get(old).content.decode())[1]
    assert Sheet.objects.exists()
    assert browser.post(place, {"seats": "20", "form:key": key})["Location"] == f"/applications/{case.reference}/"
    assert browser.get(old)["Location"] == f"/applications/{case.reference}/"
    assert not Sheet.objects.exists(), "what was typed is not kept once it was sent"


def test_another_cases_sheet_and_an_old_one_lead_to_what_stands_in_the_record(case):
    asked(case, "seats")
    browser, place = town.holder(case), f"/applications/{case.reference}/correct/"
    assert browser.get(f"{place}{'a' * 40}/")["Location"] == place


def test_what_a_button_added_is_shown_without_faults(case):
    asked(case, "seats")
    browser, place = town.holder(case), f"/applications/{case.reference}/correct/"
    page = browser.post(place, {"seats": "多数", "do": "add:nothing"}, follow=True)
    assert 'value="多数"' in page.content.decode() and forms.faults_on(page) == []


def test_a_file_can_be_exchanged_on_the_page(case):
    from django.core.files.uploadedfile import SimpleUploadedFile

    asked(case, "drawings")
    old = last_filing(case).answers["drawings"]
    file = SimpleUploadedFile("新しい図面.pdf", town.small_pdf("新"))
    place = f"/applications/{case.reference}/correct/"
    page = town.holder(case).get(place).content.decode()
    assert old[0] in page
    answered = town.holder(case).post(place, {"drawings": [*old, file], "drawings.remove": old})
    assert answered.status_code == 302, forms.faults_on(answered)
    assert [one.name for one in case.uploads.filter(pk__in=last_filing(case).answers["drawings"])] == ["新しい図面.pdf"]
