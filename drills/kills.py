"""Everything is killed with -9 again and again while people apply: nothing acknowledged is lost, nothing is doubled.

``python -m drills.kills [--applications 2000] [--kills 60] [--seed N] [--minutes 25] [--control WHICH]`` starts a real
`madoguchi run`. Programs apply through `/api/v1/` with a fee, files and an e-mail address, and repeat a request with
the same key until it is acknowledged; letters go to a real SMTP server. Meanwhile web workers, the web's master, the
job worker, PostgreSQL's postmaster (also while it recovers) and its backends are killed. Then the hall gets time to do
what follows, and everything is counted. A release runs 10,000 applications with 200 kills.

Controls, each of which must be red: ``follow-up-without-retry`` leaves the jobs of killed workers alone;
``idempotency-off`` takes a repeated request for a new one. It ends by itself.
"""

import argparse
import base64
import http.client
import json
import queue
import random
import sys
import threading
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg
import yaml

from bench.hall import CODE, EXAMPLE, PROJECT

from .living_hall import KINDS, Letters, LivingHall

CONTROLS = {"follow-up-without-retry": "stalled-jobs", "idempotency-off": "idempotency"}
CLIENTS = 4
WEIGHTS = (4, 1, 3, 2, 2)
"""How often each of KINDS is killed."""
FOLLOWING_SECONDS = 300
QUIET_SECONDS = 100
"""A control waits so long for what will not come: a worker counts as gone after 30."""

COUNTS = {
    "cases": "SELECT count(*) FROM cases_case",
    "without a charge": "SELECT count(*) FROM cases_case c WHERE 1 <> (SELECT count(*) FROM payments_charge p"
    " WHERE p.case_id = c.id)",
    "wrongly owed": "SELECT count(*) FROM payments_charge p JOIN cases_case c ON c.id = p.case_id WHERE c.fee <>"
    " (SELECT coalesce(sum(yen), 0) FROM payments_entry e WHERE e.charge_id = p.id AND e.kind = 'owed')",
    "without its letter": "SELECT count(*) FROM cases_case c WHERE 1 <> (SELECT count(*) FROM cases_event e"
    " WHERE e.case_id = c.id AND e.kind = 'mailed')",
    "jobs left": "SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id"
    " WHERE status = 'failed' OR (status IN ('todo', 'doing') AND task_name = 'madoguchi.follow')"
    " OR (status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '60 seconds'))",
}
ADDRESSES = """
SELECT f.answers->>'contact_email', c.reference FROM applications_filing f JOIN cases_case c ON c.id = f.case_id
"""


def _png() -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    whole = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return base64.b64encode(whole).decode()


PLAN = {"name": "図面.png", "content": _png()}


@dataclass
class Result:
    """What a run counted."""

    seed: int
    applications: int
    kills: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[str, str] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    no_letter: int = 0
    twice: int = 0
    record: str = ""
    seconds: float = 0.0
    longest: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Whether everything that must hold did."""
        wrong = (self.lost, self.doubled, self.no_letter, *(n for name, n in self.counts.items() if name != "cases"))
        whole = self.record.endswith(", 0 broken") and self.counts.get("cases") == self.applications
        odd = [answer for answer in self.answers if answer.startswith("5") and answer != "503"]
        return whole and not any(wrong) and not odd and len(self.acknowledged) == self.applications

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {len(self.acknowledged)} of {self.applications} acknowledged in {self.seconds:.0f} s, "
            f"the longest after {self.longest:.1f} s; {sum(self.kills.values())} kills {dict(self.kills)}\n"
            f"answers {dict(self.answers)}\n"
            f"acknowledged and lost {self.lost}, doubled {self.doubled}, letters missing {self.no_letter}, letters "
            f"that left twice {self.twice}, {self.counts}; record: {self.record}: "
            f"{'sound' if self.is_sound else 'NOT SOUND'}"
        )


class Client(threading.Thread):
    """A program that applies and repeats until it is told that its application arrived."""

    def __init__(self, drill: "Drill") -> None:
        super().__init__(daemon=True)
        self.drill = drill

    def run(self) -> None:
        """Until nothing is left to apply for."""
        while not self.drill.ends.is_set():
            try:
                number = self.drill.waiting.get_nowait()
            except queue.Empty:
                return
            self._apply(number)

    def _apply(self, number: int) -> None:
        address, began = f"drill-{number}@minatono.example", time.monotonic()
        body = json.dumps({"answers": self.drill.answers | {"contact_email": address}}).encode()
        while not self.drill.ends.is_set():
            status, told, _headers = send(self.drill.hall.port, body, f"drill-{self.drill.result.seed}-{number}")
            self.drill.note(status, address, told, time.monotonic() - began)
            if status == "201":
                return
            time.sleep(0.1)


def send(port: int, body: bytes, key: str) -> tuple[str, Any, Any]:
    """One application: (status or what went wrong, the answer, its headers)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    try:
        connection.request("POST", f"/api/v1/procedures/{CODE}/applications", body, headers)
        answer = connection.getresponse()
        return str(answer.status), json.loads(answer.read()), answer.headers
    except (OSError, http.client.HTTPException, ValueError) as fault:
        return type(fault).__name__, None, None
    finally:
        connection.close()


