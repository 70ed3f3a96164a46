"""What is opened in a child may use so much and no more; when it is over the limit, nothing else suffers.

The work of these tests is `eval`, so that each says in its own line what the child does.
"""

import os
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from madoguchi.platform import quarantine
from madoguchi.platform.quarantine import MB, Busy, Limits, Server, TooDemanding, Unreadable, examine

MUCH = b"len(bytes(400 * 2**20))"
LONG = b"__import__('time').sleep(0.4)"


def asked(what, **limits):
    return examine(eval, what, returns=Any, limits=Limits(**limits))


def test_what_a_child_works_out_comes_back_as_data():
    assert asked("{'pages': [1, 2], 'name': '図'}".encode()) == {"pages": [1, 2], "name": "図"}
    assert examine(eval, b"bytes(3)", returns=bytes) == bytes(3)


@pytest.mark.parametrize(
    ("what", "limits"),
    [
        (MUCH, {}),
        (LONG, {"wall": 0.1}),
        (b"sum(range(10**12))", {"processor": 1, "wall": 60}),
        (b"__import__('os').abort()", {}),
    ],
    ids=["memory", "wall", "processor", "crash"],
)
def test_a_child_over_its_limit_ends_alone(what, limits):
    with pytest.raises(TooDemanding):
        asked(what, **limits)
    assert asked(b"1 + 1") == 2


@pytest.mark.parametrize(("what", "limits"), [(MUCH, {}), (LONG, {"wall": 0.1})], ids=["memory", "wall"])
def test_with_the_limits_off_it_goes_on(what, limits, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "file-limits")
    assert asked(what, **limits) in {400 * MB, None}


def test_a_fault_that_nobody_expected_is_told():
    with pytest.raises(Unreadable, match="ZeroDivisionError"):
        asked(b"1 / 0")


def test_a_child_knows_no_secret_and_writes_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_SECRET_KEY", "secret")
    assert not {one for one in asked(b"list(__import__('os').environ)") if one.startswith(("MADOGUCHI_S", "DATABASE"))}
    with pytest.raises(Unreadable, match="OSError"):
        asked(f"open({str(tmp_path / 'file')!r}, 'wb', 0).write(b'x')".encode())


def test_many_at_once_get_each_their_own_answer():
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: asked(str(n).encode()), range(40))) == list(range(40))


def test_a_server_that_was_killed_is_started_again():
    server = Server()
    server.start()
    first = server.process
    first.kill()
    first.wait()
    order = b'{"work": "builtins:len", "given": [], "locks": "", "memory": 99999999, "processor": 1, "wall": 9}'
    assert server.ask(order, b"123", 9) == b"+3\n"
    assert server.process.pid != first.pid


ORDER = b'{"work": "builtins:len", "given": [], "locks": "", "memory": 99999999, "processor": 1, "wall": 9}'


def test_a_forked_process_asks_the_same_server_and_starts_its_own_when_that_is_gone():
    server = Server()
    server.start()
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        shared = server.process.pid
        answers = [server.ask(ORDER, b"123", 9), server.process.pid == shared]
        os.kill(shared, signal.SIGKILL)
        select.select([server._control], [], [], 10)  # readable when the other end is closed
        answers += [server.ask(ORDER, b"1234", 9), server.process.pid == shared]
        os.write(write, repr(answers).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    assert os.read(read, 1000) == repr([b"+3\n", True, b"+4\n", False]).encode()
    os.close(read)
    assert server.ask(ORDER, b"12345", 9) == b"+5\n", "whoever started it finds it gone as well"


def test_the_time_in_which_a_server_loads_its_libraries_is_not_the_files(tmp_path, monkeypatch):
    (tmp_path / "slow_to_load.py").write_text("import time\ntime.sleep(1.5)\nwork = len\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    order = b'{"work": "slow_to_load:work", "given": [], "locks": "", "memory": 99999999, "processor": 1, "wall": 0.3}'
    assert Server().ask(order, b"123", 0.3) == b"+3\n"


def test_who_finds_no_place_for_too_long_may_come_again(monkeypatch):
    monkeypatch.setattr(quarantine, "PATIENCE", 0.05)
    server = Server()
    for _place in range(quarantine.PLACES):
        server._places.acquire()
    with pytest.raises(Busy):
        server.ask(b"", b"", 1)
    assert server.process is None


def test_the_server_ends_with_the_process_that_needed_it():
    told = "from madoguchi.platform.quarantine import SERVER as s; s.start(); print(s.process.pid, flush=True); input()"
    owner = subprocess.Popen([sys.executable, "-c", told], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    server = os.pidfd_open(int(owner.stdout.readline()))
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    assert select.select([server], [], [], 30)[0], "it lives on"
