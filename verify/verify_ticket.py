"""Is an admission ticket's QR code genuine? 電子チケットの二次元コードを確かめます。

    python verify_ticket.py TEXT --keys ticket-keys.json

TEXT is what any QR reader shows of the code (it begins with "MGT1:"). The keys are a JSON object of key number →
public Ed25519 key (64 hexadecimal digits), from the office's page /tickets/keys.json. Standard library and
`cryptography` only.
Exit code 0 genuine, 1 not genuine, 2 the check could not be made (also: the ticket's key is not in the file; fetch it
anew, and a number that is still not there is nobody's).

A genuine ticket may have been cancelled or used since: only the gate knows.
"""

import argparse
import json
import struct
import sys
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX, DOMAIN, SIGNATURE = "MGT1:", b"madoguchi ticket 1\0", 64
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285
HEAD = struct.Struct(">BH16sIIIBB")
TOWN_TIME = timezone(timedelta(hours=9))


class NotGenuine(Exception):
    """The text is no ticket, or was not signed by one of the keys."""


class UnknownKey(NotGenuine):
    """The ticket names a key that is not among those given: a newer one, or nobody's."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"鍵{number}が鍵のファイルにありません。/tickets/keys.json を取り直してください。"
            f" / key {number} is not in the file; fetch /tickets/keys.json anew."
        )


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, print the answer, give the exit code."""
    parser = argparse.ArgumentParser(description="電子チケットを確かめます / checks an e-ticket")
    parser.add_argument("text")
    parser.add_argument("--keys", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        keys = {int(number): bytes.fromhex(key) for number, key in json.loads(options.keys.read_bytes()).items()}
        found = verify(options.text, keys)
    except (OSError, ValueError, AttributeError, UnknownKey) as error:
        print(f"確かめられません / cannot be checked: {error}", file=sys.stderr)
        return 2
    except NotGenuine:
        print("本物ではありません。 / NOT GENUINE.")
        return 1
    print("真正  署名は正しいです。 / GENUINE.")
    for name, value in found.items():
        print(f"  {name}: {value}")
    return 0


def verify(text: str, keys: dict[int, bytes]) -> dict[str, Any]:
    """What the ticket says. Raises NotGenuine, UnknownKey."""
    signed = decode(text)
    if len(signed) < HEAD.size + 2 + SIGNATURE:
        raise NotGenuine
    body, signature = signed[:-SIGNATURE], signed[-SIGNATURE:]
    version, key, ticket, starts, since, until, people, flags = HEAD.unpack_from(body)
    if version != 1:
        raise NotGenuine
    if key not in keys:
        raise UnknownKey(key)
    try:
        Ed25519PublicKey.from_public_bytes(keys[key]).verify(signature, DOMAIN + body)
    except InvalidSignature:
        raise NotGenuine from None
    facility = body[HEAD.size + 1 :][: body[HEAD.size]]
    category = body[HEAD.size + len(facility) + 2 :]
    moments = [datetime.fromtimestamp(one, TOWN_TIME).isoformat() for one in (starts, since, until)]
    return {
        "key": key,
        "ticket": str(uuid.UUID(bytes=ticket)),
        "facility": facility.decode("ascii"),
        "category": category.decode("ascii"),
        **dict(zip(("starts_at", "valid_from", "valid_until"), moments, strict=True)),
        "people": people,
        "check": bool(flags & 1),
    }


def decode(text: str) -> bytes:
    """Base 45 after the prefix: three characters hold two bytes, a last pair holds one. Raises NotGenuine."""
    body = text.removeprefix(PREFIX)
    if body == text or not set(body) <= set(ALPHABET) or len(body) % 3 == 1:
        raise NotGenuine
    out = b""
    for at in range(0, len(body), 3):
        group = [ALPHABET.index(character) for character in body[at : at + 3]]
        number = sum(value * 45**place for place, value in enumerate(group))
        if number >= 256 ** (len(group) - 1):
            raise NotGenuine
        out += number.to_bytes(len(group) - 1, "big")
    return out


if __name__ == "__main__":
    sys.exit(main())
