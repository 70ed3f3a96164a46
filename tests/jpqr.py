"""Reads the text of a JPQR code, as a payment app does, and refuses what was cut off or changed."""

from madoguchi.payments.paying.providers.jpqr.code import CRC_HEAD, GUID, crc


class Unreadable(ValueError):
    """Not such a text: cut off, changed, or of another kind. The message says what is wrong."""


def decode(text):
    """The objects of a row by tag. Raises Unreadable."""
    return dict(_split(text))


def _split(text):
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


def opened(text):
    """The objects of a whole text whose checksum is right; 63 is left out. Raises Unreadable."""
    body, told = text[:-4], text[-4:]
    if not body.endswith(CRC_HEAD) or crc(body) != told:
        raise Unreadable("the checksum (tag 63) does not fit: the code was read wrongly or changed")
    return decode(body.removesuffix(CRC_HEAD))


def read_payment(text):
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
