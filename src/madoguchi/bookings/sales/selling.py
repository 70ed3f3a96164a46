"""Orders as one SQL statement, hence one durable transaction in one round trip (ADR 0017):

orders → charges and their first ledger lines → places of the slots → tickets with their numbers. Orders that come while
a statement runs go into the next one together (ADR 0032). Slots are locked, in one order, only after everything that
does not need them, so that they are held for little more than the commit. If there are too few places when the lock
comes, the CHECK constraint `slot_not_oversold` refuses the whole statement, and each order is tried alone.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import DatabaseError, IntegrityError, connection, transaction

from madoguchi.foundation.identifiers import new_id
from madoguchi.payments.ledger.opening import Opening, opened_where, sent
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.sql.rows import inserting, row
from madoguchi.platform.sql.statements import planned_once
from madoguchi.platform.together import Together

from ..kinds import APPOINTMENT
from ..models import Order, Ticket
from .letters import TASK

NOT_OVERSOLD = "slot_not_oversold"


class Place(NamedTuple):
    """One ticket wanted: whom it admits and what it costs in yen."""

    category: str
    people: int
    yen: int


class Sale(NamedTuple):
    """An order to be written, as rows; free ones open no charge. `letter`: what the job is given that writes to it."""

    order: dict[str, Any]
    places: Sequence[Place]
    opens: Opening | None
    letter: dict[str, Any] | None = None


class Sold(NamedTuple):
    """What was written: how full the slot is now, and the tickets as rows."""

    capacity: int
    taken: int
    tickets: Sequence[dict[str, Any]]


NOT_SOLD = Sold(0, 0, ())


@cache
def _statement(locked: bool, guarded: bool) -> str:
    """The statement; the two switches are for the controls of the fault tests only."""
    fits = "AND taken + people <= capacity" if guarded else ""
    lock = "FOR NO KEY UPDATE OF slot" if locked else ""  # without it: what the snapshot said, so that sales get lost
    return f"""
WITH wanted AS (SELECT id
                FROM unnest(%(slots)s::uuid[], %(people)s::int[]) AS asked(id, people) JOIN bookings_slot USING (id)
                WHERE NOT is_closed AND opens_at <= %(now)s
                  AND CASE offer WHEN '{APPOINTMENT}' THEN starts_at
                      ELSE LEAST(ends_at, starts_at + interval '12 hours') END > %(now)s {fits}),
     seen AS ({inserting(Order, "WHERE slot_id IN (SELECT id FROM wanted)", "ON CONFLICT (key) DO NOTHING")}
              RETURNING id, slot_id, charge_id),
     {opened_where("id IN (SELECT charge_id FROM seen)")},
     place AS (SELECT ticket.id, order_id, slot_id, category, people, yen,
                      sum(people) OVER (PARTITION BY slot_id ORDER BY ticket.id) - people AS before
               FROM json_to_recordset(%(tickets)s)
                    AS ticket(id uuid, order_id uuid, category text, people int, yen int)
                    JOIN seen ON seen.id = order_id),
     queued AS (SELECT procrastinate_defer_jobs_v1(array_agg(
                       ROW('default', '{TASK}', 0, NULL, NULL, args, NULL)::procrastinate_job_to_defer_v1)) AS jobs
                FROM jsonb_array_elements(%(letters)s) AS letter(args)
                     JOIN seen ON seen.id = (args->>'order_id')::uuid
                HAVING count(*) > 0),
     total AS (SELECT slot_id, sum(people) AS people FROM place GROUP BY slot_id),
     turn AS (SELECT slot.id, people, slot.taken, slot.issued
              FROM total JOIN bookings_slot AS slot ON slot.id = slot_id
              -- all that needs no slot is written before one is locked:
              WHERE (SELECT count(*) FROM owed) + (SELECT count(jobs) FROM queued) >= 0
              ORDER BY slot.id {lock}),
     given AS (UPDATE bookings_slot AS slot SET taken = turn.taken + people, issued = turn.issued + people
               FROM turn WHERE slot.id = turn.id
               RETURNING slot.id, slot.capacity, slot.taken, turn.issued AS already),
     issued AS (INSERT INTO bookings_ticket (id, order_id, slot_id, category, people, yen, number)
                SELECT place.id, order_id, slot_id, category, people, yen, already + place.before + 1
                FROM given JOIN place ON slot_id = given.id
                RETURNING order_id, number)
