"""What the ways of paying share that have no server: their news come with a file or by a clerk."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from .base import Forged, Notice, Unavailable


class Silent:
    """A provider that cannot be asked and sends nothing; `source` says where its news come from instead."""

    source: ClassVar[str]

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """It sends no notifications: whatever comes is forged."""
        raise Forged(f"no notifications: {self.source}")

    def status(self, provider_reference: str) -> Notice:
        """Known when its news come."""
        raise Unavailable(self.source)

    def refund(self, provider_reference: str, yen: int, *, key: str) -> Notice:
        """An officer pays back outside and enters the number (`actions.repaid_by_hand`)."""
        raise Unavailable(self.source)

    def listed(self, day: date) -> Sequence[Notice]:
        """No list of its own: the file, or the day-end close (`DayClose`), stands in for it."""
        raise Unavailable(self.source)
