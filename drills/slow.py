"""Many slow connections at once: bodies that trickle, half heads, idle ones, readers that never read; visitors go on.

``python -m drills.slow [--bodies 200] [--heads 200] [--idle 1000] [--readers 100] [--sources 50] [--seconds 60]
[--control]`` starts a city hall (two web processes) of its own. The slow ones come from so many addresses of the
loopback and come again when they are ended; meanwhile visitors with another address look at a procedure, open its form,
apply and read the receipt, each on a new connection. Measured: every answer, before and during, and the memory of the
web processes. The control serves the same hall as it was: a thread waits for each body. It must go red.
"""

import argparse
import asyncio
import http.client
import json
import random
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

import psutil

from bench.hall import CODE, PROJECT, Hall, wait_for

P95 = 1.0
"""Seconds within which 95 of 100 answers begin and end."""
PATIENCE = 10.0
"""Seconds after which a visitor goes away."""
VISITORS = 4
FEWEST, LONGEST = 20, 60
"""Answers without which nothing is learnt; seconds in which a busy machine may still give them."""
MOST_FAILURES = 12
"""After so many nothing more is learnt."""
FORM = f"/procedures/{CODE}/apply/"
TIMES = 100
"""So often a reader asks for the largest file of the look on one connection: more than the kernel's buffers take."""
IP_BIND_ADDRESS_NO_PORT = 24  # Linux, ip(7); Python has no name for it yet
KINDS = ("body", "head", "idle", "reader")


