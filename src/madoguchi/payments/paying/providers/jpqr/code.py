"""The text of a merchant-presented code (EMVCo QRCPS-MPM 1.1, JPQR tag 26): pure.

A text is a row of objects: two digits of tag, two of length (in characters), the value. The last one, 63, is a
CRC-16/CCITT-FALSE over the UTF-8 bytes of everything before it, "6304" included.
"""

from binascii import crc_hqx
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

GUID: Final = "jp.or.paymentsjapan"
CRC_HEAD: Final = "6304"
LONGEST: Final = 99
GOVERNMENT: Final = "9399"
"""Merchant category (ISO 18245): government services."""


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who is paid: the four numbers of tag 26 (13, 4, 6 and 6 digits), and names in ASCII and in Japanese."""

    issuer: str
    acquirer: str
    shop: str
    terminal: str
    name: str
    city: str
    name_ja: str
    city_ja: str


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE of the UTF-8 bytes, four hexadecimal digits."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"


def encode(objects: Iterable[tuple[str, str]]) -> str:
    """The objects as a row, without a checksum. Raises ValueError for a tag or a value that does not fit."""
    return "".join(_object(tag, value) for tag, value in objects)


def _object(tag: str, value: str) -> str:
    if len(tag) != 2 or not (tag.isascii() and tag.isdigit()):
        raise ValueError(f"tag {tag!r} is not two digits")
    if not 1 <= len(value) <= LONGEST:
        raise ValueError(f"tag {tag}: a value has 1 to {LONGEST} characters, not {len(value)}")
    return f"{tag}{len(value):02}{value}"


def sealed(objects: Iterable[tuple[str, str]]) -> str:
    """The whole text, with its checksum."""
    body = encode(objects) + CRC_HEAD
    return body + crc(body)


def payment(merchant: Merchant, *, yen: int, bill: str, label: str) -> str:
    """The text that asks for `yen` once; `bill` (up to 25) is read by people, `label` (up to 25) finds our attempt."""
    if yen <= 0:
        raise ValueError("an amount is above zero")
    ids = [merchant.issuer, merchant.acquirer, merchant.shop, merchant.terminal]
    account = [("00", GUID), *((f"{number:02}", one) for number, one in enumerate(ids, 1))]
    return sealed(
        [
            ("00", "01"),
            ("01", "12"),  # dynamic: one code for one payment
            ("26", encode(account)),
            ("52", GOVERNMENT),
            ("53", "392"),
            ("54", str(yen)),
            ("58", "JP"),
            ("59", merchant.name[:25]),
            ("60", merchant.city[:15]),
            ("62", encode([("01", bill[:25]), ("05", label[:25])])),
            ("64", encode([("00", "JA"), ("01", merchant.name_ja[:25]), ("02", merchant.city_ja[:15])])),
        ]
    )
