"""The database, reached over TCP, is away for a minute: 503 meanwhile, few lines in the log, then whole by itself.

``python -m drills.away [--seconds 60] [--control stays-up|stays-away]`` starts a PostgreSQL on a port of the loopback
and a real `madoguchi run` that is given it by DATABASE_URL. An application is filed while the mail server is away, so
that its letter waits in the queue; then PostgreSQL is stopped at once. Meanwhile pages in three languages, the API and
the addresses for balancers are asked again and again, and a program repeats an application. When PostgreSQL is back,
nothing else is touched: pages, queue and both letters must come by themselves. Controls: the database never goes, or
never comes back.
"""

import argparse
import http.client
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from madoguchi.config.database.roles import APP_ROLE, with_parts

from .applying import send, without_files
from .database import Database
from .living_hall import Letters, LivingHall

CONTROLS = ("stays-up", "stays-away")
MOST_LINES = 10
"""In the log: two web processes and the worker tell of the outage and of its end, and one of jobs taken up again."""
PAUSE = 0.5
"""Seconds between two rounds of questions."""
BACK_SECONDS, CONTROL_SECONDS = 60, 5
ROUNDS = 10
"""So many in a row must be answered well afterwards: each may reach the other web process."""
QUEUED, REPEATED = "queued@minatono.example", "repeated@minatono.example"


class Address(NamedTuple):
    """What is asked, and what must be answered while the database is away; words without spaces, tags, readings."""

    path: str
    status: int
    words: str


ADDRESSES = (
    Address("/statistics/", 503, "ただいま、ご利用いただけません。"),
    Address("/en/statistics/", 503, "Notavailableatthemoment"),
    Address("/ja-easy/statistics/", 503, "いまは使えません。"),
    Address("/api/v1/statistics", 503, '"status":503'),
    Address("/healthz", 200, "ok"),
    Address("/readyz", 503, '"missing":["database"]'),
)


@dataclass
class Result:
    """What a run saw; seconds."""

    seconds: float
    answers: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    ready: float = 0.0
    letters: float = 0.0
    record: str = ""

    @property
    def faults(self) -> list[str]:
        """What must not be."""
        found = [f"{times} × {what}" for what, times in self.wrong.items()] + self.missing
        if len(self.lines) > MOST_LINES:
            found.append(f"{len(self.lines)} lines in the log")
        return found

    def __str__(self) -> str:
        lines = "\n".join(f"  {line[:150]}" for line in self.lines)
        return (
            f"away for {self.seconds:.0f} s, answers meanwhile {dict(self.answers)}, the slowest after "
            f"{self.slowest * 1000:.0f} ms\nafterwards whole after {self.ready:.1f} s, both letters there after "
            f"{self.letters:.1f} s; record: {self.record}\n{len(self.lines)} lines in the log:\n{lines}\n"
            f"{f'NOT SOUND: {self.faults}' if self.faults else 'sound'}"
        )


class Drill:
    """One run."""

    def __init__(self, hall: LivingHall, database: Database, letters: Letters, result: Result) -> None:
        self.hall, self.database, self.letters, self.result = hall, database, letters, result
        self.form = without_files()

    def run(self, control: str) -> None:
        """An outage, and what comes after it."""
        self._waits_for("the hall is not ready at first", BACK_SECONDS, self._all_answer)
        self._apply(QUEUED)
        written = len(self.hall.told())
        if control != "stays-up":
            self.database.stop()
        with self.letters:
            self._look_meanwhile()
            if control == "":
                self.database.start()
            self._look_afterwards(CONTROL_SECONDS if control else BACK_SECONDS)
        self.result.lines = self.hall.told()[written:].splitlines()
        if not control:
            told = self.hall.command("verify-record").stdout.strip().splitlines()
            self.result.record = (told or ["no answer"])[-1]

    def _look_meanwhile(self) -> None:
        until = time.monotonic() + self.result.seconds
        while time.monotonic() < until:
            for one in ADDRESSES:
                began = time.monotonic()
                self._note(one, *self._ask(one.path))
                self.result.slowest = max(self.result.slowest, time.monotonic() - began)
            self._note_application(self._apply(REPEATED))
            time.sleep(PAUSE)

    def _note(self, asked: Address, status: int, text: str, headers: "http.client.HTTPMessage | None") -> None:
        self.result.answers[f"{status} {asked.path}"] += 1
        if status != asked.status or asked.words not in text:
            self.result.wrong[f"{status} at {asked.path}"] += 1
        elif status == 503 and asked.path != "/readyz" and not (headers or {}).get("Retry-After"):
            self.result.wrong[f"no Retry-After at {asked.path}"] += 1

    def _note_application(self, status: str) -> None:
        self.result.answers[f"{status} an application"] += 1
        if status != "503":
            self.result.wrong[f"{status} for an application"] += 1

    def _look_afterwards(self, seconds: float) -> None:
        self.result.ready = self._waits_for("the pages did not come back", seconds, self._all_answer)
        self._waits_for("the repeated application was not filed", seconds, lambda: self._apply(REPEATED) == "201")
        self.result.letters = self._waits_for("a letter did not leave", seconds, self._both_letters_left)
        self._waits_for("the log does not tell of the return", seconds, lambda: "are back" in self.hall.told())

    def _both_letters_left(self) -> bool:
        return {address for address, _number in self.letters.sent} == {QUEUED, REPEATED}

    def _waits_for(self, otherwise: str, seconds: float, is_so: Callable[[], bool]) -> float:
        """Seconds until it is so."""
        began = time.monotonic()
        while not is_so():
            if time.monotonic() - began > seconds:
                self.result.missing.append(otherwise)
                break
            time.sleep(0.1)
        return time.monotonic() - began

    def _all_answer(self) -> bool:
        return all(self._ask(one.path)[0] == 200 for _round in range(ROUNDS) for one in ADDRESSES)

    def _apply(self, address: str) -> str:
        return send(self.hall.port, self.form, address, f"away-{address}").status

    def _ask(self, path: str) -> "tuple[int, str, http.client.HTTPMessage | None]":
        """(status or 0, text without spaces, tags and readings, headers)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.hall.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = re.sub(r"<rt>.*?</rt>|<[^>]+>|\s", "", answer.read().decode())
            return answer.status, text, answer.headers
        except (OSError, http.client.HTTPException):
            return 0, "", None
        finally:
            connection.close()


def drill(*, seconds: float, control: str = "", town: Path | None = None) -> Result:
    """Start database and hall; the database is away for so long. Raises RuntimeError where either does not start."""
    result = Result(seconds)
    letters = Letters()
    with tempfile.TemporaryDirectory(prefix="madoguchi-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when this runs as root
        with Database(Path(folder), town) as database:
            given = {"DATABASE_OWNER_URL": database.url, "DATABASE_URL": with_parts(database.url, user=APP_ROLE)}
            given |= {"MADOGUCHI_SMTP_HOST": "127.0.0.1", "MADOGUCHI_SMTP_PORT": str(letters.port)}
            with LivingHall(**given) as hall:
                Drill(hall, database, letters, result).run(control)
    return result


def main() -> int:
    """Run and print; 0 when everything held (with --control: when it did not)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--control", choices=CONTROLS, default="")
    asked = parser.parse_args()
    result = drill(seconds=min(asked.seconds, 600), control=asked.control)
    print(result)
    return int(not result.faults) if asked.control else int(bool(result.faults))


if __name__ == "__main__":
    sys.exit(main())
