"""Seats sold to many clients at once, paid through the sandbox, some left unpaid so that they are sold again.

``python -m drills.bookings [--seats 25000] [--clients 200] [--seed N] [--minutes 20] [--control]`` starts a PostgreSQL
of its own. Each client is a thread with its own connection and buys until nothing is left. Counted at the end, from
the tickets and the ledger: oversold slots, seats given twice, payments that no ticket stands for. The control takes the
lock of the slot away, in the statement and in the database, and must oversell.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

GUARDS = "slot-lock,slot-guard"
YEN = 500
CONTROL_SEATS = 1_000
"""The control sells no more than these, so that a minute is enough to oversell them."""
DOUBLE = """
SELECT count(*) FROM (
  SELECT slot_id, seat FROM bookings_ticket, generate_series(number, number + people - 1) AS seat
  WHERE cancelled_at IS NULL GROUP BY slot_id, seat HAVING count(*) > 1) AS twice
"""
SOLD = """
SELECT slot.capacity, slot.taken, COALESCE(sum(ticket.people) FILTER (WHERE ticket.cancelled_at IS NULL), 0)
FROM bookings_slot AS slot LEFT JOIN bookings_ticket AS ticket ON ticket.slot_id = slot.id GROUP BY slot.id
"""
LEDGER = """
SELECT (SELECT COALESCE(sum(yen) FILTER (WHERE kind = 'paid'), 0) FROM payments_entry),
       (SELECT COALESCE(sum(ticket.yen), 0) FROM bookings_ticket AS ticket JOIN bookings_order AS sold
        ON sold.id = ticket.order_id WHERE sold.state = 'confirmed' AND ticket.cancelled_at IS NULL),
       (SELECT count(*) FROM payments_charge AS charge JOIN bookings_order AS sold ON sold.charge_id = charge.id
        WHERE sold.state = 'confirmed' AND (charge.paid <> charge.owed OR charge.paid = 0))
"""


@dataclass
class Result:
    """What a drill counted."""

    seed: int
    seats: int
    clients: int
    did: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    sold: int = 0
    oversold: int = 0
    miscounted: int = 0
    double_seats: int = 0
    unaccounted: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether everything that must hold did, and every seat was sold."""
        wrong = self.oversold or self.miscounted or self.double_seats or self.unaccounted or self.failures
        return not wrong and self.sold == self.seats

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.seats:,} seats, {self.clients} clients, {dict(self.did)}, {self.seconds:.0f} s\n"
            f"sold {self.sold:,}, oversold {self.oversold}, slots counted wrongly {self.miscounted}, double seats "
            f"{self.double_seats}, payments unaccounted {self.unaccounted}, failures {len(self.failures)}"
            f" {self.failures[:1]}: {'sound' if self.is_sound else 'NOT SOUND'}"
        )


@dataclass
class Sale:
    """What the clients share."""

    slots: list[Any]
    until: float
    result: Result
    progress: Callable[[int], None]
    turn: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        """Count what a client did."""
        with self.turn:
            self.result.did[what] += 1
            self.progress(self.result.did["paid"])


def drill(
    *, seats: int, clients: int, seed: int, slots: int = 5, seconds: float = 1200,
    progress: Callable[[int], None] = lambda _n: None,
) -> Result:  # fmt: skip
    """Sell `seats` over `slots` to `clients` threads, in the database that Django is connected to."""
    result = Result(seed, seats, clients)
    began = time.monotonic()
    sale = Sale(_slots(seats, slots), began + seconds, result, progress)
    threads = [threading.Thread(target=_client, args=(sale, seed * 1000 + n)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds = time.monotonic() - began
    _count(result)
    return result


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
        sale.result.failures.append(f"{type(raised).__name__}: {raised}"[:300])
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
    from madoguchi.bookings import holds
    from madoguchi.people.actor import worker

    holds.let_go(by=worker("drill"))
    time.sleep(0.01)  # somebody else holds the last places: look again a little later
    return sale.slots[rng.randrange(len(sale.slots))]


def _buy(sale: Sale, slot: Any, rng: random.Random, key: str) -> None:
    from madoguchi.bookings.actions import order
    from madoguchi.bookings.selling import Place
    from madoguchi.cases.actions import ActionRefused
    from madoguchi.people.actor import PUBLIC

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

    from madoguchi.bookings import holds
    from madoguchi.payments import actions
    from madoguchi.payments.models import SandboxPayment
    from madoguchi.payments.providers.sandbox import told
    from madoguchi.people.actor import PUBLIC, worker

    attempt = actions.start(charge=made.charge, provider="sandbox", language="ja", by=PUBLIC)
    theirs = SandboxPayment.objects.get(reference=attempt.provider_reference)
    theirs.state, theirs.at = "paid", timezone.now()
    theirs.save(update_fields=["state", "at"])
    headers, body = told(f"event:{theirs.reference}:paid", theirs, "paid")
    for _time in range(rng.choice([1, 1, 1, 2])):
        actions.receive(provider="sandbox", headers=headers, body=body)
    holds.confirm(order=made.pk, by=worker("drill"))


def _count(result: Result) -> None:
    from django.db import connection

    from madoguchi.payments.queries import unsound

    with connection.cursor() as cursor:
        cursor.execute(SOLD)
        rows = cursor.fetchall()
        cursor.execute(DOUBLE)
        (result.double_seats,) = cursor.fetchone()
        cursor.execute(LEDGER)
        came, stands_for, unpaid = cursor.fetchone()
    result.sold = sum(people for _capacity, _taken, people in rows)
    result.oversold = sum(max(people - capacity, 0) for capacity, _taken, people in rows)
    result.miscounted = sum(taken != people for _capacity, taken, people in rows)
    result.unaccounted = abs(came - stands_for) // YEN + unpaid + len(unsound())


def _bar(seats: int) -> Callable[[int], None]:
    orders = seats * 2 // 5  # an order has two and a half places on average

    def show(done: int) -> None:
        if done % 50 == 0:
            filled = min(40 * done // max(orders, 1), 40)
            print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done} paid", end="", file=sys.stderr, flush=True)

    return show


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

    from madoguchi.config import database

    server, url = database.start_embedded(folder)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {clients + 20}")
    server.cleanup()
    return database.start_embedded(folder)


def main() -> int:
    """Start a database, run, print; 0 when everything held (with --control: when it was oversold)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, default=25_000)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    from madoguchi.config import database

    with tempfile.TemporaryDirectory(prefix="madoguchi-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server, url = _server(Path(folder) / "pg", asked.clients)
        try:
            owner = database.ensure_database(url, "madoguchi")
            database.migrate(owner)
            os.environ |= {"MADOGUCHI_HOME": f"{folder}/home", "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
            os.environ["DATABASE_URL"] = database.with_parts(owner, user=database.APP_ROLE)
            if asked.control:
                _without_lock(owner)
            import django

            django.setup()
            minutes = min(asked.minutes, 1) if asked.control else asked.minutes  # its slots never fill up
            seats = min(asked.seats, CONTROL_SEATS) if asked.control else asked.seats
            result = drill(seats=seats, clients=asked.clients, seed=asked.seed, seconds=minutes * 60,
                           progress=_bar(asked.seats))  # fmt: skip
        finally:
            server.cleanup()
    print(f"\n{result}")
    return 0 if (result.oversold > 0 if asked.control else result.is_sound) else 1


if __name__ == "__main__":
    sys.exit(main())
