"""Where the signature sits in a PDF, and whether it covers everything else: byte arithmetic, no PDF parser.

Attacks on signed PDF (pdf-insecurity.org: incremental saving, signature wrapping, universal forgery) live in the gap
between what a parser shows and what was hashed. Here there is no gap: the hashed bytes must be the whole file but for
one hexadecimal string, and that string must be one DER value followed by zeros.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

_RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}" + rb"(\d{1,9})\s{1,9}" * 3 + rb"(\d{1,9})\s{0,9}\]")
_LONGEST = 65_536  # bytes of a container; ours have 2.3 KB, 12 KB with a timestamp
_HEX = re.compile(rb"[0-9a-fA-F]*")
_CONTENTS = re.compile(rb"/Contents\s{0,9}<([^<>]+)>")
_NO_DIGIT = re.compile(rb"[^0-9a-fA-F]")
_SEQUENCE = b"\x30"
_ANY = (_SEQUENCE, b"\x04")  # adbe.x509.rsa_sha1 of old programs is an octet string
_SHORTEST = 128  # bytes: no RSA signature of any program is shorter, no container either
_MOST = 8  # signatures of a file that are looked at: the last ones


class Broken(Exception):
    """The signature does not cover the whole file, or its place is malformed; `cause` is a short code."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Container:
    """The DER of the CMS signature, the bytes it claims to sign, and whether its spelling is ours."""

    der: bytes
    signed: bytes
    our_spelling: bool


def find(pdf: bytes) -> Container:
    """The last signature of a PDF.

    Raises `Broken` with "range" (malformed), "appended" (bytes after the signed ones) or "gap" (unsigned bytes within).
    """
    # The last one: an earlier one cannot cover the whole file, a later one would not be covered.
    matches = list(_RANGE.finditer(pdf))
    if not matches:
        raise Broken("range")
    start, before, after, rest = (int(number) for number in matches[-1].groups())
    if start != 0 or not before < after:
        raise Broken("range")
    if after + rest != len(pdf):
        raise Broken("appended" if after + rest < len(pdf) else "range")
    gap = pdf[before:after]
    return Container(_value(gap), pdf[:before] + pdf[after:], gap == gap.upper())


def all_values(pdf: bytes) -> Iterator[bytes]:
    """The bytes of each signature in the file, whatever it covers (the last eight): whose it is, not whether it holds.

    A spoilt digit or length does not hide whose it was, so nothing is parsed; no more than the longest of ours.
    """
    for place in deque(_CONTENTS.finditer(pdf), maxlen=_MOST):
        digits = _NO_DIGIT.sub(b"0", b"".join(place[1].split()))
        data = bytes.fromhex(digits[: len(digits) & ~1].decode())
        if data[:1] in _ANY and len(data) >= _SHORTEST:
            yield data[:_LONGEST]


def _value(gap: bytes) -> bytes:
    inside = gap[1:-1]
    well_formed = gap[:1] == b"<" and gap[-1:] == b">" and len(inside) % 2 == 0 and len(inside) <= 2 * _LONGEST
    if not well_formed or not _HEX.fullmatch(inside):
        raise Broken("gap")
    data = bytes.fromhex(inside.decode())
    size = _der_size(data)
    if size > len(data) or data[size:].strip(b"\0"):
        raise Broken("gap")
    return data[:size]


def _der_size(data: bytes) -> int:
    """Length of the DER value at the start, header included."""
    if len(data) < 4 or data[:1] != _SEQUENCE:
        raise Broken("gap")
    if data[1] < 0x80:
        return 2 + data[1]
    octets = data[1] & 0x7F
    if not 1 <= octets <= 3:
        raise Broken("gap")
    return 2 + octets + int.from_bytes(data[2 : 2 + octets], "big")
