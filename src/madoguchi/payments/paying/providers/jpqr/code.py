"""The text of a merchant-presented code (EMVCo QRCPS-MPM 1.1, JPQR tag 26): pure, both directions.

A text is a row of objects: two digits of tag, two of length (in characters), the value. The last one, 63, is a
CRC-16/CCITT-FALSE over the UTF-8 bytes of everything before it, "6304" included.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

GUID: Final = "jp.or.paymentsjapan"
CRC_HEAD: Final = "6304"
LONGEST: Final = 99
GOVERNMENT: Final = "9399"
"""Merchant category (ISO 18245): government services."""


class Unreadable(ValueError):
    """Not such a text: cut off, changed, or of another kind. The message says what is wrong."""


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
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
            value &= 0xFFFF
    return f"{value:04X}"


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


def decode(text: str) -> dict[str, str]:
    """The objects of a row by tag. Raises Unreadable."""
    return dict(_split(text))


def _split(text: str) -> Iterator[tuple[str, str]]:
    at, seen = 0, set()
    while at < len(text):
        head = text[at : at + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()):
            raise Unreadable(f"no tag and length at character {at}")
        tag, length = head[:2], int(head[2:])
        value = text[at + 4 : at + 4 + length]
        if not length or len(value) < length or tag in seen:
            raise Unreadable(f"tag {tag} is empty, cut off or there twice")
        seen.add(tag)
        yield tag, value
        at += 4 + length


def opened(text: str) -> dict[str, str]:
    """The objects of a whole text whose checksum is right; 63 is left out. Raises Unreadable."""
    body, told = text[:-4], text[-4:]
    if not body.endswith(CRC_HEAD) or crc(body) != told:
        raise Unreadable("the checksum (tag 63) does not fit: the code was read wrongly or changed")
    return decode(body.removesuffix(CRC_HEAD))


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


def read_payment(text: str) -> Mapping[str, str]:
    """What a code asks for: yen, bill, label, shop. Raises Unreadable, also for another scheme's code."""
    found = opened(text)
    account, more = decode(found.get("26", "")), decode(found.get("62", ""))
    if account.get("00") != GUID or found.get("53") != "392":
        raise Unreadable("not a JPQR code in yen")
    return {
        "yen": found.get("54", ""),
        "bill": more.get("01", ""),
        "label": more.get("05", ""),
        "shop": account.get("03", ""),
    }
