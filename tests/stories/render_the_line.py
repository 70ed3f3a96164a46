"""The pages of the line as the running hall would answer: before an opening, after it, and then to a form."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main(languages: list[str]) -> None:
    """Run as the application's role, in the hall's environment; nothing of it stays."""
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        render(languages)
        transaction.set_rollback(True)


def render(languages: list[str]) -> None:
    """Print the pages, as JSON."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from madoguchi.bookings import rush
    from madoguchi.bookings.models import Line, Slot

    settings.RUSH = True
    opening = timezone.make_aware(datetime.fromisoformat("2026-11-24 10:00"))
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
    print(json.dumps(pages))


if __name__ == "__main__":
    main(sys.argv[1:])
