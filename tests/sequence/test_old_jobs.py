"""What a job did is remembered for some days; a job that failed stays until somebody saw to it."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from madoguchi.config.processes import worker
from madoguchi.sequence import JOBS_ARE_KEPT

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(hours=1)


@pytest.fixture
def only_what_is_queued(monkeypatch):
    """No periodic work: it depends on the minute. The worker's threads keep no connection to the tests' database."""
    app.perform_import_paths()
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)


def job(status, since):
    """One that has been in this state for so long."""
    number = app.configure_task("madoguchi.link-again").defer(case_id="")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, number])
        cursor.execute("UPDATE procrastinate_events SET at = now() - %s WHERE job_id = %s", [since, number])
    return number


def those_left():
    """After a worker did what is queued."""
    app.configure_task("madoguchi.old-jobs").defer(timestamp=0)
    worker.work_once(app, worker.Connector(kwargs=connector_params()), wait=False)
    return set(ProcrastinateJob.objects.exclude(task_name="madoguchi.old-jobs").values_list("pk", flat=True))


@pytest.mark.usefixtures("only_what_is_queued")
@pytest.mark.parametrize("status", ["succeeded", "aborted", "cancelled"])
def test_a_job_that_ended_goes_after_its_days_and_not_before(status):
    job(status, JOBS_ARE_KEPT + LATER)
    recent = job(status, JOBS_ARE_KEPT - LATER)
    assert those_left() == {recent}


@pytest.mark.usefixtures("only_what_is_queued")
def test_what_failed_and_what_is_not_done_stay():
    failed, waiting = job("failed", 9 * JOBS_ARE_KEPT), job("todo", 9 * JOBS_ARE_KEPT)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 day' WHERE id = %s", [waiting])
    assert those_left() == {failed, waiting}


def test_it_is_done_every_night():
    app.perform_import_paths()
    assert "madoguchi.old-jobs" in {name for name, _id in app.periodic_registry.periodic_tasks}
