"""Seats sold to many clients at once, paid through the sandbox, some left unpaid so that they are sold again.

``python -m drills.bookings [--seats 25000] [--clients 200] [--processes 2] [--seed N] [--minutes 20] [--control]``
starts a PostgreSQL of its own. Each client is a thread with its own connection and buys until nothing is left. Orders
are written together within a process, so that the processes meet at the slots. Counted at the end, from the tickets and
the ledger: oversold slots, seats given twice, payments that no ticket stands for. The control takes the slot's lock
away, in the statement and in the database, and must oversell.
"""

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from .seats import YEN, Result, count

GUARDS = "slot-lock,slot-guard"
CONTROL_SEATS = 1_000
"""The control sells no more than these, so that a minute is enough to oversell them."""


class Bar(NamedTuple):
    """A progress bar, drawn by one process for all."""

    orders: int
    processes: int

    def __call__(self, paid: int) -> None:
        if paid % 25 == 0:
            done = paid * self.processes
            filled = min(40 * done // self.orders, 40)
            print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done} paid", end="", file=sys.stderr, flush=True)


def _bar(seats: int, processes: int) -> Bar:
    return Bar(max(seats * 2 // 5, 1), processes)  # an order has two and a half places on average


Sold = tuple[Counter[str], list[str]]
"""What clients did, and their failures."""


@dataclass
class Sale:
    """What the clients of a process share."""

    slots: list[Any]
    until: float
    bar: Bar | None
    did: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        """Count what a client did."""
        with self.turn:
            self.did[what] += 1
            if self.bar:
                self.bar(self.did["paid"])


def drill(
    *, seats: int, clients: int, seed: int, slots: int = 5, seconds: float = 1200, processes: int = 1,
    shows: bool = False,
) -> Result:  # fmt: skip
    """Sell `seats` over `slots` to `clients` threads of so many processes, in the database that Django is connected to.

    Other processes than this one find it by the environment.
    """
    result = Result(seed, seats, clients)
    began = time.monotonic()
    sell = partial(_sell, _slots(seats, slots), seed, seconds, _bar(seats, processes) if shows else None)
    shares = [range(first, clients, processes) for first in range(processes)]
    for did, failures in _in_processes(sell, shares) if processes > 1 else map(sell, shares):
        result.did += did
        result.failures += failures
    result.seconds = time.monotonic() - began
    count(result)
    return result


def _in_processes(sell: Callable[[range], Sold], shares: list[range]) -> list[Sold]:
    import django

    spawn = multiprocessing.get_context("spawn")  # a fork would share this process's connection
    with ProcessPoolExecutor(len(shares), spawn, django.setup) as pool:
        return list(pool.map(sell, shares))


def _sell(slots: list[Any], seed: int, seconds: float, bar: Bar | None, share: range) -> Sold:
    """This process's share of the clients, each a thread with its own connection."""
    sale = Sale(slots, time.monotonic() + seconds, bar if 0 in share else None)
    threads = [threading.Thread(target=_client, args=(sale, seed * 1000 + n)) for n in share]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sale.did, sale.failures


def _slots(seats: int, count: int) -> list[Any]:
    from django.utils import timezone

    from madoguchi.bookings.models import Slot

    now = timezone.now()
    starts = [now + timedelta(days=1, hours=n) for n in range(count)]
    sizes = [seats // count + (n < seats % count) for n in range(count)]
    made = [
        Slot(facility="drill", offer="entry", starts_at=start, ends_at=start + timedelta(hours=1), opens_at=now,
             capacity=size)
        for start, size in zip(starts, sizes, strict=True)
    ]  # fmt: skip
    return Slot.objects.bulk_create(made)


def _client(sale: Sale, seed: int) -> None:
    from django.db import connection

    rng, number = random.Random(seed), 0
    try:
        while time.monotonic() < sale.until and (slot := _open_slot(sale, rng)) is not None:
            number += 1
            _buy(sale, slot, rng, f"drill-{seed}-{number}")
    except Exception as raised:
        sale.failures.append(f"{type(raised).__name__}: {raised}"[:300])
    finally:
        connection.close()


def _open_slot(sale: Sale, rng: random.Random) -> Any:
    """A slot with something left, the first one oftener: it is the hot one."""
    from django.db.models import F

    from madoguchi.bookings.models import Slot

    found = list(Slot.objects.filter(pk__in=[one.pk for one in sale.slots], taken__lt=F("capacity")))
    if found:
        return found[0] if rng.random() < 0.5 else rng.choice(found)
    return None if _all_ended() else _swept(sale, rng)


def _all_ended() -> bool:
    from madoguchi.bookings.models import Order

    return not Order.objects.filter(state="held").exists()


def _swept(sale: Sale, rng: random.Random) -> Any:
    """What was left unpaid is given back, then sold again."""
    from madoguchi.bookings.sales import holds
    from madoguchi.people.actor import worker

    holds.let_go(by=worker("drill"))
    time.sleep(0.01)  # somebody else holds the last places: look again a little later
    return sale.slots[rng.randrange(len(sale.slots))]


def _buy(sale: Sale, slot: Any, rng: random.Random, key: str) -> None:
    from madoguchi.bookings.sales.actions import order
    from madoguchi.bookings.sales.selling import Place
    from madoguchi.people.actor import PUBLIC
    from madoguchi.platform.refusing import ActionRefused

    pays = rng.random() < 0.9
    people = min(rng.randint(1, 4), max(slot.capacity - slot.taken, 1))
    places = [Place("adult", 1, YEN)] * people
    try:
        made = order(slot=slot, places=places, label="訓練", office="drill", key=key, by=PUBLIC,
                     hold=timedelta(minutes=30) if pays else timedelta(0))  # fmt: skip
    except ActionRefused:
        sale.note("refused")
        return
    sale.note("ordered" if pays else "left unpaid")
    if pays:
        _pay(made, rng)
        sale.note("paid")


def _pay(made: Any, rng: random.Random) -> None:
    """At the sandbox's checkout; its notification comes once or twice, then the worker confirms."""
    from django.utils import timezone

    from madoguchi.bookings.sales import holds
    from madoguchi.payments.models import SandboxPayment
    from madoguchi.payments.paying import actions
    from madoguchi.payments.paying.providers.sandbox import told
    from madoguchi.people.actor import PUBLIC, worker

    attempt = actions.start(charge=made.charge, provider="sandbox", language="ja", by=PUBLIC)
    theirs = SandboxPayment.objects.get(reference=attempt.provider_reference)
    theirs.state, theirs.at = "paid", timezone.now()
    theirs.save(update_fields=["state", "at"])
    headers, body = told(f"event:{theirs.reference}:paid", theirs, "paid")
    for _time in range(rng.choice([1, 1, 1, 2])):
        actions.receive(provider="sandbox", headers=headers, body=body)
    holds.confirm(order=made.pk, by=worker("drill"))


def _without_lock(owner: str) -> None:
    """The control's database: neither the count nor the seats are guarded."""
    import psycopg

    os.environ["MADOGUCHI_LOCKS_OFF"] = GUARDS
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ALTER TABLE bookings_slot DROP CONSTRAINT slot_not_oversold")
        connection.execute("DROP INDEX ticket_no_double_seat")


def _server(folder: Path, clients: int) -> tuple[Any, str]:
    """A PostgreSQL that takes so many connections."""
    import psycopg

    from madoguchi.config.database import roles

    server, url = roles.start_embedded(folder)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {clients + 20}")
    server.cleanup()
    return roles.start_embedded(folder)


def main() -> int:
    """Start a database, run, print; 0 when everything held (with --control: when it was oversold)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, default=25_000)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2, help="orders are written together within each")
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    from madoguchi.config.database import roles

    with tempfile.TemporaryDirectory(prefix="madoguchi-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server, url = _server(Path(folder) / "pg", asked.clients)
        try:
            owner = roles.ensure_database(url, "madoguchi")
            roles.migrate(owner)
            os.environ |= {"MADOGUCHI_HOME": f"{folder}/home", "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
            os.environ["DATABASE_URL"] = roles.with_parts(owner, user=roles.APP_ROLE)
            if asked.control:
                _without_lock(owner)
            import django

            django.setup()
            minutes = min(asked.minutes, 1) if asked.control else asked.minutes  # its slots never fill up
            seats = min(asked.seats, CONTROL_SEATS) if asked.control else asked.seats
            result = drill(seats=seats, clients=asked.clients, seed=asked.seed, seconds=minutes * 60,
                           processes=asked.processes, shows=True)  # fmt: skip
        finally:
            server.cleanup()
    print(f"\n{result}")
    return 0 if (result.oversold > 0 if asked.control else result.is_sound) else 1


if __name__ == "__main__":
    sys.exit(main())
