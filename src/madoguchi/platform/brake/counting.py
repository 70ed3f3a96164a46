"""Counting and judging in one statement, in a transaction of its own, so that nobody waits for anybody's commit.

A row says how far ahead of the clock somebody is: each request moves `until` by its share of the limit's seconds, and
time passing takes it back. Who would get further ahead than the whole limit is refused, and that is not counted
(GCRA, the leaky bucket of ITU-T I.371). The table is not logged: after a crash everybody begins anew.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ..failpoints import switched_off
from ..sql.statements import planned_once
from .limits import Limit
from .sender import hashed

_COUNT: Final = """
INSERT INTO people_tally AS tally (key, until, most, refused)
SELECT key, %(now)s + cost, most, false
FROM unnest(%(keys)s::uuid[], %(costs)s::interval[], %(rooms)s::interval[]) AS asked (key, cost, most)
ON CONFLICT (key) DO UPDATE
SET refused = GREATEST(tally.until, %(now)s) + (EXCLUDED.until - %(now)s) > %(now)s + EXCLUDED.most,
    until = CASE WHEN GREATEST(tally.until, %(now)s) + (EXCLUDED.until - %(now)s) > %(now)s + EXCLUDED.most
                 THEN tally.until ELSE GREATEST(tally.until, %(now)s) + (EXCLUDED.until - %(now)s) END,
    most = EXCLUDED.most
RETURNING key, until, refused
"""
_GIVE_BACK: Final = """
UPDATE people_tally SET until = until - cost
FROM unnest(%(keys)s::uuid[], %(costs)s::interval[]) AS asked (asked_key, cost) WHERE key = asked_key
"""


class Asked(NamedTuple):
    """So much of a limit, by somebody: an address of the network or of a person."""

    limit: Limit
    subject: str
    amount: int = 1

    @property
    def key(self) -> UUID:
        """Its row."""
        return hashed(self.limit.code, self.subject)

    @property
    def cost(self) -> timedelta:
        """What it moves the row by: the share of the limit's seconds that the amount is of the limit."""
        most = self.limit.most if self.limit.fixed else max(self.limit.most * settings.BRAKE / 100, 1e-9)
        return timedelta(seconds=self.limit.seconds * min(self.amount / most, 2))  # twice the room is refused as well

    @property
    def room(self) -> timedelta:
        """How far ahead the row may be."""
        return timedelta(seconds=self.limit.seconds)


class Braked(Exception):
    """Too much came; `until` is when it goes on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def count(asked: Iterable[Asked]) -> Braked | None:
    """Count what is asked for; when it is too much, when it goes on. What is refused is not counted."""
    every = {one.key: one for one in asked if one.amount > 0}
    if not every or not settings.BRAKE or switched_off("brake"):
        return None
    now = timezone.now()
    if any(one.cost > one.room for one in every.values()):
        return Braked(now + max(one.room for one in every.values()))
    refused = [until + every[key].cost - every[key].room for key, until in _counted(every, now)]
    return Braked(max(refused)) if refused else None


def _counted(every: dict[UUID, Asked], now: datetime) -> list[tuple[UUID, datetime]]:
    """The rows that were full, with how far they are; locked in one order, so that two never wait for each other."""
    given = sorted(every.items())
    sent = {
        "now": now, "keys": [key for key, _one in given], "costs": [one.cost for _key, one in given],
        "rooms": [one.room for _key, one in given],
    }  # fmt: skip
    with planned_once() as cursor:
        cursor.execute(_COUNT, sent)
        return [(key, until) for key, until, is_refused in cursor.fetchall() if is_refused]


def give_back(asked: Iterable[Asked]) -> None:
    """Take back what was counted, of somebody who turned out to be no stranger."""
    given = sorted((one.key, one.cost) for one in asked)
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"keys": [key for key, _cost in given], "costs": [cost for _key, cost in given]})


def sweep() -> None:
    """Forget everybody who is as at the start."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_tally WHERE until < %s", [timezone.now()])
