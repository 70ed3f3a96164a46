"""Bad input through the form and the API, in three languages: a clear answer, nothing lost, never a broken page."""

import json

import pytest

from madoguchi.applications.models import Filing
from madoguchi.cases.models import Case
from tests import forms, town

pytestmark = pytest.mark.django_db
LANGUAGES = {"ja": "", "en": "/en", "ja-easy": "/ja-easy"}
each_language = pytest.mark.parametrize("language", LANGUAGES)
MY_NUMBER = "123456789018"
RARE = ["髙", "﨑", "𠮷", "葛\U000e0100", "辻\U000e0100", "\ufa19", "㈱", "𩸽", "ヷ", "é"]
HOSTILE = {
    "100 kB": ("あ" * 33_000, "too-long"),
    "NUL": ("定食\x00みなと", "control-character"),
    "escape": ("\x1b[31m赤", "control-character"),
    "right to left": ("定食\u202eみなと", "direction-control"),
    "isolate": ("\u2066定食", "direction-control"),
    "My Number": (f"番号は{MY_NUMBER}です", "my-number"),
    "My Number, wide": ("番号は１２３４-５６７８-９０１８です", "my-number"),
    "blank": ("　 ", "missing"),
}
WRONG_TYPES = [
    None,
    True,
    0,
    1.5,
    10**400,
    [],
    ["x"],
    {},
    {"kind": "person"},
    [[[]]],
    [None],
    {"a": {"b": []}},
    "\ud800",
]


def in_form(given, language="ja", browser=None):
    place = f"{LANGUAGES[language]}/procedures/{town.RESTAURANT}/confirm/"
    return (browser or town.visitor()).post(place, forms.typed(given), follow=True)


def by_program(given, language="ja", key="k" * 32):
    headers = {"Idempotency-Key": key, "Accept-Language": language}
    return town.visitor().post(
        f"/api/v1/procedures/{town.RESTAURANT}/applications", json.dumps({"answers": given}),
        content_type="application/json", headers=headers,
    )  # fmt: skip


def told(answer):
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


@each_language
@pytest.mark.parametrize("kind", HOSTILE)
def test_the_form_says_what_is_wrong_and_keeps_the_rest(kind, language):
    text, _code = HOSTILE[kind]
    answer = in_form(town.answers(trade_name=text), language)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert any(place.startswith("trade_name") for place, _text in forms.faults_on(answer)), forms.faults_on(answer)
    assert 'value="定食、丼物、酒類"' in page


@each_language
@pytest.mark.parametrize("kind", HOSTILE)
def test_the_api_says_what_is_wrong(kind, language):
    text, code = HOSTILE[kind]
    answer = by_program(town.answers(trade_name=text), language)
    assert (answer.status_code, told(answer)) == (422, {("/answers/trade_name", code)})
    assert not Case.objects.exists()


def test_the_refusal_of_a_my_number_gives_the_reason():
    page = in_form(town.answers(opening_hours=MY_NUMBER)).content.decode()
    assert "マイナンバー（個人番号）は、この手続では受け取れません" in page
    assert "番号法" in page


@pytest.mark.parametrize("question", ["main_foods", "opening_hours", "supervisor_number", "contact_person"])
def test_a_my_number_is_refused_in_every_text(question):
    assert told(by_program(town.answers(**{question: MY_NUMBER}))) == {(f"/answers/{question}", "my-number")}


def test_a_my_number_is_refused_inside_a_party_and_a_row():
    given = town.answers(town.RESTAURANT, "accepted-renewal-corporation-well")
    given["applicant"]["representative"] = f"佐藤 {MY_NUMBER}"
    given["fugu_handlers"][0]["certificate"] = MY_NUMBER
    found = {pointer for pointer, code in told(by_program(given)) if code == "my-number"}
    assert found == {"/answers/applicant/representative", "/answers/fugu_handlers/0/certificate"}


def test_the_corporate_number_of_13_digits_is_no_my_number():
    given = town.answers(town.RESTAURANT, "accepted-renewal-corporation-well")
    assert by_program(given).status_code == 201


def stored(answer):
    return Filing.objects.get(case__reference=answer.json()["reference"]).answers


@pytest.mark.parametrize("character", RARE)
def test_rare_characters_of_names_are_kept_exactly_to_the_database_and_back(character):
    name = f"{character}橋 {character}子"
    given = town.answers(trade_name=name)
    given["applicant"]["name"] = name
    answer = by_program(given)
    kept = stored(answer)
    assert kept["trade_name"] == kept["applicant"]["name"] == name
    case = Case.objects.get(reference=answer.json()["reference"])
    assert case.title == name
    assert name in town.holder(case).get(f"/applications/{case.reference}/").content.decode()


@pytest.mark.parametrize("character", RARE)
def test_rare_characters_survive_the_form_and_its_confirmation(character):
    name = f"{character}橋"
    confirmed = in_form(town.answers(trade_name=name))
    assert (confirmed.status_code, name in confirmed.content.decode()) == (200, True)
    again = in_form(town.answers(trade_name=name, seats="x"))
    assert f'value="{name}"' in again.content.decode()


def test_full_width_digits_are_accepted_and_made_narrow():
    given = town.answers(
        seats="１８", floor_area="４６．５", contact_phone="０９０ー１２３４ー５６７８", open_date="２０２６-０７-０１"
    )
    given["applicant"]["address"]["postal_code"] = "２３１ー００４５"
    kept = stored(by_program(given))
    assert (kept["seats"], kept["floor_area"], kept["open_date"]) == (18, 46.5, "2026-07-01")
    assert (kept["contact_phone"], kept["applicant"]["address"]["postal_code"]) == ("+819012345678", "231-0045")


