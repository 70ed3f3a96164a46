"""A real server process for tests that talk raw sockets to it: behind the reading of bodies, or granian alone."""

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from madoguchi.config.serving.command import settings

WAIT = 15
"""Seconds for anything that must come; what takes longer is a fault."""
PLAIN = ["--interface", "wsgi", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]


@dataclass
class Server:
    """A server of this test."""

    port: int
    process: subprocess.Popen

    def connect(self, source="127.0.0.1", receives=None):
        """A connection from one of the loopback's addresses; `receives`: bytes of its buffer."""
        one = socket.socket()
        if receives:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        one.settimeout(WAIT)
        one.bind((source, 0))
        one.connect(("127.0.0.1", self.port))
        return one

    def open_files(self):
        """How many the process that serves has open."""
        [worker] = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[:1]
        return len(os.listdir(f"/proc/{worker}/fd"))

    def ask(self, request, source="127.0.0.1"):
        """Send these bytes, and read one answer."""
        with self.connect(source) as one:
            one.sendall(request)
            return answer_from(one)


@dataclass
class Answer:
    """One answer, as it came."""

    status: int
    head: str
    body: bytes
    whole: bool = True

    def header(self, name):
        """All values of a header."""
        lines = [line.partition(": ") for line in self.head.split("\r\n")[1:]]
        return [value for found, _colon, value in lines if found.lower() == name.lower()]

    @property
    def told(self):
        """What the mirror told."""
        return json.loads(self.body)


def answer_from(one, head_only=False):
    """Read one answer of a connection."""
    held = b""
    while b"\r\n\r\n" not in held:
        if not (piece := one.recv(65536)):
            raise ConnectionError(f"closed after {held!r}")
        held += piece
    head, _end, body = held.partition(b"\r\n\r\n")
    answer = Answer(int(head[9:12]), head.decode("latin-1"), body)
    if head_only or answer.status in {204, 304}:
        return answer
    chunked = answer.header("Transfer-Encoding") == ["chunked"]
    length = int((answer.header("Content-Length") or ["0"])[0])
    while not answer.body.endswith(b"0\r\n\r\n") if chunked else len(answer.body) < length:
        try:
            piece = one.recv(1 << 20)
        except ConnectionResetError:
            piece = b""
        if not piece:
            answer.whole = False
            break
        answer.body += piece
    return answer


def closed_within(one, seconds):
    """Whether the other end closes within this, having said nothing."""
    one.settimeout(seconds)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def start(options, folder, **changes):
    """A server of the mirror on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "TMPDIR": str(folder),
        **changes,
    }
    command = [sys.executable, "-m", "granian", *options, "--port", str(port)]
    process = subprocess.Popen(command, env=environment)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            continue
        return Server(port, process)
    raise AssertionError("the mirror did not open")


def end(server):
    """End what was started."""
    server.process.terminate()
    try:
        server.process.wait(15)
    finally:
        server.process.kill()


MIRROR = "madoguchi.config.serving.tests.mirror:application"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Behind the reading of bodies, with short limits."""
    options = [*settings(40), "--http1-header-read-timeout", "1000", "--workers-kill-timeout", "3"]
    one = start([*options, MIRROR], tmp_path_factory.mktemp("spool"))
    yield one
    end(one)


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """The same, with as long for a head as in the hall."""
    one = start([*settings(40), "--workers-kill-timeout", "3", MIRROR], tmp_path_factory.mktemp("patient"))
    yield one
    end(one)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """The same behind a proxy."""
    options = [*settings(40), "--workers-kill-timeout", "3", MIRROR]
    one = start(options, tmp_path_factory.mktemp("proxied"), MADOGUCHI_BEHIND_PROXY="1")
    yield one
    end(one)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Granian alone, four threads, which wait for bodies themselves."""
    options = [*PLAIN, "--backpressure", "40", "--workers-kill-timeout", "3"]
    one = start([*options, "madoguchi.config.serving.tests.mirror:mirror"], tmp_path_factory.mktemp("plain"))
    yield one
    end(one)
