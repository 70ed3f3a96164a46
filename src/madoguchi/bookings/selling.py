"""An order as one SQL statement, hence one durable transaction in one round trip (ADR 0017):

order → charge and its first ledger line → places of the slot → tickets with their numbers. The slot's row is locked by
the UPDATE near the end, so that it is held for little more than the commit. If there are too few places when the lock
comes, the CHECK constraint `slot_not_oversold` refuses the whole statement.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import IntegrityError, connection, models, transaction

from madoguchi.applications.intake import inserting, planned_once, row_of
from madoguchi.foundation.failpoints import switched_off
from madoguchi.foundation.identifiers import new_id
from madoguchi.payments.models import Charge, Entry

from .format import APPOINTMENT
from .models import Order

NOT_OVERSOLD = "slot_not_oversold"


class Place(NamedTuple):
    """One ticket wanted: whom it admits and what it costs in yen."""

    category: str
    people: int
    yen: int


@cache
def _statement(locked: bool, guarded: bool) -> str:
    """The statement; the two switches are for the controls of the fault tests only."""
    seen = "WHERE EXISTS (SELECT FROM seen)"
    fits = "AND taken + (rows->>'places')::int <= capacity" if guarded else ""
    before = "slot" if locked else "free"  # without the lock: what the snapshot said, so that sales get lost
    return f"""
WITH sent AS (SELECT %s::jsonb AS rows),
     free AS (SELECT id, taken, issued FROM bookings_slot, sent
              WHERE id = (rows->>'slot')::uuid AND NOT is_closed AND opens_at <= (rows->>'now')::timestamptz
                AND CASE offer WHEN '{APPOINTMENT}' THEN starts_at ELSE LEAST(ends_at, starts_at + interval '12 hours')
                    END > (rows->>'now')::timestamptz {fits}),
     seen AS ({inserting(Order, "WHERE EXISTS (SELECT FROM free)", "ON CONFLICT (key) DO NOTHING RETURNING id")}),
     charged AS ({inserting(Charge, f"{seen} AND (SELECT rows ? 'Charge' FROM sent)", "RETURNING id")}),
     owed AS ({inserting(Entry, "WHERE EXISTS (SELECT FROM charged)", "RETURNING id")}),
     given AS (UPDATE bookings_slot AS slot SET taken = {before}.taken + (rows->>'places')::int,
                      issued = {before}.issued + (rows->>'places')::int
               FROM sent, free WHERE slot.id = free.id AND EXISTS (SELECT FROM seen)
                 AND (SELECT count(*) FROM owed) >= 0  -- written before the slot is locked
               RETURNING slot.id, slot.issued - (rows->>'places')::int AS already),
     issued AS (INSERT INTO bookings_ticket (id, order_id, slot_id, category, people, yen, number)
                SELECT (ticket->>0)::uuid, seen.id, given.id, ticket->>1, (ticket->>2)::int, (ticket->>3)::int,
                       given.already + (ticket->>4)::int
                FROM given, seen, sent, jsonb_array_elements(rows->'tickets') AS ticket)
SELECT id FROM given
"""  # noqa: S608 - names of our own tables and columns


def sell(
    *, order: Order, places: Sequence[Place], now: datetime, charge: Charge | None = None, entry: Entry | None = None
) -> bool:
    """Write everything, or nothing (False): the key was seen before, or the slot is full, closed or not on sale."""
    written: list[models.Model] = [one for one in (order, charge, entry) if one is not None]
    rows = {type(one).__name__: row_of(one) for one in written}
    sent = {**rows, "slot": order.slot_id, "now": now, "places": sum(p.people for p in places), "tickets": _of(places)}
    statement = _statement(not switched_off("slot-lock"), not switched_off("slot-guard"))
    try:
        if not connection.in_atomic_block:
            return _run(statement, sent)
        with transaction.atomic():  # a refusal must not spoil the caller's transaction
            return _run(statement, sent)
    except IntegrityError as refused:
        if NOT_OVERSOLD not in str(refused):
            raise
        return False


def _run(statement: str, sent: dict[str, object]) -> bool:
    with planned_once() as cursor:
        cursor.execute(statement, [json.dumps(sent, ensure_ascii=False, default=str)])
        return cursor.fetchone() is not None


def _of(places: Sequence[Place]) -> list[list[object]]:
    """Each ticket with the number of its first place within the order."""
    tickets: list[list[object]] = []
    number = 1
    for place in places:
        tickets.append([new_id(), place.category, place.people, place.yen, number])
        number += place.people
    return tickets
