"""The terminal (POS) at a real counter: card, e-money or QR code, entered by a clerk with the slip's number; no cash.

The news comes from the clerk and from the day-end close, never from a server; so nothing is started, asked or listed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Never

from ..base import Forged, Notice, Request, Started, Unavailable

METHODS: Final = ("card", "e-money", "code")


class Counter:
    """The provider."""

    code = "counter"
    hosted = False
    by_file = False
    by_hand = True

    def is_ready(self) -> bool:
        """Always: it needs a clerk, no settings."""
        return True

    def start(self, request: Request) -> Started:
        """A clerk takes the payment (`actions.take_at_counter`)."""
        return self._needs_a_clerk()

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """A terminal sends nothing: whatever comes is forged."""
        raise Forged("the terminal at the counter sends no notifications")

    def status(self, provider_reference: str) -> Notice:
        """Only the clerk sees the terminal."""
        return self._needs_a_clerk()

    def refund(self, provider_reference: str, yen: int, *, key: str) -> Notice:
        """A clerk pays back at the terminal (`actions.repaid_by_hand`)."""
        return self._needs_a_clerk()

    def listed(self, day: date) -> Sequence[Notice]:
        """The day-end close (`DayClose`) stands in for a list."""
        return self._needs_a_clerk()

    @staticmethod
    def taken(office: str, method: str, slip: str, yen: int, at: datetime) -> Notice:
        """What a clerk read on the slip; its number is unique per office, day and method."""
        reference = f"{office}/{at:%Y-%m-%d}/{method}/{slip}"
        return Notice(f"taken:{reference}", reference, "paid", yen, at, method)

    @staticmethod
    def _needs_a_clerk() -> Never:
        raise Unavailable("a clerk at the terminal does this")
