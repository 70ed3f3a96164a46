"""Load balancers learn whether a process lives, and whether requests should come to it; any `Host` is answered."""

import logging

import pytest
from django.db import OperationalError, connection
from django.test import Client

from madoguchi.config.monitoring import health
from madoguchi.config.monitoring.quiet import Quiet
from madoguchi.platform.outages import log

pytestmark = pytest.mark.django_db
PROBE = Client(headers={"Host": "10.0.0.7:8000"})
"""As a load balancer asks: by number, no host that MADOGUCHI_HOSTS names."""


@pytest.fixture
def a_worker():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def heartbeat(seconds_ago):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)", [seconds_ago]
        )


def readiness():
    answer = PROBE.get("/readyz")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    told = answer.json()
    assert told["status"] == answer.status_code
    return answer.status_code, told["missing"]


def test_a_living_process_says_so_without_a_look_at_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = PROBE.get("/healthz")
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert not answer.cookies


def test_a_page_is_still_refused_under_another_host():
    assert PROBE.get("/").status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_read_only_and_have_no_language(path):
    answer = PROBE.post(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert PROBE.head(path).content == b""
    assert Client().get(f"/en{path}").status_code == 404


def test_ready_with_database_tables_and_a_worker(a_worker, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert readiness() == (200, [])


def test_a_worker_that_is_silent_is_missing(a_worker):
    heartbeat(health.HEARTBEAT_SECONDS + 5)
    assert readiness() == (503, ["worker"])
    heartbeat(5)
    assert readiness() == (200, [])


def lines(path, *filters):
    """What Django writes of three questions."""
    handler = logging.Handler()
    handler.emit = lambda record: written.append(record.getMessage())
    for one in filters:
        handler.addFilter(one)
    written = []
    logging.getLogger().addHandler(handler)
    try:
        for _time in range(3):
            PROBE.get(path)
    finally:
        logging.getLogger().removeHandler(handler)
    return written


def test_a_balancer_that_asks_again_and_again_fills_no_log():
    assert lines("/readyz", Quiet()) == []
    assert lines("/readyz") == ["Service Unavailable: /readyz"] * 3, "as it would be"
    assert lines("/en/nowhere/", Quiet())


def test_a_migration_that_was_not_applied_is_missing(a_worker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name = '0007_invented'")
    assert readiness() == (503, ["migrations"])


def test_a_newer_programs_migration_takes_no_older_host_out(a_worker):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', now())")
    assert readiness() == (200, [])


def test_an_empty_database_lacks_tables_and_worker():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")
    assert readiness() == (503, ["migrations", "worker"])


def test_a_database_that_does_not_answer_is_missing(monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "_asked", away)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own connection stays
    monkeypatch.setattr(log, "OUTAGE", log.Outage())
    answer = PROBE.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["database"])
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "PostgreSQL does not answer" in answer.json()["detail"]


def test_every_migration_of_the_program_is_looked_for():
    """As Django's own loader knows them, which would import each of them."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    assert health.migrations_of_the_program() == frozenset(loader.disk_migrations)
