"""The payment slip (納付書): a number to pay at a bank or a shop. News come with their file (`statement`)."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop as marked
from stdnum import luhn

from ..base import Request, Started, Unavailable
from ..silent import Silent
from .payloads import PAYLOADS, Bill

DIGITS: Final = 20


def number_of(attempt: str) -> str:
    """The slip's number: 19 digits from the attempt's id and a check digit (Luhn, ISO/IEC 7812-1 annex B)."""
    plain = f"{UUID(attempt).int % 10 ** (DIGITS - 1):0{DIGITS - 1}}"
    return plain + luhn.calc_check_digit(plain)


class Slip(Silent):
    """The provider."""

    code = "slip"
    name = marked("納付書")
    hosted = True
    by_file = True
    by_hand = True
    source = "the bank's file says this"

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
