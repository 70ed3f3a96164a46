"""The pages of the line as the running hall would answer: before an opening, after it, and then to a form."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def main(languages: list[str]) -> None:
    """Run as the application's role, in the hall's environment; what it may not delete goes far into the past."""
    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from madoguchi.bookings.line import rush
    from madoguchi.bookings.models import Line, Slot

    settings.RUSH = True
    opening = timezone.make_aware(datetime.fromisoformat("2040-11-27 10:00"))  # far from the town's own openings
    start = opening + timedelta(days=30)
    slot = Slot.objects.create(facility="art-museum", offer="entry", starts_at=start, opens_at=opening, capacity=9,
                               ends_at=start + timedelta(hours=1))  # fmt: skip
    pages = []
    for prefix in languages:
        client = Client(headers={"Host": "127.0.0.1", "Sec-Fetch-Site": "same-origin"})
        museum = f"{prefix}/facilities/art-museum/"
        for at in (opening - timedelta(minutes=20), opening):
            came = {"early": 6_000, "next": None}
            Line.objects.get_or_create(facility="art-museum", opening=opening)
            Line.objects.update(**came)
            rush._drawn.cache_clear()
            with patch.object(timezone, "now", lambda at=at: at), patch("secrets.randbelow", lambda _n: 500_000_000):
                pages.append(client.get(museum).content.decode())
                if at == opening:
                    pages.append(client.post(f"{museum}slots/{slot.pk}/", {"count-child": "2"}).content.decode())
    Line.objects.update(early=0, next=None)
    long_ago = opening - timedelta(days=9000, minutes=Slot.objects.filter(starts_at__lt=opening).count())
    times = {"starts_at": long_ago, "ends_at": long_ago + timedelta(minutes=1), "opens_at": long_ago}
    Slot.objects.filter(pk=slot.pk).update(**times)
    print(json.dumps(pages))


if __name__ == "__main__":
    main(sys.argv[1:])
