"""The hash chain under every case: nothing recorded is changed, removed or reordered without a visible break."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Final

GENESIS: Final = "0" * 64
"""What the first event of a chain names as its predecessor."""


class NotRecordable(ValueError):
    """The value has no one JSON form: NaN, infinity, a key that is not text, a lone surrogate, a Python object."""


def canonical(value: object) -> bytes:
    """The one JSON form of a value: keys sorted by code point, no spaces, UTF-8, nothing escaped without need.

    Whole floats are written as integers (2.0 as 2, as RFC 8785 does), so that the form survives PostgreSQL's JSONB.
    Raises ``NotRecordable``.
    """
    plain = _plain(value)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotRecordable("a lone surrogate") from None


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return _plain_number(value)
    if isinstance(value, Mapping):
        return {_key(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    raise NotRecordable(type(value).__name__)


def _plain_number(value: float) -> int | float:
    if not math.isfinite(value):
        raise NotRecordable("not a finite number")
    return int(value) if value.is_integer() else value


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotRecordable(f"a key of type {type(key).__name__}")
    return key


def link(previous: str, payload: Mapping[str, object]) -> str:
    """The hash of an event: SHA-256, in hexadecimal, over the previous event's hash and the canonical payload."""
    return hashlib.sha256(previous.encode() + canonical(payload)).hexdigest()


def first_break(events: Iterable[Mapping[str, object]]) -> int | None:
    """The position (from 0) of the first event that does not follow from the one before, or None when all do.

    Each event has "hash", "previous" and "payload"; the first must follow ``GENESIS``.
    """
    expected = GENESIS
    for position, event in enumerate(events):
        if not _follows(expected, event):
            return position
        expected = str(event["hash"])
    return None


def _follows(previous: str, event: Mapping[str, object]) -> bool:
    payload = event["payload"]
    return isinstance(payload, Mapping) and event["previous"] == previous and event["hash"] == link(previous, payload)
