"""The API: everything the public counter does, for programs; every refusal a problem that says where and why."""

import json
from datetime import timedelta

import jsonschema_rs
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.cases.models import Case
from madoguchi.catalogue.queries import current
from madoguchi.counter.tests.programs import program
from madoguchi.foundation.dates import today
from tests import town

pytestmark = pytest.mark.django_db
KEY = "program-1" * 4


def send(given=None, *, code=town.RESTAURANT, key=KEY, **more):
    headers = {"Idempotency-Key": key} if key is not None else {}
    body = {"answers": town.answers(code) if given is None else given, **more}
    return program().post(
        f"/api/v1/procedures/{code}/applications", json.dumps(body), content_type="application/json", headers=headers
    )


def problem(answer, status):
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, status), told
    assert told["title"]
    return told


# ---------------------------------------------------------------- reading


def test_every_procedure_is_listed_with_its_form():
    listed = program().get("/api/v1/procedures").json()
    assert [one["code"] for one in listed] == sorted(current())
    one = program().get(f"/api/v1/procedures/{town.RESTAURANT}").json()
    assert one["form_url"].endswith(f"/procedures/{town.RESTAURANT}/apply/")
    assert (one["name"], one["is_open"], one["standard_period"]["days"]) == ("飲食店営業許可", True, 10)


def test_the_list_can_be_searched_in_japanese():
    found = program().get("/api/v1/procedures", {"q": "レストラン"}).json()
    assert found[0]["code"] == town.RESTAURANT


@pytest.mark.parametrize("words", ["", " ", "zzzz", "'; DROP TABLE", "&|!:*", "髙" * 5000, "\x00"])
def test_strange_words_find_nothing_and_break_nothing(words):
    assert program().get("/api/v1/procedures", {"q": words}).status_code == 200
    assert town.visitor().get("/procedures/", {"q": words, "event": words, "bureau": words}).status_code == 200


def test_the_schema_of_every_procedure_is_valid_and_its_example_fits(subtests):
    for code in current():
        with subtests.test(code):
            told = program().get(f"/api/v1/procedures/{code}").json()
            schema, example = told["schema"], told["example"]
            assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
            jsonschema_rs.meta.validate(schema)
            assert example
            assert [str(one) for one in jsonschema_rs.Draft202012Validator(schema).iter_errors(example)] == []


def test_the_example_of_every_procedure_is_accepted_once_its_files_are_there(subtests):
    for code in current():
        with subtests.test(code):
            example = program().get(f"/api/v1/procedures/{code}").json()["example"]
            for path, question, ids in list(town.compiled(code).files_in(example)):
                place = example
                for part in path[:-1]:
                    place = place[part]
                place[path[-1]] = [upload(question.accept[0]) for _id in ids]
            answer = send(example, code=code)
            assert answer.status_code == 201, answer.json()


def upload(kind="pdf"):
    file = SimpleUploadedFile(f"図面.{kind}", town.small_file(kind))
    return program().post("/api/v1/uploads", {"file": file}).json()["id"]


# ---------------------------------------------------------------- filing


def test_an_application_is_answered_with_reference_and_token():
    answer = send()
    told = answer.json()
    assert answer.status_code == 201
    assert set(told) == {"reference", "status", "status_url", "access_token"}
    case = Case.objects.get()
    assert (told["reference"], told["status"], case.channel) == (case.reference, "intake", "api")
    followed = program(told["access_token"]).get(f"/api/v1/applications/{told['reference']}").json()
    assert (followed["status"], followed["fee"], followed["timeline"][0]["state"]) == ("intake", 18_300, "done")


def test_the_same_key_and_body_give_the_same_answer():
    given = town.answers()
    first, second = send(given), send(given)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_a_conflict():
    given = town.answers()
    send(given)
    problem(send({**given, "seats": 99}), 409)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("key", ["1", "k" * 200])
def test_any_printable_key_is_taken(key):
    assert send(key=key).status_code == 201


@pytest.mark.parametrize("key", [None, "", "k" * 201])
def test_an_application_needs_a_key(key):
    problem(send(key=key), 400)
    assert not Case.objects.exists()


def test_each_fault_is_told_with_a_pointer():
    given = town.answers(seats=-1, invented="x", main_foods="")
    given["applicant"]["phone"] = "110"
    told = problem(send(given), 422)
    found = {(one["pointer"], one["code"]) for one in told["errors"]}
    assert found == {
        ("/answers/seats", "too-small"),
        ("/answers/invented", "unknown-question"),
        ("/answers/main_foods", "missing"),
        ("/answers/applicant/phone", "not-a-phone"),
    }
    assert all(one["detail"] for one in told["errors"])


def test_a_fault_in_a_row_points_into_the_row():
    given = town.answers(town.RESTAURANT, "accepted-renewal-corporation-well")
    given["fugu_handlers"][1]["name"] = ""
    told = problem(send(given), 422)
    assert [one["pointer"] for one in told["errors"]] == ["/answers/fugu_handlers/1/name"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        '{"answers": []}',
        '{"answers": null}',
        "{}",
        '{"answers": {"x": NaN}}',
        "\x00",
        "[" * 100_000,
    ],
)
def test_a_body_that_is_none_is_a_problem(body):
    answer = program().post(
        f"/api/v1/procedures/{town.RESTAURANT}/applications", body, content_type="application/json",
        headers={"Idempotency-Key": KEY},
    )  # fmt: skip
    assert answer.status_code in {400, 422}, answer.content
    problem(answer, answer.status_code)


