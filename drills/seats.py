"""What a sale of seats came to, counted from the tickets and the ledger and not from what the clients say."""

from collections import Counter
from dataclasses import dataclass, field

YEN = 500
"""What a seat costs."""
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


def count(result: Result) -> None:
    """Fill in what the database says."""
    from django.db import connection

    from madoguchi.payments.ledger.queries import unsound

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
