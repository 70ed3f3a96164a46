"""Anybody rates a project; the owner reads the comment, answers in public, and the mean waits for five ratings."""

import pytest
from django.db import IntegrityError, transaction

from madoguchi.figures.queries import LEAST
from madoguchi.platform.refusing import ActionRefused
from madoguchi.reform import actions
from madoguchi.reform.models import Reply, Voice
from tests import town

from .stage import OWN, REAL, rated

pytestmark = pytest.mark.django_db
PAGE, RATE = f"/reform/projects/{OWN}/", f"/reform/projects/{OWN}/rate/"
DESK = f"/desk/reform/projects/{OWN}/"
KEY = "k" * 32


def replied(voices, *, by=None, said="字が小さい", did="大きくした", ref=OWN):
    return actions.reply(ref, [one.pk for one in voices], said=said, did=did, by=by or town.nakamura())


def test_anybody_rates_and_the_owner_reads_it():
    answer = town.visitor().post(RATE, {"score": "4", "comment": "字が小さいです。", "key": KEY})
    assert answer.status_code == 302
    assert Voice.objects.get().office == "reform"
    assert "字が小さいです。" in town.browser_of(town.nakamura()).get(DESK).content.decode()


def test_the_comment_is_never_public():
    rated(comment="ないしょの一言")
    replied(Voice.objects.all())
    assert "ないしょの一言" not in town.visitor().get(PAGE).content.decode()


def test_another_office_does_not_read_it():
    rated(comment="ないしょの一言")
    answer = town.browser_of(town.sasaki()).get(DESK)
    assert (answer.status_code, "ないしょ" in answer.content.decode()) == (403, False)


def test_sent_twice_is_given_once():
    for _twice in range(2):
        town.visitor().post(RATE, {"score": "4", "key": KEY})
    assert Voice.objects.count() == 1


@pytest.mark.parametrize("score", ["", "0", "6", "five", "５", "4" * 5000])
def test_a_score_that_is_none_is_refused_and_the_comment_stays(score):
    answer = town.visitor().post(RATE, {"score": score, "comment": "残る言葉", "key": KEY})
    assert (answer.status_code, "残る言葉" in answer.content.decode()) == (422, True)
    assert not Voice.objects.exists()


@pytest.mark.parametrize("change", [{"comment": "長" * 1001}, {"comment": "あ\0い"}, {"key": "短い"}, {"key": ""}])
def test_what_cannot_be_kept_is_refused(change):
    assert town.visitor().post(RATE, {"score": "4", "key": KEY, **change}).status_code == 422
    assert not Voice.objects.exists()


@pytest.mark.parametrize("score", [0, 6])
def test_the_database_refuses_other_scores(score):
    voice = rated()
    with pytest.raises(IntegrityError, match="voice_one_to_five"), transaction.atomic():
        Voice.objects.filter(pk=voice.pk).update(score=score)


def test_the_mean_is_published_from_five_ratings_on():
    for score in (5, 5, 4, 4):
        rated(score)
    assert "平均 " not in town.visitor().get(PAGE).content.decode()
    rated(2)
    assert LEAST == 5
    assert "平均 4.0（5件の評価）" in town.visitor().get(PAGE).content.decode()


def test_you_said_we_did_is_public_and_the_voices_leave_the_desk():
    rated(comment="ひとつめ")
    rated(comment="ふたつめ")
    replied(Voice.objects.all())
    page = town.visitor().get(PAGE).content.decode()
    assert "字が小さい" in page
    assert "大きくした" in page
    assert "ひとつめ" not in town.browser_of(town.nakamura()).get(DESK).content.decode()


def test_a_voice_is_answered_once():
    voice = rated()
    replied([voice])
    with pytest.raises(ActionRefused) as refused:
        replied([voice])
    assert refused.value.conflict
    assert Reply.objects.count() == 1


def test_a_voice_to_another_project_is_not_answered_here():
    with pytest.raises(ActionRefused):
        replied([rated(ref=REAL)])


@pytest.mark.parametrize("parts", [{"said": ""}, {"did": " "}])
def test_half_an_answer_is_refused(parts):
    voice = rated()
    with pytest.raises(ActionRefused):
        replied([voice], **parts)


def test_only_the_owner_office_answers():
    voice = rated()
    with pytest.raises(ActionRefused):
        replied([voice], by=town.sasaki())


def test_an_answer_that_is_refused_stays_on_the_page():
    voice = rated()
    browser = town.browser_of(town.nakamura())
    answer = browser.post(f"{DESK}reply/", {"voice": str(voice.pk), "said": "要約した声", "did": ""})
    assert (answer.status_code, "要約した声" in answer.content.decode()) == (422, True)
    assert browser.post(f"{DESK}reply/", {"voice": "x", "said": "声", "did": "直した"}).status_code in {409, 422}
    assert browser.post(f"{DESK}reply/", {"voice": str(voice.pk), "said": "声", "did": "直した"}).status_code == 302
