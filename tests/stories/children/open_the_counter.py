"""Makes two appointment slots at a counter of the running hall, one soon and one in five days; prints them."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
COUNTER = "health-center-counter"


def main() -> None:
    """Run as the application's role, in the hall's environment."""
    django.setup()
    from django.utils import timezone

    from madoguchi.bookings.models import Slot

    now = timezone.now().replace(second=0, microsecond=0)
    told = {"counter": COUNTER}
    for name, start in {"soon": now + timedelta(minutes=10), "later": now + timedelta(days=5, minutes=7)}.items():
        slot = Slot.objects.create(
            facility=COUNTER, offer="appointment", starts_at=start, ends_at=start + timedelta(minutes=30),
            opens_at=now - timedelta(days=1), capacity=2,
        )  # fmt: skip
        told[name] = str(slot.pk)
        told[f"{name}_day"] = str(timezone.localdate(start))
    told["today"] = str(timezone.localdate(now))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
