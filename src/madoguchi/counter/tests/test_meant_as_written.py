"""A value that only looks wrong: told, and lifted by whoever says that it is meant. The record keeps it."""

import json
import re

import pytest
from django.urls import reverse

from madoguchi.applications.models import Filing
from madoguchi.cases.models import Case, Event
from tests import town
from tests.markup import flat

from .test_bad_input import by_program, in_form, told

pytestmark = pytest.mark.django_db
QUOTE = "見積書No.123456789018"
NUMBER = {"code": "my-number", "pointer": "/main_foods"}
ELSEWHERE = {"postal_code": "100-0001", "prefecture": "北海道", "town": "札幌市中央区", "street": "1-1"}


def at(address):
    given = town.answers()
    given["applicant"]["address"] = address
    return given


def test_a_number_that_is_something_else_is_refused_until_somebody_says_so():
    given = town.answers(main_foods=QUOTE)
    assert told(by_program(given)) == {("/answers/main_foods", "my-number")}
    assert by_program({**given, "as-written": [NUMBER]}).status_code == 201
    (kept,) = Filing.objects.get().answers["as-written"]
    assert {key: kept[key] for key in NUMBER} == NUMBER and len(kept["of"]) == 32


def test_the_record_says_what_was_insisted_on_and_never_the_number():
    by_program(town.answers(main_foods=QUOTE) | {"as-written": [NUMBER]})
    event = Event.objects.get(kind="submitted")
    assert event.data["as_written"] == [NUMBER]
    assert "123456789018" not in json.dumps([one.data for one in Event.objects.all()])


@pytest.mark.parametrize(
    "said",
    [
        [{"code": "my-number", "pointer": "/opening_hours"}],
        [{"code": "missing", "pointer": "/main_foods"}],
        [{"code": "control-character", "pointer": "/main_foods"}],
    ],
)
def test_insisting_lifts_the_problem_it_names_and_no_other(said):
    answer = by_program(town.answers(main_foods=QUOTE) | {"as-written": said})
    assert ("/answers/main_foods", "my-number") in told(answer)


@pytest.mark.parametrize(
    "said", ["my-number", [1], [{"code": "my-number"}], {"code": 1}, [NUMBER] * 101, [{**NUMBER, "x": 1}]]
)
def test_what_is_no_list_of_problems_is_refused(said):
    assert ("/answers/as-written", "wrong-type") in told(by_program(town.answers() | {"as-written": said}))


def test_what_lifts_nothing_is_not_kept():
    by_program(town.answers() | {"as-written": [NUMBER]})
    assert "as-written" not in Filing.objects.get().answers


@pytest.mark.parametrize(
    ("language", "label"),
    [("ja", "マイナンバーではありません"), ("en", "not a My Number"), ("ja-easy", "マイナンバーでは")],
)
def test_the_form_offers_a_box_that_works_without_scripts(language, label):
    given = town.answers(main_foods=QUOTE)
    page = flat(in_form(given, language))
    box = re.search(r'name="as-written" value="(my-number /main_foods [0-9a-f]{32})"', page)
    assert box and label in page
    confirmed = in_form({**given, "as-written": [box[1]]}, language)
    assert confirmed.status_code == 200
    assert "as-written" in confirmed.content.decode()


def test_a_code_of_another_prefecture_is_told_at_the_prefecture():
    assert told(by_program(at(ELSEWHERE))) == {("/answers/applicant/address/prefecture", "prefecture-elsewhere")}
    said = [{"code": "prefecture-elsewhere", "pointer": "/applicant/address/prefecture"}]
    assert by_program(at(ELSEWHERE) | {"as-written": said}).status_code == 201


def test_a_code_of_another_town_is_told_at_the_town():
    address = {"postal_code": "100-0001", "prefecture": "東京都", "town": "新宿区", "street": "1"}
    assert told(by_program(at(address))) == {("/answers/applicant/address/town", "town-elsewhere")}


def test_a_code_in_two_prefectures_fills_neither():
    found = told(by_program(at({"postal_code": "618-0000", "street": "1-1"})))
    assert found == {
        ("/answers/applicant/address/prefecture", "missing"),
        ("/answers/applicant/address/town", "missing"),
    }


