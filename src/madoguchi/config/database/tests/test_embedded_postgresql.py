"""The embedded PostgreSQL: private, durable unless told otherwise, and gone when its parent is gone."""

import os
import signal
import subprocess
import sys

import psycopg
import pytest

from madoguchi.config.database.embedded import Embedded, EmbeddedRefused
from madoguchi.config.database.roles import running_embedded

KILLED = """
import os, signal, sys
from pathlib import Path
from madoguchi.config.database.embedded import Embedded
print(Embedded(Path(sys.argv[1]), durable=False).start().pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path):
    """A folder whose name needs care in URLs and on command lines."""
    return tmp_path / "窓口 a b" / "pg"


@pytest.fixture
def server(folder):
    """A server over it, not durable, for speed."""
    server = Embedded(folder, durable=False)
    server.start()
    yield server
    server.cleanup()


def asked(url, question):
    """The answer of one query."""
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def test_it_listens_on_a_socket_only_and_lets_nobody_else_in(server):
    assert asked(server.url, "SHOW listen_addresses") == ""
    assert server.folder.stat().st_mode & 0o077 == 0
    assert server.folder.stat().st_uid != 0


def test_it_is_found_while_it_runs_and_only_then(server, folder):
    assert "madoguchi_app@/madoguchi" in running_embedded(folder)
    server.cleanup()
    assert running_embedded(folder) is None
    assert running_embedded(folder.parent / "nothing") is None


def test_a_hall_is_durable_and_what_was_committed_survives_a_kill(server, folder):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    server.cleanup()
    durable = Embedded(folder)
    try:
        durable.start()
        assert [asked(durable.url, f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == ["on", "on"]
        durable.process.send_signal(signal.SIGKILL)
        durable.process.wait()
        durable.start()
        assert asked(durable.url, "SELECT one FROM kept") == 1
    finally:
        durable.cleanup()


def test_a_second_hall_over_the_same_folder_is_refused(server, folder, monkeypatch):
    monkeypatch.setattr("madoguchi.config.database.embedded.LAST_ONE_SECONDS", 0.2)
    with pytest.raises(EmbeddedRefused, match="in use: close the other hall"):
        Embedded(folder).start()
    assert asked(server.url, "SELECT 1") == 1


def test_it_ends_with_a_killed_parent_and_its_data_can_be_used_at_once(folder):
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    again = Embedded(folder, durable=False)
    try:
        again.start()
        assert again.process.pid != int(done.stdout)
        assert asked(again.url, "SELECT 1") == 1
    finally:
        again.cleanup()


def test_a_number_of_an_ended_process_does_not_stop_the_start(server, folder):
    server.cleanup()
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n0\n5432\n{folder}\n\n\nready\n")
    server.start()
    assert asked(server.url, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["d" * 120, "a,b"])
def test_a_path_that_no_socket_can_have_gets_a_socket_elsewhere(tmp_path, name):
    server = Embedded(tmp_path / name / "pg", durable=False)
    server.start()
    assert asked(server.url, "SELECT 1") == 1
    server.cleanup()
    assert not server.sockets.exists()


def test_data_of_another_version_is_told(server, folder):
    server.cleanup()
    (folder / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(EmbeddedRefused, match=r"9\.6"):
        server.start()
