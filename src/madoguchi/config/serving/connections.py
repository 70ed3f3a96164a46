"""The TCP connections of this process, seen by their open files: granian limits their number, not whose they are.

An idle connection (no request is being read or answered) ends when its sender has too many, or when places run out,
the longest idle first; so who only opens connections keeps nobody out. A reader that takes nothing ends by the
kernel's TCP_USER_TIMEOUT (RFC 5482), which accepted connections have from their listening socket.
"""

import os
import socket
import stat
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from madoguchi.platform.brake.sender import sender

from .limits import Limits

Peer = tuple[str, int]
OPEN_FILES: Final = "/dev/fd"
CROWDED: Final = 0.75
"""Of all connections a process may hold: beyond this, idle ones make room."""


@dataclass
class Connection:
    """One accepted connection: its open file, its other end, when it was first seen."""

    number: int
    peer: Peer
    since: float


class Connections:
    """Those of this process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.busy: Counter[Peer] = Counter()
        self.used: dict[Peer, float] = {}
        self.seen: dict[int, Connection] = {}
        self.others: set[int] = set()
        self.ports: set[int] = set()

    def begins(self, peer: Peer) -> None:
        """A request is there."""
        self.busy[peer] += 1

    def ends(self, peer: Peer) -> None:
        """It is answered."""
        self.busy[peer] -= 1
        if not self.busy[peer]:
            del self.busy[peer]
            self.used[peer] = time.monotonic()

    def look(self) -> None:
        """To be called each second: see who is there, and end what is idle and too much."""
        self._see()
        for one in self._excess():
            _shut(one)

    def cut(self, peer: Peer) -> None:
        """End one connection, whatever is being sent on it."""
        self._see()
        for one in self.seen.values():
            if one.peer == peer:
                _shut(one)

    def _excess(self) -> list[Connection]:
        idle = [one for one in self.seen.values() if one.peer not in self.busy]
        idle.sort(key=lambda one: (max(one.since, self.used.get(one.peer, 0.0)), one.peer in self.used))
        found = idle[: max(len(self.seen) - int(self.limits.connections.in_all * CROWDED), 0)]
        if not settings.BEHIND_PROXY:  # there, all connections are the proxy's
            found += self._of_greedy_senders(idle)
        return found

    def _of_greedy_senders(self, idle: list[Connection]) -> list[Connection]:
        over = Counter(sender(one.peer[0]) for one in self.seen.values())
        over.subtract(dict.fromkeys(over, self.limits.connections.of_sender))
        found = []
        for one in idle:
            whose = sender(one.peer[0])
            if over[whose] > 0:
                over[whose] -= 1
                found.append(one)
        return found

    def _see(self) -> None:
        there: dict[int, Connection] = {}
        others: set[int] = set()
        now = time.monotonic()
        for name in os.listdir(OPEN_FILES):
            with suppress(OSError):  # closed meanwhile
                told = os.fstat(number := int(name))
                if not stat.S_ISSOCK(told.st_mode):
                    continue
                if told.st_ino in self.others:
                    others.add(told.st_ino)
                elif known := self.seen.get(told.st_ino) or self._accepted(number, now):
                    there[told.st_ino] = known
                else:
                    others.add(told.st_ino)
        self.seen, self.others = there, others if self.ports else set()
        peers = {one.peer for one in there.values()}
        self.used = {peer: when for peer, when in self.used.items() if peer in peers}

    def _accepted(self, number: int, now: float) -> Connection | None:
        one = socket.socket(fileno=number)
        try:
            if one.family not in {socket.AF_INET, socket.AF_INET6} or one.type != socket.SOCK_STREAM:
                return None
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                self.ports.add(one.getsockname()[1])
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(self.limits.unsent * 1000))
                return None
            if one.getsockname()[1] not in self.ports:  # a connection that we opened: to the database, to mail
                return None
            return Connection(number, one.getpeername()[:2], now)
        finally:
            one.detach()


def _shut(one: Connection) -> None:
    open_file = socket.socket(fileno=one.number)
    try:
        if open_file.getpeername()[:2] == one.peer:  # the number may be another's by now
            open_file.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        open_file.detach()
