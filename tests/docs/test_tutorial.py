"""The tutorial, done by somebody who types what it says and looks at what it shows."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.applications.actions import submit
from madoguchi.cases.clock import Clock
from madoguchi.cases.models import Case
from madoguchi.catalogue.checking.examples import difference, load_examples
from madoguchi.catalogue.load import load
from madoguchi.config import cli
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.calendar import today
from tests import forms, town
from tests.docs.conftest import CODE, TUTORIAL
from tests.docs.reading import ROOT, blocks, commands, typed

TO_DO = re.compile(r"/examples:1: there is no example|/wording/[a-z-]+\.yaml:1: there is no wording")
ADDRESS = re.compile(r"http://127\.0\.0\.1:8000(/[^>\s`]*)")


def run(command, capsys):
    """What a `madoguchi` command prints."""
    given = cli.parser().parse_args(command.split()[1:])
    given.does(given)
    return capsys.readouterr().out


def shortened(answer):
    """The answer with its to-do lines as the tutorial shows them after step 2: `…`."""
    lines = answer.splitlines()
    told = [index for index, line in enumerate(lines) if TO_DO.search(line)]
    left_out = {*told, *(index + 1 for index in told)}
    marked = ["…" if index in left_out else line for index, line in enumerate(lines)]
    return "\n".join(line for index, line in enumerate(marked) if index == 0 or (line, marked[index - 1]) != ("…", "…"))


def test_every_check_says_what_the_page_shows(folder, capsys):
    shown = 0
    for block in blocks(TUTORIAL):
        if block.file:
            typed(block, folder)
        for command, answer in commands(block) if block.language == "console" else ():
            if "madoguchi check" in command:
                real = run(command, capsys).strip()
                expected = answer.strip()
                assert expected == (shortened(real) if "…" in expected else real), f"{TUTORIAL.name}, line {block.line}"
                shown += 1
    assert shown == 7
    assert real == "0 fault(s) in procedures"


def test_the_mistakes_made_on_purpose_are_made():
    answers = "".join(block.text for block in blocks(TUTORIAL) if block.language == "console")
    for fault in ("is never 'mopde'", "demands a visit", "the fee is negative", "expected the fee 6000"):
        assert fault in answers


def test_the_written_procedure_is_as_small_as_promised(written):
    files = [file for file in (written / CODE).rglob("*") if file.is_file()]
    assert len(files) == 5
    assert len((written / CODE / "procedure.yaml").read_text(encoding="utf-8").splitlines()) < 130


def test_its_examples_are_judged_as_they_say(written):
    compiled = load(written / CODE)
    examples = load_examples(written / CODE)
    assert [example.outcome.accepted for _file, example in examples] == [True, False]
    assert [difference(compiled, example) for _file, example in examples] == [[], []]


def test_it_lies_where_an_author_can_try_it_beside_the_others(written):
    assert not (ROOT / "procedures" / CODE).exists(), "the tutorial's folder must be free for its reader"


@pytest.mark.django_db
def test_every_address_it_names_answers(published):
    visitor = town.visitor()
    found = {address for address in ADDRESS.findall(TUTORIAL.read_text(encoding="utf-8")) if address != "/"}
    assert len(found) == 6
    for address in found:
        assert visitor.get(address).status_code == 200, address


@pytest.mark.django_db
def test_it_is_found_by_the_word_under_keywords(published):
    assert "自転車駐車場の定期利用許可" in town.visitor().get("/procedures/", {"q": "駐輪場"}).content.decode()


def answers_of_the_student(folder):
    """The accepted example with a real photograph."""
    (given,) = [example.answers for _file, example in load_examples(folder / CODE) if example.outcome.accepted]
    return {**given, "student_card": [town.uploaded("jpeg").pk]}


@pytest.mark.django_db
def test_a_student_applies_with_the_form_and_a_photograph(written, published):
    visitor, given = town.visitor(), answers_of_the_student(written)
    assert visitor.get(f"/procedures/{CODE}/apply/").status_code == 200
    photograph = SimpleUploadedFile("学生証.jpg", town.small_image("jpeg"))
    confirmed = visitor.post(
        f"/procedures/{CODE}/confirm/", {**forms.typed(given), "student_card": photograph}, follow=True
    )
    assert confirmed.status_code == 200, forms.faults_on(confirmed)
    assert "4,200" in confirmed.content.decode()
    carried = {name: confirmed.context[name] for name in ("answers", "key")}
    assert visitor.post(f"/procedures/{CODE}/submit/", carried).status_code == 303
    case = Case.objects.get()
    assert (case.procedure, case.office, case.fee, case.title) == (CODE, "road-management", 4200, "髙橋 葵")
    assert case.due_on == Clock(today(), 5, "working", ()).due_on()
    assert case.filings.get().answers["applicant"]["address"]["prefecture"] == "神奈川県"
    assert case.uploads.get().name == "学生証.jpg"


@pytest.mark.django_db
def test_the_office_issues_its_permit(written, published):
    case = submit(
        compiled=published, answers=answers_of_the_student(written), key="k" * 32, channel="online", language="ja",
        by=PUBLIC,
    ).case  # fmt: skip
    permit = town.decided(case)
    assert (permit.title, permit.number[-1]) == ("自転車駐車場定期利用許可書", "号")
    case.refresh_from_db()
    assert case.result == "granted"


@pytest.mark.django_db
def test_a_moped_at_the_harbour_is_told_in_the_readers_language(written, published):
    (given,) = [example.answers for _file, example in load_examples(written / CODE) if not example.outcome.accepted]
    refused = town.visitor().post(f"/en/procedures/{CODE}/confirm/", forms.typed(given), follow=True)
    assert "Minatomachi Station is for bicycles only" in refused.content.decode()


@pytest.mark.django_db
def test_a_program_applies_with_the_published_example(written, published):
    visitor = town.visitor()
    offered = visitor.get(f"/api/v1/procedures/{CODE}").json()
    assert offered["example"]["category"] == "student"
    given = {**offered["example"], "student_card": answers_of_the_student(written)["student_card"]}
    sent = visitor.post(
        f"/api/v1/procedures/{CODE}/applications", json.dumps({"answers": given}), "application/json",
        headers={"Idempotency-Key": "a-key-of-a-program-1"},
    )  # fmt: skip
    assert sent.status_code == 201, sent.content
    held = {"Authorization": f"Bearer {sent.json()['access_token']}"}
    followed = visitor.get(f"/api/v1/applications/{sent.json()['reference']}", headers=held).json()
    assert (followed["procedure"], followed["status"], followed["fee"]) == (CODE, "intake", 4200)
