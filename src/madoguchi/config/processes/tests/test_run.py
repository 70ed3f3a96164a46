"""`madoguchi run`: it refuses what cannot work in a sentence, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from madoguchi.config.environment import Refused
from madoguchi.config.processes import parts, run


def part(program):
    """A supervised Python program."""
    return parts.Part("clock", parts.module(["timeit", "-n1", "-r1", program], os.environ))


def test_a_busy_port_is_told():
    told = pytest.raises(Refused, match=r"port \d+ is in use: stop what listens there, or use --port")
    with socket.create_server(("127.0.0.1", 0)) as busy, told:
        run.run(host="127.0.0.1", port=busy.getsockname()[1], workers=1)


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_told(host):
    with pytest.raises(Refused, match="--host"):
        run._port_is_free(host, 8000)


@pytest.mark.parametrize(
    ("host", "url", "reached"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://0.0.0.0:8000", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000", "http://[::1]:8000/"),
    ],
)
def test_the_address_is_written_as_browsers_read_it(host, url, reached):
    hall = run.Hall(host, 8000, 1)
    assert (hall.url, hall._own_address) == (url, reached)


class Callback:
    """What is raised while it goes is dropped, as in a callback of a fork."""

    def __del__(self):
        signal.raise_signal(signal.SIGTERM)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_end_that_is_asked_for_where_nothing_can_be_raised_is_not_forgotten():
    hall = run.Hall("127.0.0.1", 8000, 1)
    before = signal.signal(signal.SIGTERM, hall.end)
    try:
        Callback()
        with pytest.raises(run.Ended):
            hall.keep_open()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_does_not_end_is_killed_with_everything_it_started():
    one = part("import signal, subprocess, time; signal.signal(15, signal.SIG_IGN); "
               "subprocess.Popen(['sleep', '60']); time.sleep(60)")  # fmt: skip
    until = time.monotonic() + 20
    while not (children := Path(f"/proc/{one.process.pid}/task/{one.process.pid}/children").read_text().split()):
        assert time.monotonic() < until
    one.process.terminate()
    one.end(time.monotonic())
    assert one.process.returncode == -signal.SIGKILL
    stat = Path(f"/proc/{children[0]}/stat")
    while stat.exists() and ") Z " not in stat.read_text():
        assert time.monotonic() < until


def free_port():
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def test_the_whole_hall_opens_and_closes_and_nothing_stays(tmp_path):
    home, port = tmp_path / "home", free_port()
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "MADOGUCHI_TESTING"}}
    environment |= {"MADOGUCHI_HOME": str(home), "PYTHONUNBUFFERED": "1", "MADOGUCHI_DEMO_CASES": "3"}
    command = [sys.executable, "-m", "madoguchi.config.cli", "run", "--port", str(port), "--workers", "1"]
    hall = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        told = []
        for line in hall.stdout:
            told.append(line)
            if "past is there (3 invented cases" in line:
                break
        assert "suzuki.officer@minatono.example" in "".join(told)
        code = subprocess.run(
            [*command[:3], "code", "suzuki.officer@minatono.example"], env=environment, capture_output=True, check=True
        )
        assert len(code.stdout.strip()) == 6
        assert (home / "secrets").stat().st_mode & 0o077 == 0
    finally:
        hall.send_signal(signal.SIGINT)
        hall.stdout.read()
        left_with = hall.wait(60)
    assert left_with == 0
    assert str(home) not in "".join(_command_lines())
    with socket.create_server(("127.0.0.1", port)):
        pass  # the port is free again


def _command_lines():
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield file.read_bytes().decode(errors="replace")
        except OSError:
            continue
