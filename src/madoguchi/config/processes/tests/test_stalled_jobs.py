"""A job whose worker was killed is taken up again, with locks too; one that is being done is left alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.contrib.django.utils import connector_params

from madoguchi.config.processes import worker
from madoguchi.platform.outages.again import AGAIN
from tests import town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def only_what_is_queued(monkeypatch):
    """No periodic work: it depends on the minute. The worker's threads keep no connection to the tests' database."""
    app.perform_import_paths()
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)


def done(**options):
    """What one real worker does until the queue is empty."""
    return worker.work_once(app, worker.Connector(kwargs=connector_params()), wait=False, **options)


def worker_silent_for(seconds):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s) RETURNING id",
            [timedelta(seconds=seconds)],
        )
        return cursor.fetchone()[0]


def in_hand(of):
    """The queued jobs as a worker has them when it is killed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE status = 'todo'", [of])


def states():
    return sorted(ProcrastinateJob.objects.values_list("status", flat=True))


def test_the_letter_of_a_killed_worker_leaves_once():
    town.applied(contact_email="kobayashi@example.jp")
    in_hand(worker_silent_for(31))
    assert done() is False
    assert states() == ["succeeded"]
    assert [letter.to for letter in mail.outbox] == [["kobayashi@example.jp"]]


def test_without_taking_up_it_would_wait_for_ever(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", worker.GUARD)
    town.applied(contact_email="kobayashi@example.jp")
    in_hand(worker_silent_for(31))
    done()
    assert states() == ["doing"] and mail.outbox == []


def test_what_a_living_worker_does_is_left_to_it():
    town.applied(contact_email="kobayashi@example.jp")
    in_hand(worker_silent_for(1))
    done()
    assert states() == ["doing"] and mail.outbox == []


def test_a_worker_that_was_forgotten_leaves_its_job_too():
    town.applied(contact_email="kobayashi@example.jp")
    in_hand(None)
    done()
    assert states() == ["succeeded"] and len(mail.outbox) == 1


def test_one_of_which_another_waits_already_is_dropped():
    late = app.configure_task("madoguchi.sweep", queueing_lock="sweep")
    late.defer(timestamp=0)
    in_hand(worker_silent_for(31))
    late.defer(timestamp=1)
    done()
    assert states() == ["aborted", "succeeded"]


def test_one_with_a_lock_does_not_keep_the_next_one_out_for_ever():
    for number in (0, 1):
        app.configure_task("madoguchi.link-again", lock="one-at-a-time").defer(case_id="")
        if number == 0:
            in_hand(worker_silent_for(31))
    done()
    assert states() == ["succeeded", "succeeded"]


def test_what_a_job_queues_goes_with_its_transaction():
    class Undone(Exception):
        pass

    @app.task(name="madoguchi.tests.undone")
    def undone():
        with transaction.atomic():
            app.configure_task("madoguchi.sweep").defer(timestamp=0)
            raise Undone

    try:
        undone.defer()
        done()
    finally:
        del app.tasks["madoguchi.tests.undone"]
    assert states() == ["failed"], "nothing else was queued"


def test_a_retry_of_which_another_waits_already_is_dropped():
    again, runs = app.configure_task("madoguchi.tests.away", queueing_lock="away"), []

    @app.task(name="madoguchi.tests.away", queueing_lock="away", retry=AGAIN)
    def away():
        runs.append(1)
        if len(runs) == 1:
            again.defer()
            raise ConnectionRefusedError

    try:
        again.defer()
        done()
    finally:
        del app.tasks["madoguchi.tests.away"]
    assert states() == ["aborted", "succeeded"]


def test_a_repeated_letter_has_the_same_link(monkeypatch):
    """SMTP cannot be undone: where the worker was killed between the letter and its record, a second one leaves."""
    from madoguchi import sequence
    from madoguchi.applications.entrance import accept_invitation

    case = town.applied(contact_email="kobayashi@example.jp")
    event = case.events.get(kind="submitted")
    with monkeypatch.context() as killed, pytest.raises(ZeroDivisionError):
        killed.setitem(sequence.FOLLOWERS, "submitted", lambda event: (sequence.mail.receipt(event), 1 / 0))
        sequence.follow(event_id=event.pk)
    sequence.follow(event_id=event.pk)
    first, second = mail.outbox
    assert first.body == second.body and first.extra_headers == second.extra_headers
    token = first.body.split("/applications/open/")[1].split("/")[0]
    assert accept_invitation(token=token).pk == case.pk


def test_workers_that_are_gone_are_forgotten():
    worker_silent_for(31)
    done()
    assert not ProcrastinateWorker.objects.filter(last_heartbeat__lt=timezone.now() - timedelta(seconds=30)).exists()
