"""A name from the form to the signed document: printed as it is written, or told where it is typed, in every way in."""

import json
import subprocess

import pytest

from madoguchi.applications.models import Filing
from madoguchi.counter.tests.test_bad_input import by_program, in_form, told
from madoguchi.desk import actions as desk
from madoguchi.platform.refusing import ActionRefused
from tests import forms, town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db
PRINTED = [
    "髙橋 﨑子", "𠮷田 𡈽", "葛\U000e0100城 辻\U000e0100", "\ufa19谷", "김민준", "刘伟 张华", "Nguyễn Thị Hằng",
    "Łukasz Żółć", "Иванов Иван", "Γεώργιος", "नेपाल",
]  # fmt: skip
NOT_PRINTED = {
    "葛\U000e0110城 太郎": ("unprintable-variant", "葛城 太郎"),
    "สมชาย": ("unprintable", "カタカナ"),
    "山田\U0003134a": ("unprintable", "U+3134A"),
    "محمد": ("unprintable", "カタカナ"),
    "\ue000田 太郎": ("unreadable-character", "1文字目"),
    "髙\ufffd 太郎": ("unreadable-character", "2文字目"),
}
CONDITIONS = {"conditions": ["営業は\U0003134a時まで"]}


def named(name):
    given = town.answers()
    given["applicant"]["name"] = name
    return given


def text_of(credential, tmp_path):
    (tmp_path / "issued.pdf").write_bytes(credential.pdf)
    run = ["pdftotext", str(tmp_path / "issued.pdf"), "-"]
    return "".join(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("name", PRINTED)
def test_a_name_goes_from_the_form_into_the_signed_document(name, tmp_path):
    given = named(name)
    confirmed = in_form(given)
    assert confirmed.status_code == 200 and forms.faults_on(confirmed) == []
    issued = town.decided(town.applied(applicant=given["applicant"]))
    assert "".join(name.split()) in text_of(issued, tmp_path)


@pytest.mark.parametrize("name", NOT_PRINTED)
def test_a_name_that_cannot_be_printed_is_told_where_it_is_typed(name):
    code, way_on = NOT_PRINTED[name]
    answer = by_program(named(name))
    assert told(answer) == {("/answers/applicant/name", code)}
    assert way_on in json.dumps(answer.json(), ensure_ascii=False)
    page = in_form(named(name)).content.decode()
    assert way_on in page and name in page
    assert not Filing.objects.exists()


@pytest.mark.parametrize("name", ["葛城 太郎", "カツラギ タロウ", "Somchai"])
def test_the_ways_on_that_are_offered_are_taken(name):
    assert by_program(named(name)).status_code == 201


@pytest.mark.parametrize("by", ["applicant", "clerk"])
def test_an_address_or_an_answer_on_the_document_is_told_too(by):
    given = named("山田 太郎")
    given["applicant"]["address"]["street"] = "葛\U000e0110町1"
    given["trade_name"] = "食堂\U0003134a"
    if by == "applicant":
        page = in_form(given)
    else:
        place = f"/desk/counter/{town.RESTAURANT}/confirm/"
        page = town.browser_of(town.suzuki()).post(place, forms.typed(given), follow=True)
    assert "葛町1" in page.content.decode() and "U+3134A" in page.content.decode()


def test_what_an_officer_writes_on_the_document_is_told_to_that_officer():
    case = town.drafting(town.applied())
    with pytest.raises(ActionRefused, match=r"U\+3134A"):
        desk.propose(case, result="granted", by=town.worker_of(case), **CONDITIONS)


def test_a_name_that_was_filed_before_stops_the_proposal_and_never_the_approval():
    case = town.applied()
    filing = Filing.objects.get(case=case)
    with without_guards():
        Filing.objects.filter(pk=filing.pk).update(answers={**filing.answers, **named("葛\U000e0110城")})
    case = town.drafting(case)
    with pytest.raises(ActionRefused, match="字"):
        desk.propose(case, result="granted", by=town.worker_of(case))
    assert not case.drafts.exists()
