"""Bytes from outside are opened in a child process with limits of memory and time; what comes back is plain data.

Libraries that open PDF, pictures and spreadsheets can be made to unpack a few kilobytes to gigabytes, to work for
minutes, or to crash. A small server process (`quarantine_server.py`), one for all web processes, has the libraries
loaded and forks a child for each file, which costs a few milliseconds. The child may use so much memory, processor
time and wall time, writes no file, and knows no secret; when it is over the limit, it alone ends.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeVar, cast

from pydantic import TypeAdapter

from .failpoints import LOCKS_VARIABLE

Found = TypeVar("Found")
MB: Final = 1024 * 1024
PLACES: Final = 2
"""Children of one web process at the same time."""
PATIENCE: Final = 4.0
"""Seconds to wait for a place."""
START: Final = 20.0
"""Seconds to wait for a child: the first of a server waits until libraries are loaded, which no limit counts."""
LONGEST_ANSWER: Final = 128 * MB
KNOWN: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
"""What a child may know of the environment: neither the secret nor the database."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child: bytes of memory beyond what is loaded, seconds of processor time, seconds on the wall."""

    memory: int = 320 * MB
    processor: int = 3
    wall: float = 3.5


ORDINARY: Final = Limits()


class NotExamined(Exception):
    """There is no answer about these bytes; `cause` says why, for the log."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class TooDemanding(NotExamined):
    """The child reached a limit, or was killed by what it opened."""


class Unreadable(NotExamined):
    """The library that opened the bytes gave up in a way that nobody expected."""


class Busy(NotExamined):
    """All places were taken for too long: the same bytes may be sent again."""


def examine(
    work: Callable[..., Found],
    content: bytes,
    *given: Any,
    returns: Any,
    limits: Limits = ORDINARY,
    server: "Server | None" = None,
) -> Found:
    """What `work(content, *given)` returns, worked out in a child.

    `work` is a function of a module that does not need Django; `given` is JSON; `returns` is the type of what comes
    back, as pydantic reads it from JSON (dataclasses are welcome); bytes come back as they are. What its module names
    in `QUARANTINE_LOADS` is loaded once, not in each child. Work that takes long has a `server` of its own. Raises
    TooDemanding, Unreadable, Busy.
    """
    order = {
        "work": f"{work.__module__}:{work.__qualname__}", "given": given, "locks": os.environ.get(LOCKS_VARIABLE, ""),
        **asdict(limits),
    }  # fmt: skip
    answer = (server or SERVER).ask(json.dumps(order).encode(), content, limits.wall)
    verdict, body = answer[:1], answer[1:-1]
    if verdict == b"=":
        return cast(Found, body)
    if verdict == b"+":
        return TypeAdapter[Found](returns).validate_json(body)
    if verdict == b"!":
        raise Unreadable(body.decode(errors="replace"))
    raise TooDemanding(body.decode(errors="replace") or "ended without an answer")


class Server:
    """The process that forks the children: started when it is first needed, and again when it is gone."""

    def __init__(self) -> None:
        self._turn, self._places = threading.Lock(), threading.BoundedSemaphore(PLACES)
        self.process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self, *modules: str) -> socket.socket:
        """Start it unless it runs; `modules` are loaded at once. The end of our side of the control ends it."""
        with self._turn:
            if self._control and not self.is_gone():
                return self._control
            if self._control:
                self._control.close()
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self.process = subprocess.Popen(  # noqa: S603 - our own program
                    [sys.executable, "-P", "-m", "madoguchi.platform.quarantine_server", *modules],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL, env={one: os.environ[one] for one in KNOWN if one in os.environ},
                )  # fmt: skip
            return self._control

    def is_gone(self) -> bool:
        """Whether its end of the line is closed: it may be a child of ours, or of the process that forked us."""
        if self._control is None:
            return False
        try:
            return self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def ask(self, order: bytes, content: bytes, wall: float) -> bytes:
        """The child's answer; empty when it ended without one. Raises Busy."""
        if not self._places.acquire(timeout=PATIENCE):
            raise Busy("every place was taken")
        try:
            return self._asked(order, content, wall) or self._again_if_gone(order, content, wall)
        finally:
            self._places.release()

    def _again_if_gone(self, order: bytes, content: bytes, wall: float) -> bytes:
        """A child that was killed has no second try; a server that was killed has."""
        return self._asked(order, content, wall) if self.is_gone() else b""

    def _asked(self, order: bytes, content: bytes, wall: float) -> bytes:
        ours, theirs = socket.socketpair()
        with ours:
            try:
                with theirs:
                    socket.send_fds(self.start(), [order], [theirs.fileno()])
                _wait_for_child(ours)
                return _exchanged(ours, content, time.monotonic() + wall + 1)
            except OSError:  # the child or the server is gone; a timeout is one as well
                return b""


def _wait_for_child(ours: socket.socket) -> None:
    """Until the child says that its time begins. Raises OSError."""
    ours.settimeout(START)
    if not ours.recv(1):
        raise ConnectionResetError("the server is gone")


def _exchanged(ours: socket.socket, content: bytes, until: float) -> bytes:
    """Send the bytes, read the answer to its end. Raises OSError."""
    ours.settimeout(max(until - time.monotonic(), 0.1))
    ours.sendall(struct.pack(">Q", len(content)))
    ours.sendall(content)
    found = bytearray()
    while len(found) <= LONGEST_ANSWER:
        ours.settimeout(max(until - time.monotonic(), 0.1))
        part = ours.recv(256 * 1024)
        if not part:
            return bytes(found) if found[-1:] == b"\n" else b""
        found += part
    return b""


SERVER: Final = Server()
