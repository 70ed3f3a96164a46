"""Makes the stories' town ready in its own process: procedures published, keys made, the cast able to sign in."""

import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def main() -> None:
    """Run as the application's role, like everything that serves."""
    django.setup()
    from django.conf import settings

    from madoguchi.bookings.gate.issuing import make_keys as make_ticket_keys
    from madoguchi.catalogue.actions import publish
    from madoguchi.counter import finding
    from madoguchi.credentials.actions import make_keys
    from madoguchi.sequence import renew_datasets
    from tests import town

    make_keys()
    make_ticket_keys()
    publish(settings.PROCEDURES_DIR)
    assert renew_datasets()[1] == []
    finding.renew()
    cast = (
        town.suzuki,
        town.sasaki,
        town.ogawa,
        town.tanaka,
        town.yamamoto,
        town.watanabe,
        town.norino,
        town.kato,
        town.nakamura,
        town.mori,
        town.kanno,
    )
    for person in cast:
        officer = person().officer
        officer.email = f"{person.__name__}@minatono.example"
        officer.set_password(town.PASSWORD)
        officer.save()


if __name__ == "__main__":
    main()
