"""The gate: what its phones load for the day, what they tell afterwards, and a ticket checked by the server itself."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from madoguchi.foundation.identifiers import new_secret
from madoguchi.foundation.text import is_blank
from madoguchi.people.actor import Actor
from madoguchi.platform.failpoints import switched_off

from ..facilities.directory import works_at
from ..models import Order, Scan, Slot, Ticket
from .issuing import EARLY, public_keys
from .ticket import Payload, State, check

MOST_SCANS = 500
"""Scans in one message; a phone that kept more sends several."""

LOOKED_BACK = 3
"""So many days tickets used twice are shown."""
ONE = timedelta(days=1)
PRINTABLE = r"^[^\x00-\x1f]*$"
LONGEST_NAME = 60
"""Of a gate, in characters."""


class Told(BaseModel):
    """One scan as a gate's phone tells it."""

    key: str = Field(pattern=r"^[0-9a-zA-Z:-]{8,80}$")
    ticket: UUID
    gate: Annotated[str, AfterValidator(lambda name: "" if is_blank(name) else name)] = Field(
        max_length=LONGEST_NAME, pattern=PRINTABLE
    )
    device: str = Field(min_length=1, max_length=40, pattern=PRINTABLE)
    at: AwareDatetime
    outcome: Literal["admitted", "undone", "again"]


class Message(BaseModel):
    """What a phone sends when it has a network."""

    scans: list[Told] = Field(max_length=MOST_SCANS)


class Twice(NamedTuple):
    """A ticket that was admitted on more than one device in a day: (gate, when) of each, in order."""

    ticket: Ticket
    entries: list[tuple[str, datetime]]


