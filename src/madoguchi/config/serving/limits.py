"""How long, how large and how many: the limits of connections and bodies, each of one web process."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from typing import Final, NamedTuple

THREADS: Final = 4
"""Requests that one web process works on at a time; each thread has its connection to the database."""
HEADER_SECONDS: Final = 15
"""For a request's head, and for a connection without a request."""
LARGEST_HEAD: Final = 128 * 1024
"""Bytes of a request's head; also what of an answer waits in granian for a slow reader."""
IN_MEMORY: Final = 64 * 1024
"""Bytes of a body or an answer; more waits in a temporary file."""


class Most(NamedTuple):
    """At the same time."""

    of_sender: int
    in_all: int


class Limits(NamedTuple):
    """Of one web process; seconds, bytes, numbers."""

    connections: Most = Most(512, 4096)
    at_once: float = 1.0
    """A body that is there within this, or an answer that is sent, is not slow: it takes no place of the slow ones."""
    body: float = 20.0
    """For a body; so much more for each byte that came as `slowest` says."""
    unsent: float = 30.0
    """For an answer, likewise; also, how long its reader may take nothing at all (TCP_USER_TIMEOUT)."""
    slowest: int = 1024
    """Bytes a second (Apache's `MinRate`)."""
    longest: float = 900.0
    """For the largest body, and for reading the largest answer."""
    slow_bodies: Most = Most(32, 1024)
    slow_readers: Most = Most(64, 1024)
    linger: float = 2.0
    """What still arrives of a refused body is thrown away for so long, so that the refusal can be read."""
    kept: Most = Most(1 << 30, 1 << 31)
    """Bytes of bodies that are read or worked on, and of answers that are made faster than they are read."""


class Full(Exception):
    """There is no place; `of_sender`: for this sender, others have some."""

    def __init__(self, *, of_sender: bool) -> None:
        super().__init__("of this sender" if of_sender else "in all")
        self.of_sender = of_sender


class Places:
    """So many for one sender and so many in all; for every thread."""

    def __init__(self, most: Most) -> None:
        self.most = most
        self.taken: Counter[str] = Counter()
        self.total = 0
        self._lock = threading.Lock()

    def take(self, sender: str, count: int = 1) -> None:
        """Take them. Raises Full, and takes none."""
        with self._lock:
            if self.taken[sender] + count > self.most.of_sender:
                raise Full(of_sender=True)
            if self.total + count > self.most.in_all:
                raise Full(of_sender=False)
            self.taken[sender] += count
            self.total += count

    def give_back(self, sender: str, count: int = 1) -> None:
        """Give them back."""
        with self._lock:
            self.taken[sender] -= count
            self.total -= count
            if not self.taken[sender]:
                del self.taken[sender]


class Clock:
    """Judges again and again a task of the event loop that waits for the network, and may interrupt it.

    `judge` is told the seconds since the beginning and returns why not (an HTTP status), or 0. Who is interrupted by
    its clock sees CancelledError, and asks `is_over`.
    """

    def __init__(self, judge: Callable[[float], int], every: float) -> None:
        self.judge, self.every, self.status = judge, every, 0
        self.loop, self.task = asyncio.get_running_loop(), asyncio.current_task()
        self.began = self.loop.time()
        self.timer = self.loop.call_later(self.every, self._look)

    def _look(self) -> None:
        self.status = self.judge(self.loop.time() - self.began)
        if not self.status:
            self.timer = self.loop.call_later(self.every, self._look)
        elif self.task:
            self.task.cancel()

    def stop(self) -> None:
        """There is nothing to wait for any more."""
        self.timer.cancel()

    def is_over(self) -> bool:
        """Whether this clock interrupted its task, which then goes on."""
        if self.status and self.task:
            self.task.uncancel()
        return bool(self.status)
