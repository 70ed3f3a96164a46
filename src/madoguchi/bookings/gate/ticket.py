"""The e-ticket's text: a compact payload signed with Ed25519 (RFC 8032), read by gates that have no network.

``MGT1:`` and base 45 (RFC 9285) of: format (1 byte), key number (2), ticket's id (16), start, valid from, valid until
(4 each, seconds since 1970), people (1), flags (1), facility and category (each a length byte and ASCII), signature
(64). Integers are big-endian. The signature covers ``DOMAIN`` and everything before it. No name is inside. Why base 45:
ADR 0020.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from madoguchi.platform.failpoints import switched_off

PREFIX: Final = "MGT1:"
DOMAIN: Final = b"madoguchi ticket 1\0"
TOWN_TIME: Final = ZoneInfo("Asia/Tokyo")
LONGEST: Final = 480
"""Characters of the longest ticket: a longer text is not read at all."""

_FORMAT: Final = 1
_SIGNATURE: Final = 64
_HEAD: Final = struct.Struct(">BH16sIIIBB")
_CHECK: Final = 1
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}


class Unreadable(ValueError):
    """The text is no ticket of ours: another code, a torn one, or a newer format."""


class State(StrEnum):
    """What a gate may find. Everything but GOOD is refused."""

    GOOD = "good"
    UNREADABLE = "unreadable"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown-key"
    """A key number that this gate has not: made since it last had a network, or nobody's. Not admitted."""
    ELSEWHERE = "elsewhere"
    OTHER_DAY = "other-day"
    EARLY = "early"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What a ticket says. Moments are aware and whole seconds; `check`: a proof must be seen before admitting."""

    key: int
    ticket: UUID
    facility: str
    category: str
    starts_at: datetime
    valid_from: datetime
    valid_until: datetime
    people: int = 1
    check: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of `check`; a payload only where the signature holds."""

    state: State
    payload: Payload | None = None


def sign(payload: Payload, key: Ed25519PrivateKey) -> str:
    """The ticket's text, in the characters of a QR code's alphanumeric mode. Raises ValueError for what cannot fit."""
    packed = pack(payload)
    return PREFIX + base45(packed + key.sign(DOMAIN + packed))


def check(text: str, *, keys: Mapping[int, bytes], facility: str, now: datetime) -> Verdict:
    """Whether a gate of `facility` admits the bearer of `text` at `now`. `keys`: number → raw public key (32 bytes)."""
    try:
        signed = unbase45(text)
        payload = unpack(signed[:-_SIGNATURE])
    except Unreadable:
        return Verdict(State.UNREADABLE)
    if payload.key not in keys:
        return Verdict(State.UNKNOWN_KEY)
    if not (_holds(signed, keys[payload.key]) or switched_off("ticket-signature")):
        return Verdict(State.FORGED)
    return Verdict(_when_and_where(payload, facility, now), payload)


def _holds(signed: bytes, public: bytes) -> bool:
    try:
        _public_key(public).verify(signed[-_SIGNATURE:], DOMAIN + signed[:-_SIGNATURE])
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def _public_key(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


def _when_and_where(payload: Payload, facility: str, now: datetime) -> State:
    if payload.facility != facility:
        return State.ELSEWHERE
    if payload.valid_from <= now <= payload.valid_until:
        return State.GOOD
    early = now < payload.valid_from
    nearest = payload.valid_from if early else payload.valid_until
    if now.astimezone(TOWN_TIME).date() != nearest.astimezone(TOWN_TIME).date():
        return State.OTHER_DAY
    return State.EARLY if early else State.LATE


def pack(payload: Payload) -> bytes:
    """The payload as signed. Raises ValueError for what cannot fit."""
    facility, category = payload.facility.encode("ascii"), payload.category.encode("ascii")
    moments = [int(moment.timestamp()) for moment in (payload.starts_at, payload.valid_from, payload.valid_until)]
    try:
        head = _HEAD.pack(
            _FORMAT, payload.key, payload.ticket.bytes, *moments, payload.people, _CHECK if payload.check else 0
        )
        return head + b"".join(bytes([len(code)]) + code for code in (facility, category))
    except struct.error as fault:
        raise ValueError(f"a ticket cannot carry this: {fault}") from fault


def unpack(packed: bytes) -> Payload:
    """The payload of signed bytes, the signature cut off. Raises Unreadable."""
    if len(packed) < _HEAD.size or packed[0] != _FORMAT:
        raise Unreadable
    _version, key, ticket, starts, since, until, people, flags = _HEAD.unpack_from(packed)
    facility, rest = _code(packed[_HEAD.size :])
    category, rest = _code(rest)
    if rest or flags > _CHECK or not people:
        raise Unreadable
    starts_at, valid_from, valid_until = (datetime.fromtimestamp(one, UTC) for one in (starts, since, until))
    return Payload(
        key=key, ticket=UUID(bytes=ticket), facility=facility, category=category, starts_at=starts_at,
        valid_from=valid_from, valid_until=valid_until, people=people, check=bool(flags),
    )  # fmt: skip


def _code(part: bytes) -> tuple[str, bytes]:
    code, rest = part[1 : 1 + part[0]] if part else b"", part[1 + part[0] :] if part else b""
    if not part or len(code) != part[0] or not code.isascii():
        raise Unreadable
    return code.decode("ascii"), rest


def base45(data: bytes) -> str:
    """RFC 9285: two bytes become three characters, a last single one two."""
    out = []
    for at in range(0, len(data) - 1, 2):
        high, low = divmod(data[at] << 8 | data[at + 1], 45 * 45)
        middle, low = divmod(low, 45)
        out += [ALPHABET[low], ALPHABET[middle], ALPHABET[high]]
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        out += [ALPHABET[low], ALPHABET[high]]
    return "".join(out)


def unbase45(text: str) -> bytes:
    """The bytes behind a ticket's text; only the one way to write them is read. Raises Unreadable."""
    body = text[len(PREFIX) :]
    if not text.startswith(PREFIX) or len(text) > LONGEST or len(body) % 3 == 1:
        raise Unreadable
    try:
        values = [_VALUE[character] for character in body]
    except KeyError as strange:
        raise Unreadable from strange
    out = bytearray()
    for at in range(0, len(values) - 1, 3):
        group = values[at : at + 3]
        number = sum(value * 45**place for place, value in enumerate(group))
        width = len(group) - 1
        if number >= 256**width:
            raise Unreadable
        out += number.to_bytes(width, "big")
    return bytes(out)
