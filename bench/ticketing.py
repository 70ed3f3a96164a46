"""Orders of tickets through the HTTP API beside the bare insert: rate and processor time (`python -m bench.ticketing`).

Each order is of two people of one facility, by an address of its own, spread over many slots; paid ones are held until
they are paid, free ones are confirmed at once with their letter queued. The bare side is that of applications
(`bench.bare`), on the same server and database, in the same rounds.
"""

import json
import statistics
import subprocess
import sys
from typing import Any

import psutil
import psycopg

from .cost import postgres, seconds
from .hall import PROJECT, Hall, wait_for

ROUNDS, SECONDS, CLIENTS, SLOTS = 5, 3.0, 8, 400
GOALS = {"order": 0.38, "free order": 0.25}
CATEGORIES = {"order": ("adult", 600), "free order": ("child", 0)}
SLOTS_MADE = """
INSERT INTO bookings_slot (id, facility, offer, starts_at, ends_at, opens_at, capacity, taken, issued, is_closed,
                           closed_because)
SELECT gen_random_uuid(), 'river-garden', 'entry', date_trunc('hour', now()) + (24 + n) * interval '1 hour',
       date_trunc('hour', now()) + (25 + n) * interval '1 hour', now() - interval '1 day', 1000000, 0, 0, false, ''
FROM generate_series(1, {count}) AS n RETURNING id::text
"""


def slots(hall: Hall) -> list[str]:
    """Slots of the garden that nobody else makes."""
    with psycopg.connect(hall.owner_url, autocommit=True) as connection:
        return [one for (one,) in connection.execute(SLOTS_MADE.format(count=SLOTS)).fetchall()]


class Market:
    """The same orders again and again, each with a key and an address of its own."""

    def __init__(self, hall: Hall, hosts: dict[str, str]) -> None:
        self.hall, self.hosts, self.slots, self.sent = hall, hosts, slots(hall), 0

    def run(self, name: str, most: int, time: float = SECONDS) -> dict[str, Any]:
        """One round of one side."""
        category, total = CATEGORIES.get(name, ("", 0))
        keys = [f"order-{self.sent + n:020}" for n in range(most)]
        self.sent += most
        files = {one: [] for one in self.hall.told["files"]}
        order = {
            "script": "bare" if name == "bare" else "order", "host": self.hosts[name], "clients": CLIENTS,
            "seconds": time, "answers": self.hall.told["answers"], "files": files, "slots": self.slots,
            "category": category, "total": total, "work": [(key, {}) for key in keys],
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.load"]
        done = subprocess.run(command, input=json.dumps(order).encode(), capture_output=True, cwd=PROJECT)
        if done.returncode:
            sys.exit(done.stderr.decode())
        measured: dict[str, Any] = json.loads(done.stdout)
        return measured


def main() -> None:
    """Processor time of each, then rounds in turn."""
    with Hall() as hall:
        web, host = hall.web()
        bare, bare_host = hall.serve("bench.bare:application")
        wait_for(f"http://{host}/facilities/")
        market = Market(hall, {"order": host, "free order": host, "bare": bare_host})
        served, server = {"order": web, "free order": web, "bare": bare}, postgres(hall)
        for name, process in served.items():
            market.run(name, 300, 60.0)
            before = seconds(psutil.Process(process.pid)), seconds(server)
            done = len(market.run(name, 1200, 60.0)["times"])
            own, database = seconds(psutil.Process(process.pid)) - before[0], seconds(server) - before[1]
            print(
                f"  {name:<11} web {own / done * 1e3:5.2f} ms, PostgreSQL {database / done * 1e3:5.2f} ms", flush=True
            )
        rates: dict[str, list[float]] = {name: [] for name in served}
        for _round in range(ROUNDS):
            for name, found in rates.items():
                measured = market.run(name, 9000)
                found.append(len(measured["times"]) / measured["seconds"])
        for name, goal in GOALS.items():
            ratios = [one / other for one, other in zip(rates[name], rates["bare"], strict=True)]
            print(f"  {name:<11} {statistics.median(rates[name]):.0f}/s, ÷ bare {statistics.median(ratios):.2f}"
                  f" (worst {min(ratios):.2f}), goal {goal}")  # fmt: skip


if __name__ == "__main__":
    main()