def test_an_unknown_procedure_is_told():
    problem(program().get("/api/v1/procedures/invented"), 404)
    problem(send({}, code="invented"), 404)


def test_a_closed_procedure_is_told(period):
    given = town.answers()
    period(town.RESTAURANT, "2020-04-01", "2021-03-31")
    assert program().get(f"/api/v1/procedures/{town.RESTAURANT}").json()["is_open"] is False
    problem(send(given), 410)
    assert not Case.objects.exists()


def test_a_retry_is_answered_even_after_the_procedure_closed(period):
    given = town.answers()
    first = send(given).json()
    period(town.RESTAURANT, "2020-04-01", "2021-03-31")
    assert send(given).json()["reference"] == first["reference"]
    problem(send(given, key="another-key-of-the-same-day"), 410)
    assert Case.objects.count() == 1


# ---------------------------------------------------------------- the token


@pytest.mark.parametrize("method", ["get", "withdrawal", "rating", "corrections", "document"])
@pytest.mark.parametrize("token", [None, "wrong", "other"])
def test_without_its_token_a_case_does_not_exist(method, token):
    mine, other = send().json(), send(key=KEY + "2").json()
    token = other["access_token"] if token == "other" else token
    place = f"/api/v1/applications/{mine['reference']}"
    body = json.dumps({"score": 5} if method == "rating" else {"answers": {}})
    answers = {
        "get": lambda: program(token).get(place),
        "document": lambda: program(token).get(f"{place}/documents/1"),
    }
    post = lambda: program(token).post(f"{place}/{method}", body, content_type="application/json")  # noqa: E731
    known = problem(answers.get(method, post)(), 404)
    assert known["title"] == "このトークンで開ける申請はありません。"
    assert Case.objects.filter(closed_at=None).count() == 2


def test_a_program_corrects_withdraws_and_rates():
    from madoguchi.cases.actions import ask_correction

    told = send().json()
    case, mine = Case.objects.get(), program(told["access_token"])
    place = f"/api/v1/applications/{told['reference']}"
    until = today() + timedelta(days=365)
    ask_correction(case, items=[("seats", "確かめてください。")], answer_by=until, by=town.sasaki())
    assert mine.get(place).json()["correction"] == [{"question": "seats", "text": "確かめてください。"}]
    wrong = mine.post(f"{place}/corrections", {"answers": {"seats": "x"}}, content_type="application/json")
    assert problem(wrong, 422)["errors"][0]["pointer"] == "/answers/seats"
    strange = mine.post(f"{place}/corrections", {"answers": {"seats": 20, "x": 1}}, content_type="application/json")
    assert [one["pointer"] for one in problem(strange, 422)["errors"]] == ["/answers/x"]
    right = mine.post(f"{place}/corrections", {"answers": {"seats": 20}}, content_type="application/json")
    assert (right.status_code, right.json()["correction"]) == (200, None)
    same = mine.post(f"{place}/corrections", {"answers": {"seats": 20}}, content_type="application/json")
    assert (same.status_code, same.json()) == (200, right.json()), "the reply was lost: the same again says the same"
    assert case.filings.count() == 2
    again = mine.post(f"{place}/corrections", {"answers": {"seats": 30}}, content_type="application/json")
    problem(again, 409)
    assert mine.post(f"{place}/rating", {"score": 5}, content_type="application/json").json() == {"score": 5}
    problem(mine.post(f"{place}/rating", {"score": 9}, content_type="application/json"), 422)
    assert mine.post(f"{place}/withdrawal").json()["result"] == "withdrawn"
    assert mine.post(f"{place}/withdrawal").json()["result"] == "withdrawn"
    assert case.events.filter(kind="withdrawn").count() == 1


def test_a_program_downloads_the_signed_document():
    told = send().json()
    case, mine = Case.objects.get(), program(told["access_token"])
    permit = town.decided(case)
    (listed,) = mine.get(f"/api/v1/applications/{told['reference']}").json()["documents"]
    answer = mine.get(f"/api/v1/applications/{told['reference']}/documents/{listed['id']}")
    assert (answer.content, listed["sha256"], listed["number"]) == (bytes(permit.pdf), permit.sha256, permit.number)


def test_a_document_of_another_case_is_not_found():
    mine, other = send().json(), send(key=KEY + "2").json()
    permit = town.decided(Case.objects.get(reference=other["reference"]))
    answer = program(mine["access_token"]).get(f"/api/v1/applications/{mine['reference']}/documents/{permit.pk}")
    problem(answer, 404)


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 422), (b"<html>", 422), (b"%PDF-", 422), (b"%PDF-" + bytes(21 << 20), 413)]
)
def test_a_file_that_cannot_be_taken_is_a_problem(content, status):
    file = SimpleUploadedFile("図面.pdf", content)
    problem(program().post("/api/v1/uploads", {"file": file}), status)


def test_an_upload_without_a_file_is_a_problem():
    problem(program().post("/api/v1/uploads", {}), 422)


# ---------------------------------------------------------------- its description


def test_an_unknown_address_is_a_problem():
    problem(program().get("/api/v1/nothing"), 404)
