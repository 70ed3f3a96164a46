"""PostgreSQL is killed at any moment: it comes back over what was committed, and the queue's worker outlives it."""

import signal
import time
from contextlib import contextmanager

import psycopg
import pytest
from procrastinate import App, SyncPsycopgConnector

from madoguchi.config.database import embedded
from madoguchi.config.database.embedded import Embedded
from madoguchi.config.processes import parts, worker

LONG = 60
"""Seconds in which it must be back; it takes about one."""
BUSY = "SELECT count(*) FROM generate_series(1, 1000000000000)"
"""A backend that works looks nowhere else, so it does not see that its postmaster is gone."""


@pytest.fixture
def server(tmp_path):
    server = Embedded(tmp_path / "pg")
    server.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 100000) AS number")
    yield server
    server.cleanup()


@pytest.fixture
def part(server, monkeypatch):
    """The server under supervision, with short pauses."""
    monkeypatch.setattr(parts, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(parts, "LONGEST_PAUSE", 0.05)
    return parts.Part("the database", server.launch, process=server.process, is_ready=server.is_ready)


def killed(server):
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()


def until(part, is_so):
    """Looks after the part until something is so."""
    last = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < last, "never"
        part.look_after()


def rows(server):
    with psycopg.connect(server.url) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()[0]


def test_a_postmaster_killed_while_it_recovers_comes_back_with_all_that_was_committed(server, part, capsys):
    for _time in range(5):
        killed(server)
        assert not server.is_ready()
        until(part, lambda: part.process.poll() is None)
    until(part, server.is_ready)
    assert rows(server) == 100_000
    assert capsys.readouterr().out.count("\n") == 1, "one line for one outage"


@contextmanager
def orphaned(server):
    """A backend that works on, its postmaster killed."""
    session = psycopg.pq.PGconn.connect(server.url.encode())
    session.send_query(BUSY.encode())
    last = time.monotonic() + LONG
    with psycopg.connect(server.url, autocommit=True) as other:
        while not other.execute("SELECT FROM pg_stat_activity WHERE state = 'active' AND query = %s", [BUSY]).rowcount:
            assert time.monotonic() < last
    killed(server)
    yield
    session.finish()


def test_backends_that_outlive_their_postmaster_do_not_stop_the_next_one(server, part):
    with orphaned(server):
        until(part, server.is_ready)
        assert rows(server) == 100_000


def test_if_they_were_left_it_would_not_start(server, monkeypatch):
    with orphaned(server):
        left = embedded._servers_of(server.folder)
        assert left
        with monkeypatch.context() as off:
            off.setattr(embedded, "_servers_of", lambda _folder: [])
            refused = server.launch()
            assert refused.wait(LONG) != 0
        assert "still in use" in server.log.read_text()
        server.start()


def test_a_path_too_long_for_a_socket_keeps_its_socket_when_the_server_comes_back(tmp_path):
    server = Embedded(tmp_path / ("d" * 120) / "pg", durable=False)
    server.start()
    try:
        url = server.url
        killed(server)
        part = parts.Part("the database", server.launch, process=server.process, is_ready=server.is_ready)
        until(part, server.is_ready)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone()[0] == 1
    finally:
        server.cleanup()


def test_data_that_is_gone_is_not_begun_anew(server, part, tmp_path, capsys):
    killed(server)
    server.folder.rename(tmp_path / "elsewhere")
    until(part, lambda: part._due is None and part.process.poll() is None)
    part.process.wait()
    part.look_after()
    assert not (server.folder / "PG_VERSION").exists()
    (tmp_path / "elsewhere").rename(server.folder)
    until(part, server.is_ready)
    assert rows(server) == 100_000


def test_a_worker_whose_database_dies_ends_whole_and_the_next_one_does_its_job(server, monkeypatch):
    """Its end could not be written, so the job is `doing` when the database is back."""
    monkeypatch.setattr(worker, "GONE_SECONDS", 0)
    done = []
    app = App(connector=SyncPsycopgConnector(conninfo=server.url))

    @app.task(name="deadly")
    async def deadly():
        done.append(1)
        if len(done) == 1:
            killed(server)

    with app.open():
        app.schema_manager.apply_schema()
        deadly.defer()
    assert worker.work_once(app, worker.Connector(conninfo=server.url, timeout=1)) is True
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT status FROM procrastinate_jobs").fetchone()[0] == "doing"
    assert worker.work_once(app, worker.Connector(conninfo=server.url), wait=False) is False
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT status FROM procrastinate_jobs").fetchone()[0] == "succeeded"
    assert len(done) == 2


def test_a_worker_that_is_asked_to_end_ends(server):
    app = App(connector=SyncPsycopgConnector(conninfo=server.url))

    @app.task(name="asks")
    async def asks():
        signal.raise_signal(signal.SIGTERM)

    with app.open():
        app.schema_manager.apply_schema()
        asks.defer()
    assert worker.work_once(app, worker.Connector(conninfo=server.url)) is False
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT status FROM procrastinate_jobs").fetchone()[0] == "succeeded"


def test_a_worker_that_is_asked_to_end_while_its_database_dies_ends_too(server):
    """As when a hall is killed: both are told at once, and nobody would end the worker later."""
    app = App(connector=SyncPsycopgConnector(conninfo=server.url))

    @app.task(name="last")
    async def last():
        killed(server)
        signal.raise_signal(signal.SIGTERM)

    with app.open():
        app.schema_manager.apply_schema()
        last.defer()
    assert worker.work_once(app, worker.Connector(conninfo=server.url, timeout=1)) is False


def test_a_worker_whose_heartbeat_cannot_be_written_begins_anew(server, monkeypatch):
    """Procrastinate ends without a word then, which is not to be taken for the end that somebody asked for."""
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.01)
    app = App(connector=SyncPsycopgConnector(conninfo=server.url))

    @app.periodic(cron="0 0 1 1 *")  # without any, Procrastinate looks at nothing
    @app.task(name="yearly")
    def yearly(timestamp):
        pass

    with app.open():
        app.schema_manager.apply_schema()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP FUNCTION procrastinate_update_heartbeat_v1")
    assert worker.work_once(app, worker.Connector(conninfo=server.url)) is True
