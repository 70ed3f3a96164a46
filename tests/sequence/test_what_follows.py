"""What follows an event happens once, and what must be forgotten is forgotten while the record still verifies."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from madoguchi import sequence
from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.credentials.actions import examine
from tests import town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db


def first_event(case):
    return case.events.get(kind="submitted")


def test_the_receipt_is_mailed_once_however_often_the_job_runs():
    case = town.applied(contact_email="kobayashi@example.jp")
    for _run in range(3):
        sequence.follow(event_id=first_event(case).pk)
    assert [letter.to for letter in mail.outbox] == [["kobayashi@example.jp"]]
    assert case.reference in mail.outbox[0].subject
    assert "/applications/open/" in mail.outbox[0].body


def test_what_follows_an_application_is_a_bounded_number_of_statements():
    case = town.applied(contact_email="kobayashi@example.jp")
    event = first_event(case).pk
    with CaptureQueriesContext(connection) as made:
        sequence.follow(event_id=event)
    assert [letter.to for letter in mail.outbox] == [["kobayashi@example.jp"]]
    assert case.events.filter(kind__in=["charged", "invited", "mailed"]).count() == 3
    assert len(made) <= 18  # one of them since a permit may be a renewal of what a register has


def test_without_an_address_no_letter_leaves_and_nothing_fails():
    given = town.answers()
    given.pop("contact_email", None)
    case = town.applied(contact_email=None)
    sequence.follow(event_id=first_event(case).pk)
    assert mail.outbox == []


def test_a_letter_is_written_in_the_language_of_the_application():
    case = town.applied(language="en", contact_email="lan@example.jp")
    sequence.follow(event_id=first_event(case).pk)
    assert "/en/applications/open/" in mail.outbox[0].body


def test_the_result_is_not_told_by_mail():
    case = town.decided(town.applied(contact_email="kobayashi@example.jp")).case
    sequence.follow(event_id=case.events.get(kind="issued").pk)
    assert "許可" not in mail.outbox[0].body.replace("営業許可", "")


def test_uploads_that_nobody_claimed_are_swept_after_a_day():
    from madoguchi.applications.models import Upload

    old, fresh = town.uploaded("pdf"), town.uploaded("png")
    Upload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timezone.timedelta(hours=25))
    sequence.sweep(timestamp=0)
    assert list(Upload.objects.values_list("pk", flat=True)) == [fresh.pk]


def old_case(**changes):
    case = town.decided(town.applied(contact_email="kobayashi@example.jp")).case
    with without_guards():  # as if the years had gone by
        Case.objects.filter(pk=case.pk).update(retention_until="2020-03-31", **changes)
    return Case.objects.get(pk=case.pk)


def test_after_the_retention_period_nothing_personal_is_left_and_the_chain_verifies():
    case = old_case()
    pdf = bytes(case.credentials.get().pdf)
    name = case.title
    sequence.purge(timestamp=0)
    case.refresh_from_db()
    assert case.purged_at and case.title == ""
    assert not case.filings.exists() and not case.uploads.exists()
    assert events.verify(case) is None
    assert name not in str(list(case.events.values_list("data", flat=True)))
    verdict, known = examine(pdf)
    assert verdict.genuine and known is not None, "a paper that the holder kept can still be verified"


def test_an_open_case_and_one_within_its_retention_are_kept():
    kept = [town.applied(), town.decided(town.applied()).case]
    with without_guards():
        Case.objects.filter(pk=kept[0].pk).update(retention_until="2020-03-31")
    sequence.purge(timestamp=0)
    assert all(case.filings.exists() for case in kept)
