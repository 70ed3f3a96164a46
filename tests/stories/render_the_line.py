"""The pages of the line before an opening, at two moments of a day, as the running hall would answer; prints them."""

import json
import sys
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main(languages: list[str]) -> None:
    """Run as the application's role, in the hall's environment."""
    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from madoguchi.bookings import rush
    from madoguchi.bookings.models import Line

    settings.RUSH = True
    pages = []
    for prefix in languages:
        client = Client(headers={"Host": "127.0.0.1", "Sec-Fetch-Site": "same-origin"})
        for moment in ("2026-11-24 09:40", "2026-11-24 10:00"):
            at = timezone.make_aware(datetime.fromisoformat(moment))
            Line.objects.update_or_create(facility="art-museum", opening=at.replace(hour=10, minute=0),
                                          defaults={"early": 6_000, "next": None})  # fmt: skip
            rush._drawn.cache_clear()
            with patch.object(timezone, "now", lambda at=at: at), patch("secrets.randbelow", lambda _n: 500_000_000):
                pages.append(client.get(f"{prefix}/facilities/art-museum/").content.decode())
    Line.objects.all().delete()
    print(json.dumps(pages))


if __name__ == "__main__":
    main(sys.argv[1:])
