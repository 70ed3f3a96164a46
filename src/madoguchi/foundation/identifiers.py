"""Numbers that name things: references people read aloud, secrets, row ids, and the official codes of Japan."""

import os
import re
import secrets
import time
import uuid
from collections.abc import Callable, Iterable
from threading import local
from typing import Final

from stdnum.jp import cn as corporate_number

from madoguchi.foundation.text import as_code

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a reference survives handwriting and the telephone."""

_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_RANDOM_CHARACTERS: Final = 10
_SHOWN: Final = ALPHABET.encode().ljust(256)
_SECRET: Final = b"abcdefghijklmnopqrstuvwxyz234567" * 8
"""A letter for each byte, each letter for eight: of a random byte, five bits."""
_LONGEST_TYPED: Final = 64
_SEPARATORS: Final = re.compile(r"[\s-]+")


_POOL: Final = 1024
"""Random bytes drawn from the system at once: each drawing lets other threads in, which costs more than the bytes."""


class _Pool(local):
    """Each thread's random bytes, each used once."""

    def __init__(self) -> None:
        self.left = b""


_pool = _Pool()
os.register_at_fork(after_in_child=lambda: setattr(_pool, "left", b""))  # or parent and child would draw the same


def _random(count: int) -> bytes:
    left = _pool.left
    if len(left) < count:
        left = secrets.token_bytes(_POOL)
    _pool.left = left[count:]
    return left[:count]


def _bits(count: int) -> int:
    return int.from_bytes(_random(-(-count // 8))) >> -count % 8


def _below_power_of_two(limit: int) -> int:
    return _bits(limit.bit_length() - 1)


def new_reference(pick: Callable[[int], int] = _below_power_of_two) -> str:
    """A new reference for people: 10 random characters (50 bits) and a check character, as ``XXXX-XXXX-XXX``.

    `pick` gives a number below its argument; a simulation passes a seeded one.
    """
    drawn = pick(1 << 5 * _RANDOM_CHARACTERS)
    values = [drawn >> 5 * place & 31 for place in range(_RANDOM_CHARACTERS)]
    return _shown([*values, _remainder(values)])


def parse_reference(text: str) -> str | None:
    """The reference a person typed, in its one form, or None when it cannot be one.

    Tolerates lower case, full-width letters, spaces, any dashes, O for 0, I and L for 1. The check finds every
    single wrong character and every swap of two.
    """
    if len(text) > _LONGEST_TYPED:
        return None
    typed = _SEPARATORS.sub("", as_code(text)).upper()
    values = [_VALUE.get(character, -1) for character in typed]
    if len(values) != _RANDOM_CHARACTERS + 1 or -1 in values or _remainder(values[:-1]) != values[-1]:
        return None
    return _shown(values)


def _shown(values: list[int]) -> str:
    text = bytes(values).translate(_SHOWN).decode("ascii")
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def _remainder(values: Iterable[int]) -> int:
    """The check value: a polynomial over GF(32) (modulus x⁵+x²+1), each position weighted by its own power of x."""
    total = 0
    for value in values:
        total = (total ^ value) << 1
        if total & 32:
            total ^= 0b100101
    return total


def new_secret(bits: int = 160) -> str:
    """A new secret of at least ``bits`` random bits, as lower-case base 32 (160 bits: 32 characters)."""
    return _random(-(-bits // 5)).translate(_SECRET).decode("ascii")


def new_id() -> uuid.UUID:
    """A new row id: UUID version 7 (RFC 9562, 5.7), ordered by time to a quarter of a microsecond, 62 bits random."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | _bits(62))


def is_corporate_number(text: str) -> bool:
    """Whether the text is a corporate number (法人番号): 13 half-width digits, the first checking the others.

    Source: 法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条.
    """
    return len(text) == 13 and text.isascii() and text.isdigit() and bool(corporate_number.is_valid(text))
