"""A section is judged when one leaves it: without scripts by its button, with scripts by its short form."""

import re

import pytest

from tests import forms, town

pytestmark = pytest.mark.django_db
CONFIRM = f"/procedures/{town.RESTAURANT}/confirm/"
SECTIONS = ["business", "facility", "structure", "hygiene", "pledge", "contact"]


def pressed(button, given=None, browser=None, **more):
    """The page after a button of the form was pressed."""
    fields = forms.typed(town.answers()) if given is None else given
    return (browser or town.visitor()).post(CONFIRM, {**fields, "do": button, **more}, follow=True)


def opened(page):
    """The sections that are not hidden."""
    found = re.findall(r'<section class="form-section" id="section-(\w+)"([^>]*)>', page.content.decode())
    return [section for section, rest in found if "hidden" not in rest]


def states(page):
    """What the list of steps says of each section."""
    items = re.findall(
        r'<li class="stepper__item"(?: data-state="(\w+)")?>\s*<button[^>]*value="go:(\w+)"', page.content.decode()
    )
    return {section: state for state, section in items}


def test_the_empty_form_shows_its_first_section_and_judges_nothing():
    page = town.visitor().get(f"/procedures/{town.RESTAURANT}/apply/")
    assert opened(page) == ["business"]
    assert set(states(page).values()) == {""} and forms.faults_on(page) == []


def test_an_empty_section_is_not_left_and_says_what_is_missing():
    page = pressed("next:business", {})
    assert (page.status_code, opened(page)) == (200, ["business"])
    assert {place.partition("-")[0] for place, _text in forms.faults_on(page)} == {
        "application_type", "applicant", "contact_person", "contact_phone",
    }  # fmt: skip
    assert states(page)["business"] == "missing" and states(page)["facility"] == ""


def test_a_good_section_leads_to_the_next_with_everything_that_was_typed():
    page = pressed("next:business", {**forms.typed(town.answers()), "seats": "たくさん"})
    assert (page.status_code, opened(page)) == (200, ["facility"])
    assert states(page)["business"] == "done"
    assert 'value="たくさん"' in page.content.decode(), "a section that was not left yet is not judged"


def test_a_list_of_steps_goes_anywhere_and_remembers_what_is_missing():
    browser = town.visitor()
    page = pressed("go:contact", {}, browser, **{"form:at": "business"})
    assert (page.status_code, opened(page), forms.faults_on(page)) == (200, ["contact"], [])
    assert states(page)["business"] == "missing"
    back = pressed("go:business", {}, browser, **{"form:at": "contact", "form:judged": "business"})
    assert (back.status_code, opened(back)) == (200, ["business"])
    assert states(back)["contact"] == "missing"


def test_the_whole_form_opens_the_first_section_that_wants_something_and_lists_all():
    given = forms.typed(town.answers(seats="たくさん", trade_name=""))
    page = pressed("", given)
    assert opened(page) == ["facility"]
    assert {place for place, _text in forms.faults_on(page)} == {"trade_name", "seats"}
    assert {section for section, state in states(page).items() if state == "missing"} == {"facility", "structure"}


def test_enter_presses_the_button_of_the_open_section_and_the_whole_form_only_at_the_end():
    first = re.compile(r"<form.*?<button[^>]*>", re.DOTALL)

    def default(page):
        return first.search(page.content.decode())[0].rpartition("<button")[2]

    assert 'value="next:business"' in default(town.visitor().get(f"/procedures/{town.RESTAURANT}/apply/"))
    assert 'value="next:facility"' in default(pressed("next:business"))
    assert 'name="do"' not in default(pressed("next:pledge"))


def test_a_row_that_was_added_keeps_the_section_open_and_unjudged():
    page = pressed("add:fugu_handlers", **{"form:at": "hygiene", "form:judged": " ".join(SECTIONS)})
    (section,) = opened(page)
    assert states(page)[section] == "" and forms.faults_on(page) == []
    assert page.redirect_chain[0][0].endswith("#fugu_handlers")


@pytest.mark.parametrize("strange", ["next:", "next:nowhere", "go:", "go:²", "next:business:x"])
def test_a_section_that_is_none_means_the_whole_form(strange):
    assert set(states(pressed(strange, {})).values()) == {"missing"}


def test_a_script_is_told_one_section():
    headers = {"X-Part": "section"}
    bad = town.visitor().post(CONFIRM, {"do": "next:business"}, headers=headers)
    good = town.visitor().post(CONFIRM, {**forms.typed(town.answers()), "do": "next:business"}, headers=headers)
    assert (bad.status_code, good.status_code) == (422, 200)
    assert opened(bad) == ["business"] and states(bad)["business"] == "missing"
    assert opened(good) == [] and states(good)["business"] == "done"
    assert len(good.content) < 4000