class Drill:
    """One run."""

    def __init__(self, hall: LivingHall, letters: Letters, result: Result, kills: int, shows: bool) -> None:
        self.hall, self.letters, self.result, self.kills, self.shows = hall, letters, result, kills, shows
        self.rng, self.turn, self.ends = random.Random(result.seed), threading.Lock(), threading.Event()
        self.waiting: queue.Queue[int] = queue.Queue()
        self.answers = answers()

    def note(self, status: str, address: str, told: Any, took: float) -> None:
        """What a client was answered."""
        with self.turn:
            self.result.answers[status] += 1
            if status == "201":
                self.result.acknowledged[address] = told["reference"]
                self.result.longest = max(self.result.longest, took)
            self._bar()

    def _bar(self) -> None:
        done, killed = len(self.result.acknowledged), sum(self.result.kills.values())
        if self.shows:
            filled = 40 * done // self.result.applications
            bar = f"[{'#' * filled}{'.' * (40 - filled)}] {done} acknowledged, {killed} kills"
            print(f"\r{bar}", end="", file=sys.stderr, flush=True)

    def run(self, seconds: float) -> None:
        """Apply and kill until all is acknowledged and every kill was made, or the time is over."""
        began = time.monotonic()
        for number in range(self.result.applications):
            self.waiting.put(number)
        clients = [Client(self) for _client in range(CLIENTS)]
        for one in clients:
            one.start()
        while any(one.is_alive() for one in clients) and time.monotonic() - began < seconds:
            self._kill_when_due()
            time.sleep(0.02)
        self.ends.set()
        for one in clients:
            one.join()
        self.result.seconds = time.monotonic() - began

    def _kill_when_due(self) -> None:
        """Kills are spread over the applications; a victim is chosen when what serves it is there."""
        killed = sum(self.result.kills.values())
        due = (killed + self.rng.random() * 0.5) * self.result.applications / self.kills
        if killed >= self.kills or len(self.result.acknowledged) < due:
            return
        kind = self.rng.choices(KINDS, WEIGHTS)[0]
        self._kill(kind)
        if kind == "postmaster" and self.rng.random() < 0.5:  # the next one while it recovers
            self._kill(kind)

    def _kill(self, kind: str) -> None:
        until = time.monotonic() + 60
        while not (found := self.hall.parts(kind)):
            if time.monotonic() > until:
                return
            time.sleep(0.01)
        time.sleep(self.rng.random() * 0.2)
        self.result.kills[kind] += self.hall.kill(self.rng.choice(found))

    def count(self, seconds: float) -> None:
        """Wait until what follows is done, then count."""
        result, until = self.result, time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                result.counts = {name: self.hall.rows(asked)[0][0] for name, asked in COUNTS.items()}
                if not any(n for name, n in result.counts.items() if name != "cases"):
                    break
            except psycopg.OperationalError:  # it was killed last
                pass
            time.sleep(1)
        filed = self.hall.rows(ADDRESSES)
        numbers = Counter(address for address, _reference in filed)
        result.doubled = sum(n - 1 for n in numbers.values())
        known = set(filed)
        result.lost = sum((address, reference) not in known for address, reference in result.acknowledged.items())
        sent = Counter(address for address, _number in self.letters.sent.elements())
        result.no_letter = sum(not sent[address] for address in numbers)
        result.twice = sum(n - 1 for n in sent.values())
        result.record = (self.hall.command("verify-record").stdout.strip().splitlines() or ["no answer"])[-1]


def answers() -> dict[str, Any]:
    """What is applied with: an example of a procedure with a fee, and its files."""
    example = PROJECT / "procedures" / CODE / "examples" / f"{EXAMPLE}.yaml"
    given: dict[str, Any] = yaml.safe_load(example.read_text())["answers"]
    files = [name for name, value in given.items() if isinstance(value, list) and len(str(value[0])) == 32]
    return given | {name: [PLAN] for name in files}


def drill(
    *, applications: int, kills: int, seed: int, seconds: float = 1500, control: str = "", shows: bool = False
) -> Result:
    """Start a hall, apply and kill, count. Raises RuntimeError where the hall does not open."""
    result = Result(seed, applications)
    with Letters() as letters:
        environment = {"MADOGUCHI_SMTP_HOST": "127.0.0.1", "MADOGUCHI_SMTP_PORT": str(letters.port)}
        environment |= {"MADOGUCHI_BRAKE": "0", "MADOGUCHI_LOCKS_OFF": CONTROLS.get(control, "")}
        with LivingHall(**environment) as hall:
            one = Drill(hall, letters, result, kills, shows)
            one.run(seconds)
            one.count(QUIET_SECONDS if control else FOLLOWING_SECONDS)
            if shows and not result.is_sound:
                print(f"\n{hall.told()[-3000:]}", file=sys.stderr)
    return result


def main() -> int:
    """Run and print; 0 when everything held (with --control: when it did not)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--control", choices=CONTROLS, default="")
    asked = parser.parse_args()
    result = drill(
        applications=asked.applications, kills=asked.kills, seed=asked.seed, seconds=asked.minutes * 60,
        control=asked.control, shows=True,
    )  # fmt: skip
    print(f"\n{result}")
    return int(result.is_sound) if asked.control else int(not result.is_sound)


if __name__ == "__main__":
    sys.exit(main())
