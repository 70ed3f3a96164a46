"""Who came to the facilities and counters in the last days, and who has booked for this week and the next."""

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from django.db import connection

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.format import Facility, Offer
from madoguchi.bookings.facilities.opening import spans
from madoguchi.bookings.kinds import APPOINTMENT
from madoguchi.bookings.models import INVENTED, Order, Scan, Slot, Ticket, Visit
from madoguchi.bookings.sales.selling import Place
from madoguchi.bookings.sales.shop import Offered, Quote, label, quote
from madoguchi.foundation.identifiers import new_id, new_reference, new_secret
from madoguchi.payments.ledger import rules
from madoguchi.payments.models import Charge, Entry
from madoguchi.people.models import Role
from madoguchi.platform.sql.rows import row

from . import paying
from .dossier import ZONE, Row, Rows
from .names import person
from .staff import Staff

BEFORE, AHEAD = 7, 13
"""Days before and after the first day that is not made up."""
MOST_ORDERS: Final = 4
COMES, IS_ONLINE = 0.9, 0.85
DESKS: Final = 3


@dataclass
class Visitors:
    """The bookings of an invented town; `rows` is what they leave."""

    seed: int
    day: date
    rows: Rows = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._chance = Random(f"{self.seed}/visitors")  # noqa: S311 - to be repeated, not to be secret
        self._staff, self._count = Staff(), 0
        self._now = datetime.combine(self.day, datetime.min.time(), ZONE)
        self._places: Count[UUID] = Count()
        self._visits: Count[tuple[str, date]] = Count()

    def write(self) -> Rows:
        """Orders with their tickets, payments and visits, in the slots that exist, and in those of the last days."""
        _make_past_slots(self.day)
        since, until = self._now - timedelta(days=BEFORE), self._now + timedelta(days=AHEAD)
        asked = Slot.objects.select_for_update().filter(starts_at__gte=since, starts_at__lt=until, is_closed=False)
        for slot in asked.order_by("pk"):
            facility = facilities().get(slot.facility)
            offer = facility.offer(slot.offer) if facility else None
            if facility and offer and not slot.is_pass:
                self._fill(facility, offer, slot)
        _take(self._places)
        return self.rows

    def _fill(self, facility: Facility, offer: Offer, slot: Slot) -> None:
        chance = Random(f"{self.seed}/{slot.facility}/{slot.offer}/{slot.starts_at}")  # noqa: S311 - as above
        self._chance = chance
        for _order in range(chance.randrange(MOST_ORDERS + 1)):
            wanted = _wanted(offer, chance)
            found = quote(Offered(slot, facility, offer), wanted)
            if found.people <= slot.left - self._places[slot.pk]:
                self._order(facility, offer, slot, found)

    def _add(self, model: Any, **values: Any) -> Row:
        self.rows[model].append(values)
        return values

    def _order(self, facility: Facility, offer: Offer, slot: Slot, found: Quote) -> None:
        self._count += 1
        earliest = max(slot.opens_at, self._now - timedelta(days=20))
        latest = min(self._now, slot.starts_at) - timedelta(minutes=30)
        if latest <= earliest:
            return
        at = earliest + (latest - earliest) * self._chance.random()
        online = self._chance.random() < IS_ONLINE
        charge = self._charge(facility, slot, found, at) if found.yen else None
        name = person(self._chance)[0] if offer.needs_name else ""
        order = self._add(Order, **row(
            Order, id=new_id(), reference=new_reference(self._chance.randrange), secret=new_secret(), slot_id=slot.pk,
            charge_id=charge["id"] if charge else None, state="confirmed", channel="online" if online else "counter",
            name=name, email=f"visitor{self._count}@example.jp", made_at=at, key=f"{INVENTED}{slot.pk}:{self._count}",
            body="0" * 64, way=self._chance.choice(offer.by) if slot.offer == APPOINTMENT else "", reminded_at=at,
        ))  # fmt: skip
        if charge:
            self._pay(charge, at + timedelta(minutes=5), online=online)
        tickets = [self._ticket(slot, order, place) for place in found.places]
        if slot.ends_at <= self._now and self._chance.random() < COMES:
            self._come(facility, slot, order, tickets)

    def _ticket(self, slot: Slot, order: Row, place: Place) -> Row:
        number = slot.issued + self._places[slot.pk] + 1
        self._places[slot.pk] += place.people
        return self._add(
            Ticket, id=new_id(), order_id=order["id"], slot_id=slot.pk, category=place.category, people=place.people,
            yen=place.yen, number=number,
        )  # fmt: skip

    def _charge(self, facility: Facility, slot: Slot, found: Quote, at: datetime) -> Row:
        charge = self._add(Charge, **row(
            Charge, id=new_id(), reference=new_reference(self._chance.randrange), secret=new_secret(),
            code=facility.code, office=facility.office, label=label(found), owed=found.yen, paid=0, opened_at=at,
            pay_by=at + timedelta(minutes=found.offer.hold),
        ))  # fmt: skip
        self._line(charge, "owed", found.yen, at, ("public", ""), key=f"owed:{charge['id']}")
        return charge

    def _pay(self, charge: Row, at: datetime, *, online: bool) -> None:
        clerk = self._staff.of(charge["office"], Role.CLERK, self._count)
        provider = paying.way_online(self._chance, by_file=False) if online else "counter"
        made = paying.attempt(
            self._add, charge, provider, pk=new_id(), at=at, slip=f"V{self._count:06d}", clerk=clerk,
            chance=self._chance,
        )  # fmt: skip
        actor = ("system", provider) if made["taken_by_id"] is None else ("officer", str(clerk))
        charge["paid"] = made["yen"]
        self._line(charge, "paid", made["yen"], at, actor, key=f"paid:{made['id']}", attempt=made)

    def _line(
        self, charge: Row, kind: str, yen: int, at: datetime, actor: tuple[str, str], *, key: str,
        attempt: Row | None = None,
    ) -> None:  # fmt: skip
        line = rules.line(kind, yen, attempt["provider"] if attempt else "")
        self._add(
            Entry, charge_id=charge["id"], **line._asdict(), at=at, actor_kind=actor[0], actor_code=actor[1], reason="",
            attempt_id=attempt["id"] if attempt else None, key=key,
        )  # fmt: skip

    def _come(self, facility: Facility, slot: Slot, order: Row, tickets: Sequence[Row]) -> None:
        at = slot.starts_at + (min(slot.ends_at - slot.starts_at, timedelta(hours=6))) * self._chance.random() * 0.9
        if slot.offer != APPOINTMENT:
            for ticket in tickets:
                told = {"gate": "正門", "device": "invented", "at": at, "told_at": at, "outcome": "admitted"}
                self._add(Scan, ticket_id=ticket["id"], key=f"invented:{ticket['id']}", **told)
        elif order["way"] == "counter":
            order["arrived_at"] = slot.starts_at - timedelta(minutes=self._chance.randrange(2, 15))
            day = slot.starts_at.astimezone(ZONE).date()
            self._visits[facility.code, day] += 1
            self._add(
                Visit, order_id=order["id"], facility=facility.code, day=day,
                number=self._visits[facility.code, day], desk=str(self._chance.randrange(1, DESKS + 1)),
                called_at=slot.starts_at, ended_at=slot.starts_at + timedelta(minutes=self._chance.randrange(8, 28)),
            )  # fmt: skip


