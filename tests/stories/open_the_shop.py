"""Makes the slots of the demo town in the running hall, and one of the museum that begins in ten minutes; prints it."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main() -> None:
    """Run as the application's role, in the hall's environment."""
    django.setup()
    from django.utils import timezone

    from madoguchi.bookings.making import make_slots
    from madoguchi.bookings.models import Slot
    from tests import shop, town

    make_slots()
    start = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=10)
    soon = Slot.objects.create(
        facility=shop.MUSEUM, offer="entry", starts_at=start, ends_at=start + timedelta(hours=2),
        opens_at=start - timedelta(days=1), capacity=30,
    )  # fmt: skip
    full = shop.slot(days=2, capacity=1)
    sold = shop.bought(full, child=1)
    held = shop.bought(shop.slot(days=3), adult=1)
    clerk = town.officer("文化 窓口", "culture", "clerk")
    told = {"slot": str(soon.pk), "day": str(shop.day_of(soon)), "full": str(full.pk), "sold": sold.secret}
    print(json.dumps({**told, "held": held.secret, "clerk": clerk.officer.email, "later": str(shop.day_of(full))}))


if __name__ == "__main__":
    main()
