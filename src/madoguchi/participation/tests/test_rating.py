"""The service is rated 1 to 5 by who applied, once or changed later, with a comment that stays out of the record."""

import pytest
from django.db import IntegrityError, transaction

from madoguchi.participation.actions import MAX_COMMENT, rate
from madoguchi.participation.models import Rating
from madoguchi.people.actor import PUBLIC, Actor, applicant, worker
from madoguchi.platform.refusing import ActionRefused
from tests import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return town.applied()


def rated(case, score=5, comment="", by=None):
    return rate(case, score=score, comment=comment, by=by or applicant(case.reference))


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_the_applicant_rates_from_1_to_5(case, score):
    assert rated(case, score).score == score
    assert case.events.get(kind="rated").data == {"score": score}


@pytest.mark.parametrize("score", [0, 6, -1, 100])
def test_other_scores_are_refused(case, score):
    with pytest.raises(ActionRefused):
        rated(case, score)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("score", [0, 6])
def test_the_database_refuses_other_scores(case, score):
    with pytest.raises(IntegrityError, match="rating_one_to_five"), transaction.atomic():
        Rating.objects.create(case=case, score=score, at=case.received_at)


@pytest.mark.parametrize("who", [PUBLIC, worker("x"), applicant("0000-0000-000"), Actor("applicant")])
def test_nobody_else_rates(case, who):
    with pytest.raises(ActionRefused):
        rated(case, by=who)


def test_officers_do_not_rate_themselves(case):
    with pytest.raises(ActionRefused):
        rated(case, by=town.sasaki())


def test_a_rating_may_be_changed_and_stays_one(case):
    rated(case, 2)
    rated(case, 4, "早かったです。")
    assert [(one.score, one.comment) for one in Rating.objects.all()] == [(4, "早かったです。")]


def test_the_comment_stays_out_of_the_record(case):
    rated(case, 3, "髙橋です。電話は045-210-1111です。")
    assert "髙橋" not in str(list(case.events.values_list("data", flat=True)))


def test_a_long_comment_is_refused_and_kept_on_the_page(case):
    town.decided(case)
    comment = "長" * (MAX_COMMENT + 1)
    answer = town.holder(case).post(f"/applications/{case.reference}/rate/", {"score": "4", "comment": comment})
    assert (answer.status_code, comment in answer.content.decode()) == (422, True)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("typed", ["", "6", "0", "-1", "five", "５", "1.5", "4" * 5000, "²"])
def test_a_score_that_is_none_is_refused_on_the_page(case, typed):
    answer = town.holder(case).post(f"/applications/{case.reference}/rate/", {"score": typed})
    assert answer.status_code in {302, 422}
    assert Rating.objects.exists() == (answer.status_code == 302)


def test_the_page_takes_a_score_and_a_comment(case):
    place = f"/applications/{case.reference}/rate/"
    assert town.holder(case).post(place, {"score": "4", "comment": "早かったです。"}).status_code == 302
    assert Rating.objects.get().comment == "早かったです。"


def test_characters_that_cannot_be_kept_are_refused_with_a_sentence():
    case = town.applied()
    page = town.holder(case).post(f"/applications/{case.reference}/rate/", {"score": "5", "comment": "あ\0い"})
    assert page.status_code == 422
    assert "画面に表示できない文字" in page.content.decode()
