"""Which days of the providers' lists were compared (消込) and which still wait, and the night that compares them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from ..models import Attempt, Comparison
from ..paying.providers import PROVIDERS, Unavailable
from . import reconciliation

AGAIN = 3
"""So many last days are compared every night: some news come late."""
MOST_DAYS = 60
"""So far back a night reaches, and the page tells."""


class Compared(NamedTuple):
    """How it stands with a provider: the days compared and those that were not, the newest first."""

    provider: str
    done: Sequence[Comparison]
    missing: Sequence[date]


def compare_the_nights(today: date) -> list[Compared]:
    """Compare every provider that lists, and tell how it stands. Safe to repeat."""
    for code in listing():
        _compare(code, today)
    return standing(today)


def standing(today: date) -> list[Compared]:
    """How it stands with each provider that lists."""
    return [Compared(code, _done(code, today), missing(code, today)) for code in listing()]


def listing() -> list[str]:
    """The providers that keep a list to be asked for; of the others a file or a clerk brings the news."""
    return [code for code, one in PROVIDERS.items() if one.is_ready() and not (one.by_file or one.by_hand)]


def missing(provider: str, today: date) -> list[date]:
    """The days since the first payment, two months at most, that were not compared; the newest first."""
    first = Attempt.objects.filter(provider=provider).order_by("pk").values_list("started_at", flat=True).first()
    if first is None:
        return []
    done = {one.day for one in _done(provider, today)}
    return [day for day in _days(today, MOST_DAYS) if day >= timezone.localdate(first) and day not in done]


def _done(provider: str, today: date) -> list[Comparison]:
    found = Comparison.objects.filter(provider=provider, day__gte=today - timedelta(days=MOST_DAYS), day__lt=today)
    return list(found.order_by("-day"))


def _days(today: date, count: int) -> list[date]:
    return [today - timedelta(days=n) for n in range(1, count + 1)]


def _compare(provider: str, today: date) -> None:
    """The newest first, so that a day of which a provider tells no more holds nothing up; it is asked no more then."""
    for day in sorted({*_days(today, AGAIN), *missing(provider, today)}, reverse=True):
        try:
            reconciliation.reconcile(provider=provider, day=day)
        except Unavailable:  # the first night on which it answers compares what is missing
            return
