"""A question in people's words leads to what they look for."""

import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from madoguchi.catalogue.models import Entry
from madoguchi.catalogue.search import Document, index
from madoguchi.catalogue.search.synonyms import synonyms
from madoguchi.counter import finding
from madoguchi.foundation import yaml12
from madoguchi.opendata.publishing.actions import renew_all
from madoguchi.opendata.publishing.sources import SOURCES
from madoguchi.people.actor import worker

QUESTIONS = yaml12.load(Path(__file__).with_name("questions.yaml").read_text("utf-8"))
PREFIX = {"ja": "", "en": "/en", "ja-easy": "/ja-easy"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def datasets():
    renew_all(register=SOURCES, by=worker("test"))
    finding.renew([finding.DATASET])


def found(question):
    return [f"{match.kind}/{match.code}" for match in finding.matches(question)]


def test_a_hundred_questions_find_what_is_meant(datasets):
    asked = {question: wanted for of_a_language in QUESTIONS.values() for question, wanted in of_a_language.items()}
    assert len(asked) >= 100
    places = {question: [*found(question), wanted].index(wanted) for question, wanted in asked.items()}
    behind = {question: place for question, place in places.items() if place > 0}
    assert len(behind) <= 0.02 * len(asked), behind
    assert all(wanted in found(question)[:3] for question, wanted in asked.items()), behind


@pytest.mark.parametrize("language", QUESTIONS)
def test_the_page_shows_it_first(client, datasets, language):
    for question, wanted in QUESTIONS[language].items():
        kind, _slash, code = wanted.partition("/")
        page = client.get(f"{PREFIX[language]}/procedures/", {"q": question}).content.decode()
        if kind == "procedure":
            first = page.partition("card__title")[2]
            assert f"/procedures/{code}/" in first.partition("</h2>")[0], question
        elif kind == "elsewhere":
            assert finding.elsewhere()[code]["where"][language].split("（")[0][:4] in page, question


def test_the_list_of_the_api_answers_with_procedures_alone(client):
    lines = client.get("/api/v1/procedures", {"q": "店をやめたい"}).json()
    assert lines[0]["code"] == "food-business-closure"
    assert client.get("/api/v1/procedures", {"q": "住民票"}).json() == []


@pytest.mark.parametrize(
    "question", ["", "　", "%", "'\\", "の", "\0", "🍜", "a" * 5000, "る" * 300, "NOT & | ! :*", "xyzzyqq"]
)
def test_whatever_is_typed_is_answered(client, question):
    assert client.get("/procedures/", {"q": question}).status_code == 200
    assert client.get("/api/v1/procedures", {"q": question}).status_code == 200


@pytest.mark.parametrize("question", ["レストラン", "レストレン", "xyzzyqq", "どうろを つかいたい"])
def test_one_statement_answers_whatever_it_finds(question):
    found(question)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        finding.procedure_codes(question)
    assert len([one for one in asked if "catalogue_term" in one["sql"]]) == 1
    assert len(asked) <= 2, [one["sql"][:80] for one in asked]


def test_where_another_hall_is_named_nothing_says_that_nothing_was_found(client):
    page = client.get("/procedures/", {"q": "年金"}).content.decode()
    assert "年金事務所" in page
    assert "見つかりませんでした" not in page and "0件" not in page


def test_an_exact_name_stands_before_everything_that_holds_the_words():
    index("page", [Document("page", "x", ("廃業",), texts=("レストラン",))])
    assert found("廃業")[0] == "page/x"


def test_openings_stand_before_closures_unless_an_end_is_asked_for():
    assert found("飲食店")[0] == "procedure/food-business-permit"
    assert found("飲食店 廃業")[0] == "procedure/food-business-closure"


def test_what_is_spelled_alike_is_found_and_what_is_like_nothing_is_not():
    assert found("広告とう")[0] == "procedure/outdoor-advertising-permit"
    assert found("qwrtpsdf") == []


def test_what_is_no_longer_there_is_not_found():
    index("page", [Document("page", "gone", ("幻のページ",))])
    assert found("幻のページ")[0] == "page/gone"
    finding.renew([finding.PAGE])
    assert "page/gone" not in found("幻のページ")


@pytest.mark.parametrize("language", PREFIX)
def test_every_page_that_can_be_found_is_there(client, language):
    for url, row in finding.pages().items():
        assert row["name"][language] and row["summary"][language]
        with translation.override(language):
            address = reverse(url)
        assert client.get(address).status_code == 200, url


def test_every_group_of_synonyms_has_its_reason_and_means_words_that_are_known():
    from madoguchi.catalogue.models import Term
    from madoguchi.catalogue.search.words import words

    groups = yaml12.load((finding.settings.SEARCH_DIR / "synonyms.yaml").read_text("utf-8"))["synonyms"]
    known = set(Term.objects.values_list("word", flat=True))
    for group in groups:
        assert group["because"], group
        assert set(words(group["means"])) & known, group["means"]
    assert synonyms().closing


def test_what_a_newer_program_cuts_otherwise_is_kept_anew(monkeypatch):
    def kept():
        index("page", [Document("page", "x", ("幻のページ",))])
        return Entry.objects.get(kind="page", code="x").pk

    assert kept() == kept()
    before = kept()
    monkeypatch.setattr(sys.modules[Document.__module__], "_cutting", lambda: b"newer")
    assert kept() != before
