"""What ends is started again, however often, without waiting for it; one line tells of the trouble, one of its end."""

import os
import signal
import subprocess
import sys
import time

import pytest

from madoguchi.config.environment import Refused
from madoguchi.config.processes import parts

SLEEPS, FAILS = "import time; time.sleep(60)", "raise SystemExit(3)"


class Clock:
    """The monotonic clock, moved by hand."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    one = Clock()
    monkeypatch.setattr(parts.time, "monotonic", one.monotonic)
    return one


@pytest.fixture
def part():
    """Makes a supervised Python program; what is left of it is ended."""
    made = []

    def make(program, **options):
        one = parts.Part("clock", parts.module(["timeit", "-n1", "-r1", program], os.environ), **options)
        made.append(one)
        return one

    yield make
    for one in made:
        one.process.kill()
        one.process.wait()


def killed(one):
    one.process.send_signal(signal.SIGKILL)
    one.process.wait()


def restarts(one, clock, looks):
    """How many processes it had in so many looks, a fifth of a second apart, each killed at once."""
    seen = set()
    for _look in range(looks):
        if one.process.poll() is None:
            seen.add(one.process.pid)
            killed(one)
        clock.now += 0.2
        one.look_after()
    return len(seen)


def test_what_ends_is_started_again_and_its_return_is_told(part, clock, capsys):
    one = part(SLEEPS)
    first = one.process.pid
    killed(one)
    for _look in range(100):
        clock.now += 0.2
        one.look_after()
    assert one.process.pid != first and one.process.poll() is None
    assert capsys.readouterr().out.splitlines() == [
        "Madoguchi: clock ended (code -9); starting it again until it stays.",
        "Madoguchi: clock is back.",
    ]


def test_ten_deaths_in_half_a_minute_close_nothing_and_are_told_once(part, clock, capsys):
    one = part(SLEEPS)
    assert restarts(one, clock, looks=150) >= 6, "it is tried again and again"
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_the_pauses_grow_to_their_longest_and_begin_anew_after_the_return(part, clock):
    one = part(SLEEPS)
    restarts(one, clock, looks=300)
    assert one._pause == parts.LONGEST_PAUSE
    for _look in range(120):
        clock.now += 0.2
        one.look_after()
    assert one._pause == parts.FIRST_PAUSE


def test_a_part_that_cannot_even_start_is_tried_again(part, clock, capsys):
    one = part(SLEEPS)
    works, one._launch = one._launch, lambda: (_ for _ in ()).throw(Refused("the disk is full"))
    killed(one)
    for _look in range(20):
        clock.now += 0.2
        one.look_after()
    one._launch = works
    for _look in range(120):
        clock.now += 0.2
        one.look_after()
    assert one.process.poll() is None
    assert capsys.readouterr().out.splitlines()[-1] == "Madoguchi: clock is back."


def test_what_cannot_be_started_the_first_time_is_told_to_the_caller():
    with pytest.raises(OSError):
        parts.Part("clock", lambda: (_ for _ in ()).throw(OSError("no memory")))


def test_it_is_not_back_before_it_says_that_it_is_ready(part, clock, capsys):
    ready = []
    one = part(SLEEPS, is_ready=lambda: bool(ready))
    killed(one)
    for _look in range(200):
        clock.now += 0.2
        one.look_after()
    assert "back" not in capsys.readouterr().out
    ready.append(True)
    one.look_after()
    assert "back" in capsys.readouterr().out


def test_no_look_waits(part):
    """With the real clock: a part that needs long for its start holds nobody up."""
    one = part(SLEEPS, is_ready=lambda: False)
    killed(one)
    began = time.process_time()
    for _look in range(1000):
        one.look_after()
    assert time.process_time() - began < 5


def test_what_runs_once_is_left_alone_when_it_is_done_and_repeated_when_it_failed(part, clock, capsys):
    done, failed = part("pass", once=True), part(FAILS, once=True)
    for one in (done, failed):
        one.process.wait()
        one.look_after()
    assert done.is_done and done._due is None
    assert not failed.is_done and failed._due is not None
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_full_disk_under_the_log_stops_nothing():
    program = "from madoguchi.config.processes.parts import say; say('nobody reads this'); import os; os._exit(7)"
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-c", program], stdout=full, check=False)
    assert done.returncode == 7