def midnight(now: datetime) -> datetime:
    """The beginning of the town's day."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def slots_of_day(facility: str, now: datetime) -> QuerySet[Slot]:
    """The slots whose tickets may be shown on this day."""
    start = midnight(now)
    return Slot.objects.filter(facility=facility, starts_at__lt=start + timedelta(days=1) + EARLY, ends_at__gte=start)


def day(facility: str, now: datetime) -> dict[str, Any]:
    """What a phone needs to work without a network; ids only, no names. Moments in milliseconds since 1970."""
    tickets = Ticket.objects.filter(slot__in=slots_of_day(facility, now))
    void = Q(cancelled_at__isnull=False) | ~Q(order__state=Order.State.CONFIRMED)
    entered = [(ticket, scan) for ticket, scans in _inside(_scans(facility, now)).items() for scan in scans[:1]]
    return {
        "now": milliseconds(now),
        "keys": {str(number): key.hex() for number, key in public_keys().items()},
        "tickets": [pk.hex for pk in tickets.exclude(void).values_list("pk", flat=True)],
        "cancelled": [pk.hex for pk in tickets.filter(void).values_list("pk", flat=True)],
        "admitted": [[ticket.hex, scan.gate, milliseconds(scan.at)] for ticket, scan in entered],
    }


def milliseconds(moment: datetime) -> int:
    """A moment as JavaScript counts it."""
    return int(moment.timestamp() * 1000)


def _scans(facility: str, now: datetime) -> QuerySet[Scan]:
    """The scans of the day that `now` belongs to."""
    start = midnight(now)
    return Scan.objects.filter(
        ticket__slot__facility=facility, at__gte=start, at__lt=start + ONE, outcome__in=["admitted", "undone"]
    )


def _inside(scans: QuerySet[Scan]) -> dict[UUID, list[Scan]]:
    """The admissions that were not undone, one of each device, the earliest first, by ticket."""
    last: dict[tuple[UUID, str], Scan] = {}
    for scan in scans.order_by("at", "pk"):
        last[scan.ticket_id, scan.device] = scan
    inside = defaultdict(list)
    for (ticket, _device), scan in last.items():
        if scan.outcome == "admitted":
            inside[ticket].append(scan)
    return {ticket: sorted(kept, key=lambda scan: scan.at) for ticket, kept in inside.items()}


def twice(facility: str, now: datetime) -> list[Twice]:
    """The tickets that two devices admitted on one of the last days: somebody should look. The newest day first.

    Days are looked back at, since a phone may tell its scans after midnight.
    """
    return [found for days in range(LOOKED_BACK) for found in _twice(facility, now - days * ONE)]


def _twice(facility: str, now: datetime) -> list[Twice]:
    found = _scans(facility, now)
    devices = found.values("ticket").annotate(devices=Count("device", distinct=True)).filter(devices__gt=1)
    inside = _inside(found.filter(ticket__in=devices.values("ticket")))
    several = {ticket: scans for ticket, scans in inside.items() if len(scans) > 1}
    tickets = Ticket.objects.select_related("slot").in_bulk(list(several))
    return [Twice(tickets[pk], [(scan.gate, scan.at) for scan in scans]) for pk, scans in several.items()]


def _must_work_at(facility: str, by: Actor) -> None:
    if not works_at(facility, by):
        raise PermissionDenied(f"only officers who run {facility} work at its gate")


@transaction.atomic
def tell(facility: str, scans: Iterable[Told], *, by: Actor) -> tuple[list[str], list[str]]:
    """Keep what a phone tells; (keys that are kept now, keys that cannot be). Safe to repeat: a key counts once.

    Refused are tickets of another facility or of nobody, and a key that came before with something else.
    """
    _must_work_at(facility, by)
    scans, now = list(scans), timezone.now()
    ours = Ticket.objects.filter(pk__in={scan.ticket for scan in scans}, slot__facility=facility)
    known = set(ours.values_list("pk", flat=True))
    rows = [_row(scan, now) for scan in scans if scan.ticket in known]
    Scan.objects.bulk_create(rows, ignore_conflicts=True)
    stored = Scan.objects.filter(key__in=[scan.key for scan in scans]).values_list("key", "ticket_id", "outcome")
    kept = {(key, ticket, outcome) for key, ticket, outcome in stored}
    told = {scan.key: (scan.key, scan.ticket, scan.outcome) in kept for scan in scans}
    return [key for key, held in told.items() if held], [key for key, held in told.items() if not held]


def _row(scan: Told, now: datetime) -> Scan:
    at = min(scan.at, now)  # nobody entered in the future, whatever a phone's clock says
    return Scan(
        ticket_id=scan.ticket, gate=scan.gate, device=scan.device, at=at, told_at=now, outcome=scan.outcome,
        key=scan.key,
    )  # fmt: skip


class Shown(NamedTuple):
    """What the gate shows: a `State`, or "check" (look first), "admitted", "again", "cancelled", "undone"."""

    state: str
    payload: Payload | None = None
    scan: Scan | None = None


@transaction.atomic
def show(text: str, *, facility: str, gate: str, seen: bool, by: Actor) -> Shown:
    """A ticket typed or scanned into the page without scripts; `seen`: the proof was looked at."""
    _must_work_at(facility, by)
    now = timezone.now()
    verdict = check(text, keys=public_keys(), facility=facility, now=now)
    if verdict.state == State.UNKNOWN_KEY:
        return Shown(State.FORGED)  # every key is registered here: a number that is not is nobody's
    if verdict.state != State.GOOD or verdict.payload is None:
        return Shown(verdict.state, verdict.payload)
    ticket = _locked().filter(pk=verdict.payload.ticket).select_related("order").first()
    if ticket is None or ticket.cancelled_at or ticket.order.state != Order.State.CONFIRMED:
        return Shown("cancelled", verdict.payload)
    before = _inside(_scans(facility, now).filter(ticket=ticket)).get(ticket.pk)
    if before:
        _keep(ticket, gate, by, "again")
        return Shown("again", verdict.payload, before[0])
    if verdict.payload.check and not seen:
        return Shown("check", verdict.payload)
    return Shown("admitted", verdict.payload, _keep(ticket, gate, by, "admitted"))


def _locked() -> QuerySet[Ticket]:
    """Whoever comes second at the same ticket waits, and then sees the first."""
    return Ticket.objects.all() if switched_off("gate-lock") else Ticket.objects.select_for_update(of=("self",))


def _keep(ticket: Ticket, gate: str, by: Actor, outcome: str, key: str = "") -> Scan:
    now = timezone.now()
    values = {"ticket": ticket, "gate": gate, "device": f"desk-{by.code}", "at": now, "told_at": now}
    return Scan.objects.get_or_create(key=key or new_secret(), defaults={**values, "outcome": outcome})[0]


@transaction.atomic
def undo(key: str, *, facility: str, by: Actor) -> Shown:
    """Take a wrong admission of this officer back; a second press changes nothing."""
    _must_work_at(facility, by)
    scan = Scan.objects.select_related("ticket").filter(
        key=key, outcome="admitted", device=f"desk-{by.code}", ticket__slot__facility=facility
    ).first()  # fmt: skip
    if scan is None:
        return Shown("unreadable")
    return Shown("undone", None, _keep(scan.ticket, scan.gate, by, "undone", f"{key}:undone"))
