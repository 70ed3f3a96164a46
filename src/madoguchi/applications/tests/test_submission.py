"""An application is one durable transaction, once per idempotency key."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.applications.actions import KeyReused, NotAccepted, submit
from madoguchi.applications.models import Filing, Idempotency, Upload
from madoguchi.cases import events
from madoguchi.cases.models import Case, Event, Task
from madoguchi.people.actor import PUBLIC
from madoguchi.people.keys import is_key
from madoguchi.platform.failpoints import FailpointReached
from tests import town

pytestmark = pytest.mark.django_db
KEY = "k" * 32
WRITTEN = (Case, Filing, Task, Event, Idempotency, ProcrastinateJob)


def send(compiled=None, given=None, key=KEY, **changes):
    compiled = compiled or town.compiled()
    given = town.answers() if given is None else given
    how = {"channel": "online", "language": "ja", "by": PUBLIC, **changes}
    return submit(compiled=compiled, answers=given, key=key, **how)


def stored():
    return [model.objects.count() for model in WRITTEN]


def test_an_application_becomes_a_case_with_filing_task_event_and_key():
    done = send()
    case = Case.objects.get()
    assert (case.reference, case.step, case.channel, case.fee) == (done.case.reference, "intake", "online", 18300)
    assert case.filings.get().answers["applicant"]["name"] == case.title == "髙橋 結衣"
    assert case.tasks.get().step == "intake"
    assert is_key(done.key, case.pk)
    assert not done.replayed


def test_the_first_event_begins_a_chain_that_verifies():
    case = send(seconds=312).case
    event = case.events.get()
    assert (event.kind, event.seq, event.actor_code) == ("submitted", 1, case.reference)
    assert event.data == {"filing": 1, "channel": "online", "fee": 18300, "seconds": 312}
    assert events.verify(case) is None


def test_an_application_without_files_is_one_statement():
    short, given = town.without_files()
    with CaptureQueriesContext(connection) as told:
        send(short, given)
    assert len(told) == 1, [query["sql"][:80] for query in told]


def test_the_follow_up_is_deferred_in_the_same_transaction():
    case = send().case
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("madoguchi.follow", {"event_id": case.events.get().pk})


def test_the_files_belong_to_the_case_afterwards():
    given = town.answers()
    case = send(given=given).case
    attached = {*given["drawings"], *given["site_map"], *given["supervisor_proof"]}
    assert set(case.uploads.values_list("pk", flat=True)) == attached


def test_the_same_key_and_body_give_the_same_case():
    given = town.without_files()
    first, second = send(*given), send(*given)
    assert (second.case.pk, second.key, second.replayed) == (first.case.pk, first.key, True)
    assert stored() == [1, 1, 1, 1, 1, 1]


def test_the_same_key_and_files_give_the_same_case():
    given = town.answers()
    first, second = send(given=given), send(given=given)
    assert (second.case.pk, second.replayed) == (first.case.pk, True)


def test_answers_that_differ_only_in_spelling_are_the_same_body():
    short, given = town.without_files()
    typed = {**given, "contact_email": "Ｍｉｎａｔｏ@example.jp"}
    assert send(short, {**given, "contact_email": "Minato@example.jp"}).case == send(short, typed).case


def test_another_body_with_faults_under_a_used_key_is_refused_as_reuse():
    given = town.answers()
    send(given=given)
    with pytest.raises(KeyReused):
        send(given={**given, "seats": -1})


def test_the_same_key_with_another_body_is_refused():
    short, given = town.without_files()
    send(short, given)
    with pytest.raises(KeyReused):
        send(short, {**given, "electronic_notice": not given["electronic_notice"]})
    assert stored() == [1, 1, 1, 1, 1, 1]


def test_the_same_key_for_another_procedure_is_another_application():
    short, given = town.without_files()
    assert send(short, given).case != send(town.compiled(town.BARBER), town.answers(town.BARBER)).case


def test_answers_with_faults_write_nothing():
    with pytest.raises(NotAccepted) as refused:
        send(given=town.answers(seats=-1, main_foods=""))
    found = {(problem.pointer, problem.code) for problem in refused.value.problems}
    assert found == {("/seats", "too-small"), ("/main_foods", "missing")}
    assert refused.value.answers["trade_name"] == "定食みなと"
    assert stored() == [0] * 6


def test_files_that_are_not_there_write_nothing():
    with pytest.raises(NotAccepted) as refused:
        send(given=town.example())
    assert {p.code for p in refused.value.problems} == {"file-missing"}
    assert stored() == [0] * 6


def test_a_file_of_another_case_cannot_be_attached():
    taken = send().case.uploads.first()
    with pytest.raises(NotAccepted) as refused:
        send(given=town.answers(drawings=["placeholder"]) | {"drawings": [taken.pk]}, key="l" * 32)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/drawings", "file-missing")]
    taken.refresh_from_db()
    assert taken.case == Case.objects.get()


def test_a_fault_before_the_commit_leaves_nothing(monkeypatch):
    given = town.answers()
    monkeypatch.setenv("MADOGUCHI_FAILPOINTS", "before-commit=raise")
    with pytest.raises(FailpointReached):
        send(given=given)
    assert stored() == [0] * 6
    assert not Upload.objects.filter(case__isnull=False).exists()


def test_an_officer_who_files_for_a_visitor_stands_in_the_record():
    clerk = town.suzuki()
    case = send(channel="counter", by=clerk).case
    event = case.events.get()
    assert (case.channel, event.actor_kind, event.actor_code) == ("counter", "officer", clerk.code)


def test_the_promised_day_stands_in_working_days(clock):
    clock("2026-06-30")
    case = send().case
    case.refresh_from_db()
    assert str(case.due_on) == "2026-07-14"  # ten working days after the day of arrival
    assert str(case.retention_until) == "2037-04-01"  # ten years from April after the fiscal year