def _wanted(offer: Offer, chance: Random) -> dict[str, int]:
    """Who comes together: one appointment, or one to four people of one or two categories that are no group."""
    if offer.kind == APPOINTMENT:
        return {offer.categories[0].code: 1}
    singles = [category.code for category in offer.categories if category.people is None]
    if not singles:
        return {offer.categories[0].code: offer.categories[0].people.min if offer.categories[0].people else 1}
    wanted = {singles[0]: chance.randrange(1, 3)}
    if len(singles) > 1 and chance.random() < 0.4:
        wanted[chance.choice(singles[1:])] = chance.randrange(1, 3)
    return wanted


def _make_past_slots(day: date) -> None:
    """The slots of the last days, as they would have been made by the nights before."""
    made = [
        Slot(facility=facility.code, offer=offer.code, capacity=offer.capacity, **span._asdict())
        for facility, offer in _offers()
        for back in range(1, BEFORE + 1)
        for span in spans(facility, offer, day - timedelta(days=back), ZONE)
    ]
    Slot.objects.bulk_create(made, ignore_conflicts=True)


def _offers() -> Iterator[tuple[Facility, Offer]]:
    for facility in facilities().values():
        yield from ((facility, offer) for offer in facility.offers if offer.slot != "year")


def _take(places: Count[UUID]) -> None:
    """Count the places as taken; the constraint refuses more than there are."""
    update = "UPDATE bookings_slot SET taken = taken + %s, issued = issued + %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(update, [(people, people, slot) for slot, people in places.items()])
