"""Slots made from the definitions, again and again with the same result: what is wanted is there, the rest is closed.

A closed slot has `capacity = taken`, so that whoever wanted to buy at that very moment is refused by the constraint.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from madoguchi.foundation.identifiers import new_id
from madoguchi.platform.failpoints import switched_off

from ..models import Slot
from .directory import facilities
from .format import Facility, Offer
from .opening import Span, spans

AHEAD = 7
"""So many days before they go on sale, slots are made and shown."""
DEFINITION = "definition"
"""Slot.closed_because: the definition has it no longer."""

_MAKE = """
INSERT INTO bookings_slot AS slot (id, facility, offer, starts_at, ends_at, opens_at, capacity, taken, issued,
                                   is_closed, closed_because)
SELECT id, facility, offer, starts_at, ends_at, opens_at, capacity, 0, 0, false, ''
FROM jsonb_to_recordset(%s) AS made(id uuid, facility text, offer text, starts_at timestamptz, ends_at timestamptz,
                                    opens_at timestamptz, capacity int)
ON CONFLICT (facility, offer, starts_at) DO UPDATE
SET ends_at = EXCLUDED.ends_at, opens_at = EXCLUDED.opens_at, capacity = GREATEST(EXCLUDED.capacity, slot.taken),
    is_closed = false, closed_because = ''
WHERE (NOT slot.is_closed OR slot.closed_because = %s)
  AND (slot.ends_at, slot.opens_at, slot.capacity, slot.is_closed)
      IS DISTINCT FROM (EXCLUDED.ends_at, EXCLUDED.opens_at, GREATEST(EXCLUDED.capacity, slot.taken), false)
"""


class Made(NamedTuple):
    """How many slots were made or changed, and how many closed."""

    changed: int
    closed: int


def make_slots(days: int | None = None) -> Made:
    """Make the slots of every facility for the next `days` (else a week beyond what is on sale). Safe to repeat."""
    changed = closed = 0
    for facility in facilities().values():
        for offer in facility.offers:
            made = _make(facility, offer, days if days is not None else offer.opens.days_before + AHEAD)
            changed, closed = changed + made.changed, closed + made.closed
    return Made(changed, closed)


@transaction.atomic
def _make(facility: Facility, offer: Offer, days: int) -> Made:
    now = timezone.now()
    wanted = list(_spans(facility, offer, days, now))
    same = {"facility": facility.code, "offer": offer.code, "capacity": offer.capacity}
    rows = [{"id": new_id(), **same, **span._asdict()} for span in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [json.dumps(rows, default=str), DEFINITION])
        changed = cursor.rowcount
    until = datetime.combine(timezone.localdate(now) + timedelta(days=days + 1), time.min, ZoneInfo(settings.TIME_ZONE))
    kept = {span.starts_at for span in wanted}
    stale = Slot.objects.filter(
        facility=facility.code, offer=offer.code, starts_at__gt=now, starts_at__lt=until, is_closed=False
    )
    gone = [pk for pk, starts_at in stale.values_list("pk", "starts_at") if starts_at not in kept]
    return Made(changed, close(gone, DEFINITION))


def _spans(facility: Facility, offer: Offer, days: int, now: datetime) -> Iterator[Span]:
    zone, today = ZoneInfo(settings.TIME_ZONE), timezone.localdate(now)
    for n in range(days + 1):
        found = spans(facility, offer, today + timedelta(days=n), zone)
        yield from (span for span in found if span.starts_at > now)


def close(slots: Iterable[object], because: str) -> int:
    """Sell no more of these slots; their orders are cancelled by the job that follows (`cancelling.clear_closed`)."""
    found = Slot.objects.filter(pk__in=list(slots), is_closed=False)
    capacity = F("capacity") if switched_off("closing-guard") else F("taken")
    return found.update(is_closed=True, closed_because=because, capacity=capacity)
