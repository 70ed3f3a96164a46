"""The clock of `make test-calendar`: the right days, and one clock for the tests, their database and their children."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import connection

from madoguchi.foundation.dates import TOWN_TIME
from tests import shifted_clock


def test_each_moment_is_the_next_one():
    now = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    shown = {name: shifted_clock.moment(name, now) for name in shifted_clock.MOMENTS}
    assert all(now < one <= now + timedelta(days=1461) for one in shown.values())
    assert f"{shown['year-end']:%Y-%m-%d %H:%M}" == "2027-12-31 15:30"
    assert f"{shown['leap-day']:%Y-%m-%d}" == "2028-02-29"
    assert f"{shown['fiscal-year'].astimezone(TOWN_TIME):%m-%d %H:%M}" == "04-01 00:10"
    assert f"{shown['month-end'].astimezone(TOWN_TIME):%m-%d}" == "06-01"


def test_every_moment_has_its_turn():
    first = datetime(2027, 3, 1, tzinfo=UTC)
    days = {shifted_clock.of_the_day(first + timedelta(days=n)) for n in range(len(shifted_clock.MOMENTS))}
    assert days == set(shifted_clock.MOMENTS)


def test_a_moment_itself_can_be_asked_for_again():
    assert shifted_clock.moment("2028-02-29T03:00Z", datetime.now(UTC)) == datetime(2028, 2, 29, 3, tzinfo=UTC)


SHOWN = "import time, datetime; a = time.monotonic(); time.sleep(0.01); print(datetime.datetime.now(datetime.UTC), a)"


@pytest.mark.skipif(shifted_clock.library() is None, reason="libfaketime is missing (apt-get install libfaketime)")
def test_a_process_and_its_children_are_on_that_day_and_count_seconds_truly():
    at = datetime(2028, 2, 29, 3, tzinfo=UTC)
    truly_now = datetime.now(UTC) - timedelta(seconds=int(os.environ.get("FAKETIME", "0")))
    shifted = shifted_clock.environment(at, truly_now, shifted_clock.library())
    for zone in ("Asia/Tokyo", "UTC"):
        child = [sys.executable, "-c", SHOWN]
        parent = [sys.executable, "-c", f"import subprocess; subprocess.run({child!r}, check=True)"]
        told = subprocess.run(parent, env={**shifted, "TZ": zone}, capture_output=True, text=True, check=True).stdout
        shown, monotonic = told.strip().rsplit(" ", 1)
        assert abs(datetime.fromisoformat(shown) - at) < timedelta(minutes=10)
        if "FAKETIME" not in os.environ:
            assert abs(float(monotonic) - time.monotonic()) < 3600


WAITED = """
import queue, threading, time
given, asked = queue.Queue(), threading.Event()
def give():
    for n in range(20):
        until = time.perf_counter() + 0.01
        while time.perf_counter() < until: pass
        given.put(n)
threading.Thread(target=give).start()
taken = [given.get(timeout=2) for _ in range(20)]
started = time.perf_counter()
asked.wait(0.2)
print(len(taken), time.perf_counter() - started >= 0.19, end="")
"""


@pytest.mark.skipif(shifted_clock.library() is None, reason="libfaketime is missing (apt-get install libfaketime)")
def test_threads_that_wait_for_one_another_wait_as_long_as_they_should():
    now = datetime.now(UTC)
    shifted = shifted_clock.environment(now, now, shifted_clock.library())
    told = subprocess.run(
        [sys.executable, "-c", WAITED], env=shifted, capture_output=True, text=True, check=True
    ).stdout
    assert told == "20 True"


@pytest.mark.django_db
def test_the_database_has_the_clock_of_the_tests():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        assert abs(cursor.fetchone()[0] - datetime.now(UTC)) < timedelta(minutes=5)


def test_what_killed_processes_left_in_shared_memory_goes(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    kept = [f"faketime_shm_{os.getpid()}", f"sem.faketime_sem_{os.getpid()}", "PostgreSQL.1", "other_sem_1"]
    for name in (*kept, f"faketime_shm_{ended.pid}", f"sem.faketime_sem_{ended.pid}"):
        (tmp_path / name).touch()
    is_over = Event()
    is_over.set()
    shifted_clock.tidy(until=is_over, folder=tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(kept)
