"""The record: events are appended under the case's lock, chained by hash, never changed. `kinds` lists the kinds."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from procrastinate.contrib.django import app

from madoguchi.foundation import record
from madoguchi.people.actor import Actor
from madoguchi.platform.sql.rows import instance, read
from madoguchi.platform.sql.statements import answer, planned_once

from .kinds import KINDS
from .models import Case, Event, payload_of

# An event and the case that it is the last of, at once.
_APPEND: Final = """
WITH appended AS (
  INSERT INTO cases_event (case_id, seq, kind, at, actor_kind, actor_code, data, previous, hash)
  VALUES (%(case_id)s, %(seq)s, %(kind)s, %(at)s, %(actor_kind)s, %(actor_code)s, %(json)s::jsonb, %(previous)s,
          %(hash)s)
  RETURNING id)
UPDATE cases_case SET last_seq = %(seq)s, last_hash = %(hash)s WHERE id = %(case_id)s
RETURNING (SELECT id FROM appended)
"""


def lock(case: Case) -> Case:
    """The case row, locked until the transaction ends; every writer takes it first."""
    return locked(case.pk)


def locked(case: UUID) -> Case:
    """The same by its id. Raises Case.DoesNotExist."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a lock without a transaction ends at once")
    for found in read(Case, "WHERE id = %s FOR UPDATE", [case]):
        return found
    raise Case.DoesNotExist(case)


def append(case: Case, kind: str, *, by: Actor, data: Mapping[str, Any] | None = None) -> Event:
    """Append one event to a locked case and defer what follows, all in the caller's transaction."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not an event kind: declare it in cases/kinds.py")
    made = next_row(case.pk, kind, by=by, data=data, seq=case.last_seq + 1, previous=case.last_hash)
    with planned_once() as cursor:
        cursor.execute(_APPEND, {**made, "json": json.dumps(made["data"])})
        (number,) = cursor.fetchone()
    event = instance(Event, {"id": number, **made}, case=case)
    case.last_seq, case.last_hash = event.seq, event.hash
    if KINDS[kind].letter:
        follow(event)
    return event


def next_row(
    case: UUID,
    kind: str,
    *,
    by: Actor,
    data: Mapping[str, Any] | None = None,
    seq: int = 1,
    previous: str = record.GENESIS,
) -> dict[str, Any]:
    """An event as a row, chained but not stored. The first one chains to the genesis hash."""
    event = {
        "case_id": case,
        "seq": seq,
        "kind": kind,
        "at": timezone.now(),
        "actor_kind": by.kind,
        "actor_code": by.code,
        "data": dict(data or {}),
        "previous": previous,
    }
    return {**event, "hash": record.link(previous, payload_of(event))}


def follow(event: Event) -> None:
    """Queue the follow-up of an event in the same transaction (`sequence.py` says what it is)."""
    app.configure_task(name="madoguchi.follow", queueing_lock=None).defer(event_id=event.pk)


def verify(case: Case) -> int | None:
    """The sequence number of the first event that does not fit the chain; None when the record is whole."""
    events = list(case.events.order_by("seq"))
    broken = record.first_break([{"hash": e.hash, "previous": e.previous, "payload": e.payload} for e in events])
    if broken is not None:
        return events[broken].seq
    intact = bool(events) and events[-1].hash == case.last_hash and len(events) == case.last_seq
    return None if intact else case.last_seq


_IS_MAILED = """
SELECT EXISTS (SELECT FROM cases_event WHERE case_id = %s AND kind = 'mailed' AND data->'event' = to_jsonb(%s::bigint))
"""


def is_mailed(case: Case, event: Event) -> bool:
    """Whether what follows an event of a locked case was done: a `mailed` event says so."""
    return case.last_seq != event.seq and bool(answer(_IS_MAILED, [case.pk, event.pk]))
