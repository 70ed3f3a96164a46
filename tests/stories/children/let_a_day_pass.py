"""The last day to pay a case's fee was yesterday: what the hourly job of the running hall does then."""

import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def main(reference: str) -> None:
    """Run as the application's role, in the hall's environment."""
    django.setup()
    from django.utils import timezone

    from madoguchi import sequence
    from madoguchi.payments.models import Charge

    yesterday = timezone.localdate() - timedelta(days=1)
    assert Charge.objects.filter(case__reference=reference).update(due_on=yesterday) == 1
    sequence.watch_payments(timestamp=0)


if __name__ == "__main__":
    main(sys.argv[1])
