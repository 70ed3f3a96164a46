"""The record: events are appended under the case's lock, chained by hash, never changed.

Kinds (the word the timeline, the audit and the figures share):
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from madoguchi.foundation import record
from madoguchi.people.actor import Actor

from .models import Case, Event, payload_of

KINDS: Mapping[str, str] = {
    "submitted": "the application arrived (到達); data: filing, channel, seconds, invented, as_written (lifted)",
    "email-confirmed": "the applicant confirmed the e-mail address",
    "read": "an officer opened the file; shown to the applicant",
    "task-taken": "an officer took the case; data: officer",
    "moved": "a step ended; data: from, outcome, to",
    "correction-asked": "補正を求めた; data: correction, questions",
    "correction-answered": "the applicant answered; data: correction, filing, channel, unchanged",
    "consulted": "another office was asked; data: consultation, office",
    "consultation-answered": "it answered; data: consultation",
    "note-added": "a colleague's note",
    "checked": "a line of the check list was ticked; data: step, item",
    "unchecked": "and unticked",
    "drafted": "起案; data: draft, result",
    "approved": "決裁 by one position; data: draft, position, deputy",
    "sent-back": "差戻し; data: draft",
    "decided": "the decision; data: decision, result, number",
    "issued": "施行: the document exists; data: credential, sha256",
    "delivered": "the document was downloaded by the applicant or handed over; data: credential, by",
    "document-withdrawn": "the document was withdrawn (取消); data: credential",
    "withdrawn": "取下げ by the applicant; data: channel",
    "closed": "完結",
    "invited": "a QR or mail link was made; data: purpose",
    "entered": "somebody used the case key on a new device",
    "rated": "the service was rated; data: score",
    "mailed": "a letter left; data: letter",
    "letter-withheld": "and one did not: nobody has confirmed the address, and it got one before; data: event, letter",
    "fee-noted": "the fee was worked out; data: yen",
    "charged": "a fee is asked for, or more of it; data: charge, due, yen",
    "paid": "a payment came in (納付); data: charge, due, yen, provider",
    "reduced": "less is asked for (減免 or 減額); data: charge, due, yen, kind",
    "refunded": "money was paid back (還付); data: charge, due, yen, provider",
    "written-off": "不納欠損; data: charge, due, yen",
    "payment-lapsed": "the fee was not paid in time; data: charge, due, yen",
    "appointment-made": "a visit or call was booked; data: order, at, way",
    "appointment-moved": "it was moved; data: order, at, way",
    "appointment-cancelled": "it was cancelled; data: order, at, way",
    "arrived": "the visitor came; data: order, at, way",
    "called": "and was called to a desk; data: order, at, way",
    "purged": "personal data was removed after the retention period",
}
FOLLOWED = frozenset({"submitted", "correction-asked", "correction-answered", "issued", "withdrawn"})


def lock(case: Case) -> Case:
    """The case row, locked until the transaction ends; every writer takes it first."""
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def append(case: Case, kind: str, *, by: Actor, data: Mapping[str, Any] | None = None) -> Event:
    """Append one event to a locked case and defer what follows, all in the caller's transaction."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not an event kind: add it to cases/events.py with its meaning")
    event = first(case, kind, by=by, data=data, seq=case.last_seq + 1, previous=case.last_hash)
    event.save(force_insert=True)
    case.last_seq, case.last_hash = event.seq, event.hash
    case.save(update_fields=["last_seq", "last_hash"])
    if kind in FOLLOWED:
        follow(event)
    return event


def first(
    case: Case,
    kind: str,
    *,
    by: Actor,
    data: Mapping[str, Any] | None = None,
    seq: int = 1,
    previous: str | None = None,
) -> Event:
    """An event, chained but not stored. The first one chains to the genesis hash."""
    event = Event(
        case=case,
        seq=seq,
        kind=kind,
        at=timezone.now(),
        actor_kind=by.kind,
        actor_code=by.code,
        data=dict(data or {}),
        previous=previous if previous is not None else record.GENESIS,
    )
    event.hash = record.link(event.previous, event.payload)
    return event


def first_row(case: UUID, kind: str, *, by: Actor, data: Mapping[str, Any]) -> dict[str, Any]:
    """The first event of a case that is written with it, as a row, chained to the genesis hash."""
    event = {
        "case_id": case,
        "seq": 1,
        "kind": kind,
        "at": timezone.now(),
        "actor_kind": by.kind,
        "actor_code": by.code,
        "data": data,
        "previous": record.GENESIS,
    }
    return {**event, "hash": record.link(record.GENESIS, payload_of(event))}


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
