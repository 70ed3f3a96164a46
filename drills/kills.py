"""Everything is killed with -9 again and again while people apply: nothing acknowledged is lost, nothing is doubled.

``python -m drills.kills [--applications 2000] [--kills 60] [--seed N] [--minutes 25] [--control WHICH]`` starts a real
`madoguchi run`. One half apply through `/api/v1/` with a fee and files, the other half as the confirmation page does,
without either; all repeat a request with the same key until it is acknowledged, and the first answer of every fifth
application is lost on its way back. Letters go to a real SMTP server. Meanwhile web workers, the web's master, the job
worker, PostgreSQL's postmaster (also while it recovers) and its backends are killed. Then the hall gets time to do what
follows, and everything is counted. A release runs 10,000 applications with 200 kills.

Controls, each of which must be red for its own reason: ``follow-up-without-retry`` leaves the jobs of killed workers
alone, so that jobs are left; ``idempotency-off`` takes a repeated request for a new one, so that applications are
doubled. It ends by itself.
"""

import argparse
import queue
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from .applying import send, with_files, without_files
from .living_hall import KINDS, Letters, LivingHall

CONTROLS = {"follow-up-without-retry": ("stalled-jobs", "jobs left"), "idempotency-off": ("idempotency", "doubled")}
"""Which guard is off, and what must be wrong then."""
CLIENTS = 4
LOSES = 5
"""Of so many applications one loses its first answer."""
WEIGHTS = (4, 1, 3, 2, 2)
"""How often each of KINDS is killed."""
FOLLOWING_SECONDS = 300
QUIET_SECONDS = 100
"""A control waits so long for what will not come: a worker counts as gone after 30."""

COUNTS = {
    "cases": "SELECT count(*) FROM cases_case",
    "without a charge": "SELECT count(*) FROM cases_case c WHERE (c.fee > 0) IS TRUE <> (SELECT count(*) = 1"
    " FROM payments_charge p WHERE p.case_id = c.id)",
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
    asked: int = 0
    """Kills that were to be made."""

    @property
    def faults(self) -> dict[str, int]:
        """What must not be, and how often it was."""
        found = {
            "acknowledged and lost": self.lost,
            "doubled": self.doubled,
            "never acknowledged": self.applications - len(self.acknowledged),
            "letters missing": self.no_letter,
            "kills too few": max(self.asked - sum(self.kills.values()), 0),
            "broken record": not self.record.endswith(", 0 broken"),
            "cases too many or too few": abs(self.counts.get("cases", 0) - self.applications),
            "odd answers": sum(n for answer, n in self.answers.items() if answer[0] in "345" and answer != "503"),
        }
        found |= {name: n for name, n in self.counts.items() if name != "cases"}
        return {name: n for name, n in found.items() if n}

    @property
    def is_sound(self) -> bool:
        """Whether everything that must hold did."""
        return not self.faults

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {len(self.acknowledged)} of {self.applications} acknowledged in {self.seconds:.0f} s, "
            f"the longest after {self.longest:.1f} s; {sum(self.kills.values())} kills {dict(self.kills)}\n"
            f"answers {dict(self.answers)}\n"
            f"acknowledged and lost {self.lost}, doubled {self.doubled}, letters missing {self.no_letter}, letters "
            f"that left twice {self.twice}, {self.counts}; record: {self.record}\n"
            f"{f'NOT SOUND: {self.faults}' if self.faults else 'sound'}"
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
                self._apply(self.drill.waiting.get(timeout=0.05))
            except queue.Empty:
                if self.drill.given == self.drill.result.applications:
                    return

    def _apply(self, number: int) -> None:
        address, began = f"drill-{number}@minatono.example", time.monotonic()
        form, loses = self.drill.forms[number % 2], number % LOSES == 0
        while not self.drill.ends.is_set():
            answer = send(self.drill.hall.port, form, address, f"drill-{self.drill.seed}-{number}")
            status, loses = ("lost on its way", False) if answer.status == "201" and loses else (answer.status, loses)
            self.drill.note(status, address, answer.reference, time.monotonic() - began)
            if status in ("201", "303", "409", "422"):  # what repeating changes nothing about
                return
            time.sleep(0.1)


class Drill:
    """One run."""

    def __init__(self, hall: LivingHall, letters: Letters, result: Result, kills: int, shows: bool) -> None:
        self.hall, self.letters, self.result, self.kills, self.shows = hall, letters, result, kills, shows
        self.rng, self.turn, self.ends = random.Random(result.seed), threading.Lock(), threading.Event()
        self.waiting: queue.Queue[int] = queue.Queue()
        self.given, result.asked = 0, kills
        self.forms, self.seed = (with_files(), without_files()), result.seed

    def note(self, status: str, address: str, reference: str, took: float) -> None:
        """What a client was answered."""
        with self.turn:
            self.result.answers[status] += 1
            if status == "201":
                self.result.acknowledged[address] = reference
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
        self._give()
        clients = [Client(self) for _client in range(CLIENTS)]
        for one in clients:
            one.start()
        while any(one.is_alive() for one in clients) and time.monotonic() - began < seconds:
            self._kill_when_due()
            self._give()
            time.sleep(0.02)
        self.ends.set()
        for one in clients:
            one.join()
        self.result.seconds = time.monotonic() - began

    def _give(self) -> None:
        """Applications wait for their kill: a quick machine would have filed all before a part is there again."""
        killed, every = sum(self.result.kills.values()), self.result.applications
        most = every if killed >= self.kills else min(every, (killed + 2) * every // self.kills)
        for number in range(self.given, most):
            self.waiting.put(number)
        self.given = max(self.given, most)

    def _kill_when_due(self) -> None:
        """Kills are spread over the applications; a victim is chosen when what serves it is there."""
        killed = sum(self.result.kills.values())
        if killed >= self.kills:
            return
        due = (killed + self.rng.random() * 0.5) * self.result.applications / self.kills
        if len(self.result.acknowledged) < due:
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


def drill(
    *, applications: int, kills: int, seed: int, seconds: float = 1500, control: str = "", town: Path | None = None,
    shows: bool = False,
) -> Result:  # fmt: skip
    """Start a hall (over a copy of `town`), apply and kill, count. Raises RuntimeError where it does not open."""
    result = Result(seed, applications)
    with Letters() as letters:
        environment = {"MADOGUCHI_SMTP_HOST": "127.0.0.1", "MADOGUCHI_SMTP_PORT": str(letters.port)}
        environment |= {"MADOGUCHI_BRAKE": "0", "MADOGUCHI_LOCKS_OFF": CONTROLS[control][0] if control else ""}
        with LivingHall(town=town, **environment) as hall:
            one = Drill(hall, letters, result, kills, shows)
            one.run(seconds)
            one.count(QUIET_SECONDS if control else FOLLOWING_SECONDS)
            if shows and not result.is_sound:
                print(f"\n{hall.told()[-3000:]}", file=sys.stderr)
    return result


def main() -> int:
    """Run and print; 0 when everything held (with --control: when its own fault was met)."""
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
    return int(CONTROLS[asked.control][1] not in result.faults if asked.control else not result.is_sound)


if __name__ == "__main__":
    sys.exit(main())