def test_the_form_offers_the_places_of_such_a_code_without_scripts():
    page = in_form(at({"postal_code": "618-0000", "street": "1-1"})).content.decode()
    assert "大阪府|三島郡島本町" in page
    given = at({"postal_code": "618-0000", "street": "1-1", "place": "大阪府|三島郡島本町"})
    assert in_form(given).status_code == 200


def test_a_code_that_shares_its_town_fills_it_in():
    by_program(at({"postal_code": "029-5523", "street": "越中畑64地割1"}))
    address = Filing.objects.get().answers["applicant"]["address"]
    assert (address["prefecture"], address["town"]) == ("岩手県", "和賀郡西和賀町")


def test_the_prefecture_is_one_of_the_47():
    assert told(by_program(at({**ELSEWHERE, "prefecture": "江戸"}))) == {
        ("/answers/applicant/address/prefecture", "not-a-prefecture")
    }
    shown = town.visitor().get(f"/api/v1/procedures/{town.RESTAURANT}").json()["schema"]["properties"]
    address = next(iter(shown["applicant"]["oneOf"]))["properties"]["address"]["properties"]
    assert len(address["prefecture"]["enum"]) == 47


def test_the_places_of_a_code_are_answered():
    browser = town.visitor()
    assert browser.get("/postal/1000001/").json() == {"prefecture": "東京都", "town": "千代田区千代田"}
    answer = browser.get("/postal/6180000/").json()
    assert (answer["prefecture"], answer["town"]) == ("", "")
    assert {"prefecture": "大阪府", "town": "三島郡島本町"} in answer["choices"]
    assert browser.get("/postal/0000000/").status_code == 404


def test_what_was_filed_before_the_list_still_reads_and_can_be_corrected():
    case = town.applied()
    filing = Filing.objects.get(case=case)
    filing.answers["applicant"]["address"] |= {"prefecture": "みなと野県", "town": "みなと野市"}
    from madoguchi.applications.correcting import again

    judged = again(case.compiled, filing.answers, {"main_foods": "丼物"}, {"main_foods"})
    assert judged.problems == ()
    assert judged.answers["applicant"]["address"]["prefecture"] == "みなと野県"
    assert judged.answers["main_foods"] == "丼物"
    assert Case.objects.count() == 1


def box_of(page):
    return re.search(r'name="as-written" value="([^"]+)"( checked)?', flat(page))


def test_what_is_said_of_one_value_is_not_said_of_another_at_the_same_place():
    box = box_of(in_form(town.answers(main_foods=QUOTE)))[1]
    again = box_of(in_form({**town.answers(main_foods="123456789018"), "as-written": [box]}))
    assert again[1] != box and again[2] is None
    entry = {**NUMBER, "of": box.split()[-1]}
    answer = by_program(town.answers(main_foods="123456789018") | {"as-written": [entry]})
    assert told(answer) == {("/answers/main_foods", "my-number")}


def test_a_prefecture_that_is_meant_is_meant_with_its_postal_code():
    pointer = "/applicant/address/prefecture"
    by_program(at(ELSEWHERE) | {"as-written": [{"code": "prefecture-elsewhere", "pointer": pointer}]})
    said = Filing.objects.get().answers["as-written"]
    other = {**ELSEWHERE, "postal_code": "150-0001"}
    answer = by_program(at(other) | {"as-written": said}, key="m" * 32)
    assert told(answer) == {("/answers" + pointer, "prefecture-elsewhere")}


def test_the_officer_sees_beside_the_answer_what_the_applicant_says_of_it():
    case = town.applied(main_foods=QUOTE, **{"as-written": [NUMBER]})
    page = town.browser_of(town.sasaki()).get(reverse("desk:case", args=[case.reference])).content.decode()
    row = next(row for row in page.split('class="answers__row"') if QUOTE in row)
    assert "申請者の申告：この番号はマイナンバーではありません" in row
    assert page.count("申請者の申告") == 1