@pytest.mark.parametrize("value", WRONG_TYPES, ids=lambda value: str(value)[:12].encode(errors="replace").decode())
def test_a_value_of_the_wrong_type_at_any_question_is_refused_and_never_breaks(value, subtests):
    good = town.answers()
    for question in town.compiled().questions:
        with subtests.test(question.id):
            answer = by_program({**good, question.id: value}, key=f"{question.id:x<32}")
            assert answer.status_code in {201, 422}, answer.content[:300]
            for pointer, _code in told(answer) if answer.status_code == 422 else ():
                assert pointer.startswith("/answers")


@each_language
def test_an_unknown_procedure_is_not_found(language):
    prefix = LANGUAGES[language]
    for place in ("procedures/invented/", "procedures/invented/apply/"):
        assert town.visitor().get(f"{prefix}/{place}").status_code == 404
    for place in ("confirm", "submit"):
        assert town.visitor().post(f"{prefix}/procedures/invented/{place}/").status_code == 404


@each_language
def test_a_closed_procedure_says_so(language, period):
    period(town.RESTAURANT, "2020-04-01", "2021-03-31")
    prefix = f"{LANGUAGES[language]}/procedures/{town.RESTAURANT}"
    assert town.visitor().get(f"{prefix}/apply/").status_code == 410
    assert town.visitor().get(f"{prefix}/").status_code == 200
    for place in ("confirm", "submit"):
        assert town.visitor().post(f"{prefix}/{place}/", {"key": "k" * 32, "answers": "{}"}).status_code == 410


@each_language
def test_a_procedure_that_is_not_open_yet_says_so(language, period):
    period(town.RESTAURANT, "2099-04-01")
    assert town.visitor().get(f"{LANGUAGES[language]}/procedures/{town.RESTAURANT}/apply/").status_code == 410


@each_language
@pytest.mark.parametrize("place", ["confirm", "submit"])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"answers": "{"},
        {"answers": "[]"},
        {"answers": "[" * 100_000},
        {"answers": '{"x": NaN}'},
        {"answers": '{"seats": 1e999}'},
        {"answers": '{"trade_name": "\\ud800"}'},
        {"answers": '{"trade_name": "\\u0000"}'},
        {"key": "k" * 121},
        {"key": "k" * 32, "started": "²"},
        {"key": "k" * 32, "started": "9" * 5000},
        {"do": "add:"},
        {"do": "remove:fugu_handlers:²"},
        {"do": "remove:fugu_handlers:" + "9" * 5000},
        {"do": "add:trade_name"},
        {"do": "x" * 100_000},
        {"fugu_handlers.999999999.name": "x"},
        {f"fugu_handlers.{'9' * 500}.name": "x"},
        {"fugu_handlers.².name": "x"},
        {"applicant.kind": "robot"},
        {"open_date.year": "9" * 5000, "open_date.month": "²", "open_date.day": "-1"},
        {"open_date.era": "x", "open_date.year": "99999"},
    ],
    ids=lambda fields: str(fields)[:40].encode("ascii", "replace").decode(),
)
def test_a_strange_form_gets_the_form_back(fields, place, language):
    fields = {"key": "k" * 32, **fields} if place == "submit" else fields
    answer = town.visitor().post(f"{LANGUAGES[language]}/procedures/{town.RESTAURANT}/{place}/", fields, follow=True)
    assert answer.status_code == 200, answer.content[:200]
    assert not Case.objects.exists()


def test_a_key_with_a_nul_gets_an_answer():
    fields = {"key": "\x00" * 32, **forms.carried(town.answers())}
    assert town.visitor().post(f"/procedures/{town.RESTAURANT}/submit/", fields, follow=True).status_code == 200


def test_more_fields_than_any_form_has_get_an_answer():
    fields = {f"field-{n}": "x" for n in range(5000)}
    assert town.visitor().post(f"/procedures/{town.RESTAURANT}/confirm/", fields).status_code == 400


def test_more_text_than_any_form_holds_gets_an_answer():
    answer = town.visitor().post(f"/procedures/{town.RESTAURANT}/confirm/", {"trade_name": "x" * (3 << 20)})
    assert answer.status_code in {400, 413, 422}


@each_language
def test_the_whole_way_from_form_to_receipt(language):
    browser = town.visitor()
    given = town.answers()
    confirmed = in_form(given, language, browser)
    assert confirmed.status_code == 200, forms.faults_on(confirmed)
    place = f"{LANGUAGES[language]}/procedures/{town.RESTAURANT}/submit/"
    fields = {"key": "k" * 32, **forms.carried(given)}
    sent, again = browser.post(place, fields), browser.post(place, fields)
    case = Case.objects.get()
    assert (
        (sent.status_code, sent.url)
        == (again.status_code, again.url)
        == (303, f"{LANGUAGES[language]}/applications/{case.reference}/received/")
    )
    assert case.reference in browser.get(sent.url).content.decode()
    assert case.language == language


def test_the_button_pressed_again_after_a_change_is_told():
    browser, given = town.visitor(), town.answers()
    place = f"/procedures/{town.RESTAURANT}/submit/"
    browser.post(place, {"key": "k" * 32, **forms.carried(given)})
    assert browser.post(place, {"key": "k" * 32, **forms.carried({**given, "seats": 99})}).status_code == 409
