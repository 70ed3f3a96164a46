"""JPQR, the code that the payer scans with any payment app. News come with the acquirer's file (`statement`)."""

import io
from typing import Final
from uuid import UUID

import segno
from django.conf import settings
from django.utils.translation import gettext_noop as marked

from madoguchi.town.offices import town

from ..base import Request, Started, Unavailable
from ..silent import Silent
from . import code as rules

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIZES: Final = (13, 4, 6, 6)


def label_of(attempt: str) -> str:
    """The attempt's id in 25 characters, as tag 62-05 can carry it; the same attempt gives the same."""
    number, found = UUID(attempt).int, ""
    while number:
        number, rest = divmod(number, 36)
        found = DIGITS[rest] + found
    return found.rjust(25, "0")


def merchant() -> rules.Merchant:
    """This town as JPQR knows it. Raises Unavailable when the setting is missing or not four numbers."""
    ids = settings.JPQR_MERCHANT.split("-")
    if tuple(map(len, ids)) != SIZES or not all(one.isascii() and one.isdigit() for one in ids):
        raise Unavailable("MADOGUCHI_JPQR_MERCHANT is not 13-4-6-6 digits")
    issuer, acquirer, shop, terminal = ids
    return rules.Merchant(
        issuer, acquirer, shop, terminal, settings.JPQR_NAME, settings.JPQR_CITY, town().name, town().name
    )


def picture(text: str, kind: str = "svg") -> bytes:
    """The code as SVG or PNG, error correction M, with its quiet zone."""
    held = io.BytesIO()
    segno.make_qr(text, error="m", encoding="utf-8").save(held, kind=kind, scale=6, border=4)
    return held.getvalue()


class Jpqr(Silent):
    """The provider."""

    code = "jpqr"
    name = marked("コード決済（JPQR）")
    hosted = True
    by_file = True
    by_hand = True
    source = "the acquirer's file says this"

    def is_ready(self) -> bool:
        """Whether the shop's numbers are set."""
        try:
            return bool(merchant())
        except Unavailable:
            return False

    def start(self, request: Request) -> Started:
        """The code; the same attempt gives the same."""
        label = label_of(request.attempt)
        text = rules.payment(merchant(), yen=request.yen, bill=request.reference, label=label)
        return Started(label, shown={"code": text, "label": label})
