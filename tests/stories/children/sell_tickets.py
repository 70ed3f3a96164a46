"""Sells tickets of today in the running hall and prints their texts as JSON: one list per category asked for."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def main(facility: str, categories: list[str]) -> None:
    """Run as the application's role, in the hall's environment."""
    django.setup()
    from django.utils import timezone

    from madoguchi.bookings.gate.issuing import text_of
    from madoguchi.bookings.models import Slot, Ticket
    from tests import gate

    now = timezone.now().replace(second=0, microsecond=0)
    today, later = gate.slot(facility, now - timedelta(minutes=10)), gate.slot(facility, now + timedelta(days=3))
    elsewhere = gate.slot(f"{facility}-annex", now)
    sold = [(gate.sold(category, in_slot=today), category) for category in categories]
    cancelled = gate.sold(in_slot=today, state="cancelled")
    counter = gate.slot(f"{facility}-counter", now, offer="appointment")
    appointments = [gate.sold("appointment", in_slot=counter) for _visitor in range(2)]
    # Of a facility that people know by name; no rows, which would stand in its shop.
    museum = Slot(facility="art-museum", starts_at=now, ends_at=now + timedelta(hours=1))
    known, unknown = (Ticket(order=cancelled, slot=museum, category=one, people=12) for one in ("group", "patron"))
    told = {
        "appointments": [order.secret for order in appointments],
        "good": [text_of(order.tickets.get()) for order, _category in sold],
        "secrets": [order.secret for order, _category in sold],
        "later": text_of(gate.ticket(in_slot=later)),
        "elsewhere": text_of(gate.ticket(in_slot=elsewhere)),
        "museum_group": text_of(known),
        "museum_patron": text_of(unknown),
        "cancelled": text_of(cancelled.tickets.get()),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
