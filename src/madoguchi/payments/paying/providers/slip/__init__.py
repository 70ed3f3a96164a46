"""The payment slip (納付書): a number to pay at a bank or a shop. News come with their file (`statement`)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Never
from uuid import UUID

from django.conf import settings
from stdnum import luhn

from ..base import Forged, Notice, Request, Started, Unavailable
from .payloads import PAYLOADS, Bill

DIGITS: Final = 20


def number_of(attempt: str) -> str:
    """The slip's number: 19 digits from the attempt's id and a check digit (Luhn, ISO/IEC 7812-1 annex B)."""
    plain = f"{UUID(attempt).int % 10 ** (DIGITS - 1):0{DIGITS - 1}}"
    return plain + luhn.calc_check_digit(plain)


class Slip:
    """The provider."""

    code = "slip"
    hosted = True
    by_file = True
    by_hand = True

    def is_ready(self) -> bool:
        """Whether a payload is chosen that this installation can write."""
        return settings.SLIP_PAYLOAD in PAYLOADS

    def start(self, request: Request) -> Started:
        """The number, and what the slip's code says; the same attempt gives the same. Raises Unavailable."""
        if not self.is_ready():
            raise Unavailable("MADOGUCHI_SLIP names no payload")
        number = number_of(request.attempt)
        text = PAYLOADS[settings.SLIP_PAYLOAD].text(Bill(number, request.reference, request.yen))
        return Started(number, shown={"number": number, "code": text, "payload": settings.SLIP_PAYLOAD})

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Banks send files, no notifications: whatever comes is forged."""
        raise Forged("the news of slips come with the bank's file")

    def status(self, provider_reference: str) -> Notice:
        """Known with the next file."""
        return self._comes_with_a_file()

    def refund(self, provider_reference: str, yen: int, *, key: str) -> Notice:
        """An officer makes a bank transfer and enters its number."""
        return self._comes_with_a_file()

    def listed(self, day: date) -> Sequence[Notice]:
        """The file is the list; importing it settles and tells the differences."""
        return self._comes_with_a_file()

    @staticmethod
    def _comes_with_a_file() -> Never:
        raise Unavailable("the bank's file says this")