@dataclass
class Result:
    """What a run measured; seconds, bytes."""

    before: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    applied: int = 0
    slow: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether visitors noticed nothing that matters."""
        return not self.failures and len(self.during) > FEWEST and _p95(self.during) < P95

    def __str__(self) -> str:
        memory = f"{self.memory[0] >> 20} MB before, at most {max(self.memory) >> 20} MB" if self.memory else "—"
        return (
            f"slow connections {dict(self.slow)}, of which the hall ended {dict(self.ended)}\n"
            f"answers, median and 95th percentile in ms: before {_ms(self.before)}; during {_ms(self.during)} "
            f"({len(self.during)}, {self.applied} applications), failures {len(self.failures)} {self.failures[:1]}\n"
            f"memory of the web processes together (PSS): {memory}: {'sound' if self.is_sound else 'NOT SOUND'}"
        )


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else 0.0


def _ms(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "—"
    return f"{statistics.median(seconds) * 1000:.0f} / {_p95(seconds) * 1000:.0f}"


class Slow:
    """All slow clients, in one loop of a thread of their own."""

    def __init__(self, port: int, counts: dict[str, int], sources: int, result: Result) -> None:
        self.port, self.counts, self.sources, self.result = port, counts, sources, result
        self.ends, self.are_there = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> "Slow":
        self.thread.start()
        self.are_there.wait(60)
        return self

    def __exit__(self, *exception: object) -> None:
        self.ends.set()
        self.thread.join()

    async def _run(self) -> None:
        tasks = [asyncio.create_task(self._stay(kind, n)) for kind in KINDS for n in range(self.counts[kind])]
        while not self.ends.is_set():
            await asyncio.sleep(0.2)
            if sum(self.result.slow.values()) >= sum(self.counts.values()) * 0.8:
                self.are_there.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _stay(self, kind: str, number: int) -> None:
        """One client: comes again whenever it is ended."""
        while True:
            await asyncio.sleep(random.random())
            try:
                await self._come(kind, f"127.0.{2 + number % self.sources}.1")
            except OSError:
                continue

    async def _come(self, kind: str, source: str) -> None:
        limit = 1024 if kind == "reader" else 1 << 20
        reader, writer = await asyncio.open_connection(sock=await self._connected(source), limit=limit)
        self.result.slow[kind] += 1
        try:
            await getattr(self, f"_{kind}")(reader, writer)
        finally:
            self.result.ended[kind] += not self.ends.is_set()
            writer.close()

    async def _connected(self, source: str) -> socket.socket:
        """The port is chosen with the other end: else each bound one would be nobody else's, also of visitors."""
        one = socket.socket()
        one.setblocking(False)
        one.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        try:
            one.bind((source, 0))
            await asyncio.get_running_loop().sock_connect(one, ("127.0.0.1", self.port))
        except BaseException:
            one.close()
            raise
        return one

    async def _body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A submission that says how long it is, and sends a byte each second."""
        head = f"POST /procedures/{CODE}/submit/ HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50000\r\n\r\nanswers="
        await self._trickle(reader, writer, (head + kind).encode())

    async def _head(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A head without an end."""
        await self._trickle(reader, writer, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")

    async def _trickle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> None:
        writer.write(first)
        closed = asyncio.create_task(reader.read())
        try:
            while not closed.done():
                writer.write(b"x")
                await writer.drain()
                await asyncio.wait({closed}, timeout=1.0)
        finally:
            closed.cancel()

    async def _idle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Nothing."""
        await reader.read()

    async def _reader(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Asks for much, many times, and stops reading at once."""
        writer.write(f"GET {largest()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * TIMES)
        while not writer.transport.is_closing():
            await asyncio.sleep(1)
            writer.write(b" ")  # a closed connection is heard of when one writes


@cache
def largest() -> str:
    """The address of the largest static file."""
    found = max((PROJECT / "build" / "collected").rglob("*.js"), key=lambda file: file.stat().st_size)
    return f"/static/{found.relative_to(PROJECT / 'build' / 'collected')}"


class Visitor:
    """Somebody who looks at a procedure, opens its form, applies, and reads the receipt."""

    def __init__(self, host: str, told: dict[str, object], took: list[float], patience: float) -> None:
        self.host, self.told, self.took, self.patience, self.at = host, told, took, patience, ""

    def ask(self, path: str, form: dict[str, str] | None = None, cookie: str = "") -> http.client.HTTPResponse:
        """One request on a new connection. Raises OSError, HTTPException."""
        began, self.at = time.perf_counter(), f"connecting for {path}"
        connection = http.client.HTTPConnection(self.host, timeout=self.patience)
        connection.connect()
        self.at = f"waiting for {path}"
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "ja", "Cookie": cookie}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if form is None else "POST", path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status >= 400:
            raise OSError(f"{answer.status} at {path}")
        self.took.append(time.perf_counter() - began)
        return answer

    def visit(self, key: str, files: dict[str, list[str]]) -> None:
        """The whole visit."""
        self.ask(f"/procedures/{CODE}/")
        self.ask(FORM)
        answers = json.dumps(self.told["answers"] | files)  # type: ignore[operator]
        filed = self.ask(f"/procedures/{CODE}/submit/", {"answers": answers, "key": key, "started": "240"})
        cookie = str(filed.headers["Set-Cookie"]).partition(";")[0]
        self.ask(str(filed.headers["Location"]), cookie=cookie)


def visits(hall: Hall, host: str, result: Result, seconds: float, took: list[float], patience: float) -> None:
    """Visitors one after the other, some at a time, for so long, and on a slow machine until some were answered."""
    began = time.monotonic()
    until, latest = began + seconds, began + max(seconds, LONGEST)
    names = hall.told["files"]
    uploads = iter(hall.uploads(4000 * len(names)))
    turn = threading.Lock()

    def key_and_files() -> tuple[str, dict[str, list[str]]]:
        with turn:
            return f"slow-{random.randrange(10**24):024}", {name: [next(uploads)] for name in names}

    def visitor() -> None:
        one = Visitor(host, hall.told, took, patience)
        while time.monotonic() < (until if len(took) > FEWEST else latest) and len(result.failures) < MOST_FAILURES:
            try:
                one.visit(*key_and_files())
                result.applied += took is result.during
            except (OSError, http.client.HTTPException) as fault:
                at = f"{one.at}, {time.monotonic() - began:.1f} s after the beginning"
                result.failures.append(f"{type(fault).__name__} {at}: {fault}"[:200])

    threads = [threading.Thread(target=visitor) for _visitor in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def memory(pid: int) -> int:
    """Proportional memory of a process and all that it started."""
    total = 0
    for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        try:
            total += one.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def drill(
    hall: Hall, *, counts: dict[str, int], sources: int, seconds: float, patience: float = PATIENCE,
    control: bool = False,
) -> Result:  # fmt: skip
    """So many slow ones against a web server of this hall."""
    result = Result()
    server, host = hall.serve("madoguchi.config.wsgi:application") if control else hall.web()
    wait_for(f"http://{host}{FORM}")
    visits(hall, host, result, min(seconds / 4, 2), [], patience)  # the first answers of a process take longer
    visits(hall, host, result, min(seconds / 4, 10), result.before, patience)
    result.memory.append(memory(server.pid))
    ends = threading.Event()

    def watched() -> None:
        while not ends.wait(1.0):
            result.memory.append(memory(server.pid))

    watch = threading.Thread(target=watched)
    watch.start()
    with Slow(int(host.rpartition(":")[2]), counts, sources, result):
        visits(hall, host, result, seconds, result.during, patience)
    ends.set()
    watch.join()
    hall.end(server)
    return result


def main() -> int:
    """Run and print; 0 when visitors noticed nothing (with --control: when they did)."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, count in (("bodies", 200), ("heads", 200), ("idle", 1000), ("readers", 100), ("sources", 50)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    counts = {"body": asked.bodies, "head": asked.heads, "idle": asked.idle, "reader": asked.readers}
    counts = {kind: min(count, 2000) for kind, count in counts.items()}
    sources, seconds = min(asked.sources, 200), min(asked.seconds, 600)
    with Hall() as hall:
        result = drill(hall, counts=counts, sources=sources, seconds=seconds, control=asked.control)
    print(result)
    return int(result.is_sound) if asked.control else int(not result.is_sound)


if __name__ == "__main__":
    sys.exit(main())