SELECT seen.id, capacity, taken, (SELECT min(number) FROM issued WHERE order_id = seen.id)
FROM seen JOIN given ON given.id = slot_id
"""  # noqa: S608 - names of our own tables and columns


def sell(sale: Sale) -> Sold | None:
    """Write everything, or nothing (None): the key was seen before, or the slot is full, closed or not on sale.

    Raises IntegrityError where another constraint refuses it.
    """
    goes_alone = connection.in_atomic_block or switched_off("slot-lock")
    sold = _alone(sale) if goes_alone else _together(sale)
    return sold if sold.tickets else None


def _alone(sale: Sale) -> Sold:
    try:
        if not connection.in_atomic_block:
            return _written([sale]).get(sale.order["id"], NOT_SOLD)
        with transaction.atomic():  # a refusal must not spoil the caller's transaction
            return _written([sale]).get(sale.order["id"], NOT_SOLD)
    except IntegrityError as refused:
        if NOT_OVERSOLD not in str(refused):
            raise
        return NOT_SOLD


def _all(sales: Sequence[Sale]) -> list[Sold | BaseException]:
    """What was written of each: in one statement all that surely can be, then the others one by one."""
    try:
        written = _written(sales) if len(sales) > 1 else {}
    except DatabaseError:
        written = {}
    return [written.get(sale.order["id"]) or _answer(sale) for sale in sales]


def _answer(sale: Sale) -> Sold | BaseException:
    try:
        return _alone(sale)
    except Exception as fault:
        return fault


_together = Together(_all)


def _written(sales: Sequence[Sale]) -> dict[UUID, Sold]:
    """Write orders in one statement: what was sold, by the ids of those that were written."""
    people = Counter[UUID]()
    for sale in sales:
        people[sale.order["slot_id"]] += sum(place.people for place in sale.places)
    tickets = {sale.order["id"]: _tickets(sale) for sale in sales}
    parameters = {
        "slots": list(people),
        "people": list(people.values()),
        "now": max(sale.order["made_at"] for sale in sales),
        "Order": _json(sorted((sale.order for sale in sales), key=itemgetter("key"))),  # two processes never cross
        **{name: _json(rows) for name, rows in sent(sale.opens for sale in sales if sale.opens).items()},
        "tickets": _json([ticket for sale in sales for ticket in tickets[sale.order["id"]]]),
        "letters": _json([sale.letter for sale in sales if sale.letter]),
    }
    statement = _statement(not switched_off("slot-lock"), not switched_off("slot-guard"))
    with planned_once() as cursor:
        cursor.execute(statement, parameters)
        return {pk: Sold(capacity, taken, _numbered(tickets[pk], first)) for pk, capacity, taken, first in cursor}


def _tickets(sale: Sale) -> list[dict[str, Any]]:
    order = sale.order
    made = [
        row(Ticket, id=new_id(), order_id=order["id"], slot_id=order["slot_id"], category=place.category,
            people=place.people, yen=place.yen)
        for place in sale.places
    ]  # fmt: skip
    return sorted(made, key=itemgetter("id"))  # in the order in which the statement numbers them


def _numbered(tickets: list[dict[str, Any]], first: int) -> list[dict[str, Any]]:
    """The tickets as they were written: each with the number after the people of the one before."""
    for one in tickets:
        one["number"], first = first, first + one["people"]
    return tickets


def _json(rows: object) -> str:
    return orjson.dumps(rows).decode()  # five times as fast as json, which would need a fifth of an order's time
