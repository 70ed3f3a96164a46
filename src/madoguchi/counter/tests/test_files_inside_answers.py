"""The example of every procedure can be sent as it is: small files stand inside the answers."""

import base64
import json
from copy import deepcopy

import jsonschema_rs
import pytest

from madoguchi.applications.models import Upload
from madoguchi.cases.models import Case
from madoguchi.catalogue.queries import current
from tests import town

pytestmark = pytest.mark.django_db
CODES = sorted(path.name for path in (town.settings.PROCEDURES_DIR).iterdir() if (path / "procedure.yaml").exists())
KEY = "key-of-a-program-0001"


def told(code=town.RESTAURANT):
    return town.visitor().get(f"/api/v1/procedures/{code}").json()


def sent(answers, code=town.RESTAURANT, key=KEY):
    place = f"/api/v1/procedures/{code}/applications"
    body = json.dumps({"answers": answers})
    return town.visitor().post(place, body, content_type="application/json", headers={"Idempotency-Key": key})


def test_every_published_procedure_is_tried():
    assert set(CODES) == set(current())


@pytest.mark.parametrize("code", CODES)
def test_the_example_fits_the_schema_and_is_accepted(code):
    procedure = told(code)
    jsonschema_rs.validator_for(procedure["schema"]).validate(procedure["example"])
    answer = sent(procedure["example"], code)
    assert answer.status_code == 201, answer.content.decode()
    assert Case.objects.get().reference == answer.json()["reference"]


def test_a_retry_with_files_inside_is_the_same_application():
    example = told()["example"]
    first, second = sent(example), sent(example)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["reference"] == second.json()["reference"]
    assert Case.objects.count() == 1
    assert not Upload.objects.filter(case__isnull=True).exists()


def test_another_file_with_the_same_key_is_another_body():
    example = told()["example"]
    changed = deepcopy(example)
    changed["drawings"] = [{"name": "b.pdf", "content": base64.b64encode(town.small_pdf("別の図面")).decode()}]
    assert sent(example).status_code == 201
    assert sent(changed).status_code == 409


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ({"name": "a.pdf", "content": "これは base64 ではない"}, "file-broken"),
        ({"name": "a.pdf", "content": ""}, "file-empty"),
        ({"name": "a.pdf", "content": base64.b64encode(b"<html>").decode()}, "file-kind"),
        ({"name": 5, "content": "QQ=="}, "wrong-type"),
        ({"name": "a.pdf"}, "wrong-type"),
        ({}, "wrong-type"),
    ],
)
def test_a_file_that_is_none_is_told_at_its_place(file, code):
    answer = sent({**told()["example"], "drawings": [file]})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/answers/drawings/0", code)]
    assert not Case.objects.exists()


@pytest.mark.parametrize("files", [{"name": "a.pdf"}, [[]], [None], [{"content": "QQ=="}] * 3000, "x", 7])
def test_whatever_stands_in_the_place_of_files_is_a_problem_and_no_fault(files):
    assert sent({**told()["example"], "drawings": files}).status_code == 422
