"""`python -m bench.orders`: orders of tickets beside what the same database does at best, interleaved in one run.

One hot slot is measured against the durable commits of one connection (a row that is locked until the commit is
changed no more often), spread slots against the bare insert of the same body by the same clients. They are threads of
two processes, so that orders that come at once are written together (ADR 0032), and each has its connection and its
plan before the clock starts. Below HTTP, since both sides would pay for it alike.
"""

import itertools
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from madoguchi.config.serving.limits import THREADS

from .hall import PROJECT, Hall


class Clients(NamedTuple):
    """So many processes with so many threads each."""

    processes: int
    threads: int


SHIPPED = Clients(2, THREADS)
"""Two web processes as `madoguchi run` starts them: no figure is told of more threads than serve."""
CLIENTS = {"commit": Clients(1, 1), "hot": SHIPPED, "insert": SHIPPED, "spread": SHIPPED}
SECONDS, ROUNDS, SLOTS = 3.0, 5, 400
PLANNED = 6
"""PostgreSQL plans a prepared statement anew five times before it keeps a plan."""
GOALS = {"hot": ("commit", 0.70), "spread": ("insert", 0.50)}
TABLES = "CREATE TABLE bench_commit (id bigserial PRIMARY KEY); CREATE TABLE bench_order (id bigserial, body jsonb)"


def rate(hall: Hall, name: str) -> float:
    """Per second, of all clients, which begin together once they are ready."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.orders", name], env=hall.environment, cwd=PROJECT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _process in range(CLIENTS[name].processes)
    ]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    begin = time.time() + 0.2
    for one in running:
        assert one.stdin is not None
        one.stdin.write(f"{begin}\n")
        one.stdin.flush()
    told = [one.communicate(timeout=60)[0] for one in running]
    if any(one.returncode for one in running):
        sys.exit("a client of bench.orders failed")
    return sum(int(one) for one in told) / SECONDS


def work(name: str) -> None:
    """A client process: says that it is ready, then does it again and again from a moment on, and prints how often."""
    import django

    from madoguchi.config.boot import keep_what_is_loaded

    django.setup()
    do, many = _works()[name], CLIENTS[name].threads
    keep_what_is_loaded()  # as the web server does
    ready, go, done = threading.Barrier(many + 1), threading.Event(), [0] * many
    alone = threading.Lock()
    begin = [0.0]

    def client(number: int) -> None:
        with alone:  # or only those who write for others would have their connection and their plan
            for _time in range(PLANNED):
                do(0)
        ready.wait(60)
        go.wait(60)
        while time.time() < begin[0]:
            time.sleep(0.001)
        while time.time() < begin[0] + SECONDS:
            done[number] += 1
            do(done[number])

    clients = [threading.Thread(target=client, args=(number,)) for number in range(many)]
    for one in clients:
        one.start()
    ready.wait(60)
    print("ready", flush=True)
    begin[0] = float(sys.stdin.readline())
    go.set()
    for one in clients:
        one.join()
    print(sum(done))


def _works() -> dict[str, Callable[[int], None]]:
    from madoguchi.bookings.models import Slot
    from madoguchi.bookings.sales.actions import order
    from madoguchi.bookings.sales.selling import Place
    from madoguchi.foundation.identifiers import new_secret
    from madoguchi.people.actor import PUBLIC
    from madoguchi.platform.sql.statements import planned_once

    hot, *spread = Slot.objects.filter(facility="bench").order_by("starts_at")
    places = [Place("adult", 1, 500), Place("adult", 1, 500)]
    body = json.dumps({"slot": str(hot.pk), "places": places, "email": "bench@minatono.example"})
    mine = new_secret()
    turn, keys = itertools.count(hash(mine) % len(spread)), itertools.count()

    def bought(slot: Slot) -> None:
        order(slot=slot, places=places, label="ベンチ", office="bench", key=f"{mine}{next(keys)}", by=PUBLIC,
              hold=timedelta(minutes=30), email="bench@minatono.example")  # fmt: skip

    def one_of_many(_n: int) -> None:
        bought(spread[next(turn) % len(spread)])

    def run(statement: str, given: list[str]) -> None:
        with planned_once() as cursor:
            cursor.execute(statement, given)

    return {
        "hot": lambda _n: bought(hot),
        "spread": one_of_many,
        "commit": lambda _n: run("INSERT INTO bench_commit DEFAULT VALUES", []),
        "insert": lambda _n: run("INSERT INTO bench_order (body) VALUES (%s::text::jsonb)", [body]),
    }


SLOTS_MADE = """
INSERT INTO bookings_slot (id, facility, offer, starts_at, ends_at, opens_at, capacity, taken, issued, is_closed,
                           closed_because)
SELECT gen_random_uuid(), 'bench', 'entry', now() + n * interval '1 hour', now() + (n + 1) * interval '1 hour', now(),
       1000000, 0, 0, false, '' FROM generate_series(1, {count}) AS n
"""


def measure(hall: Hall, say: Callable[[str], None], goal: Callable[..., None]) -> None:
    """Interleaved rounds of all four."""
    import psycopg

    from madoguchi.config.database import roles

    with psycopg.connect(hall.owner_url, autocommit=True) as connection:
        connection.execute(TABLES)
        connection.execute(SLOTS_MADE.format(count=SLOTS + 1))
        connection.execute(
            f"GRANT INSERT ON bench_commit, bench_order TO {roles.APP_ROLE}"
        )  # not in the list of rights
        connection.execute(f"GRANT USAGE ON SEQUENCE bench_commit_id_seq, bench_order_id_seq TO {roles.APP_ROLE}")
    found: dict[str, list[float]] = {name: [] for name in CLIENTS}
    for number in range(1, ROUNDS + 1):
        for name, rates in found.items():
            rates.append(rate(hall, name))
        say(f"  round {number}: " + ", ".join(f"{name} {rates[-1]:.0f}/s" for name, rates in found.items()))
    for name, (bare, limit) in GOALS.items():
        ratios = [one / other for one, other in zip(found[name], found[bare], strict=True)]
        goal(f"orders on {name} / {bare}, median round", statistics.median(ratios), limit, at_least=True)
    oversold = hall.asked("SELECT count(*) FROM bookings_slot WHERE taken > capacity")
    say(f"  oversold slots: {oversold}; orders in the database: {hall.asked('SELECT count(*) FROM bookings_order')}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        work(sys.argv[1])
    else:
        from .__main__ import goal, say

        with Hall() as opened:
            measure(opened, say, goal)
