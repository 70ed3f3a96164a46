"""The terminal (POS) at a real counter: card, e-money or QR code, entered by a clerk with the slip's number; no cash.

The news comes from the clerk and from the day-end close, never from a server; so nothing is started, asked or listed.
"""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop as marked

from ..base import Notice, Request, Started, Unavailable
from ..silent import Silent

METHODS: Final = ("card", "e-money", "code")


class Counter(Silent):
    """The provider."""

    code = "counter"
    name = marked("窓口の端末")
    hosted = False
    by_file = False
    by_hand = True
    source = "a clerk at the terminal does this"

    def is_ready(self) -> bool:
        """Always: it needs a clerk, no settings."""
        return True

    def start(self, request: Request) -> Started:
        """A clerk takes the payment (`actions.take_at_counter`)."""
        raise Unavailable(self.source)

    @staticmethod
    def taken(office: str, method: str, slip: str, yen: int, at: datetime) -> Notice:
        """What a clerk read on the slip; its number is unique per office, day and method."""
        reference = f"{office}/{at:%Y-%m-%d}/{method}/{slip}"
        return Notice(f"taken:{reference}", reference, "paid", yen, at, method)
