"""Answers that no page of ours sends come back as a form that says what is wrong, never as an error page."""

import json

import pytest

from tests import town

pytestmark = pytest.mark.django_db
PARTS = ("name", "kana", "phone", "email", "birth_date", "corporate_number", "representative")
STRANGE = [
    "甲", 5, True, [], [[]], [{}], ["\x00"], {}, {"kind": []}, {"kind": {"a": 1}}, {"address": "甲", "kind": "person"},
    {"address": {"prefecture": ["甲"], "postal_code": 5}, "kind": "person"}, {"era": {}, "year": [1]},
    *({"kind": "person", part: value} for part in PARTS for value in ([1], {"a": []}, 5)),
    [{"name": {"a": 1}}, "甲", [None]],
]  # fmt: skip


@pytest.mark.parametrize("value", STRANGE, ids=json.dumps)
def test_strange_answers_come_back_as_a_form(value):
    compiled = town.compiled()
    answers = json.dumps({question.id: value for question in compiled.questions})
    confirm = f"/procedures/{compiled.procedure.code}/confirm/"
    page = town.visitor().post(confirm, {"answers": answers}, follow=True)
    assert (page.status_code, page.redirect_chain[-1][1]) == (200, 303)
    assert 'name="applicant.name"' in page.content.decode()
