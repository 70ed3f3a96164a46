"""Which characters a TrueType font has: its `cmap` table, read directly (OpenType 1.9, formats 4, 12 and 14).

fontTools reads it too, but builds 17,000 glyph names on the way: memory that stays in every worker. It is the tests'
oracle.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

Coverage = tuple[frozenset[int], dict[int, frozenset[int]]]
"""Code points, and for each variation selector the code points it may follow."""


def coverage(path: Path) -> Coverage:
    """What the font at `path` draws. Raises `ValueError` if it is no TrueType font with a Unicode table."""
    tables = _subtables(path)
    if 12 in tables:
        characters = frozenset(_format_12(tables[12]))
    elif 4 in tables:
        characters = frozenset(_format_4(tables[4]))
    else:
        raise ValueError(f"{path} has no Unicode character table.")
    return characters, dict(_format_14(tables[14])) if 14 in tables else {}


def _subtables(path: Path) -> dict[int, bytes]:
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12:
            raise ValueError(f"{path} is no TrueType font.")
        count = struct.unpack(">4xH6x", head)[0]
        directory = {entry[0]: entry[1:] for entry in struct.iter_unpack(">4s4xII", file.read(16 * count))}
        if b"cmap" not in directory:
            raise ValueError(f"{path} is no TrueType font.")
        start, length = directory[b"cmap"]
        file.seek(start)
        table = file.read(length)
    number = struct.unpack_from(">xxH", table)[0]
    records = struct.iter_unpack(">HHI", table[4 : 4 + 8 * number])
    # Platform 0 is Unicode; platform 3 with encoding 1 or 10 is Windows' Unicode.
    offsets = [offset for platform, encoding, offset in records if platform == 0 or (platform, encoding) in _WINDOWS]
    return {struct.unpack_from(">H", table, offset)[0]: table[offset:] for offset in offsets}


_WINDOWS = {(3, 1), (3, 10)}


def _format_12(table: bytes) -> Iterator[int]:
    count = struct.unpack_from(">12xI", table)[0]
    for first, last, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * count]):
        yield from range(first if glyph else first + 1, last + 1)


def _format_4(table: bytes) -> Iterator[int]:
    segments = struct.unpack_from(">6xH", table)[0] // 2
    columns = struct.unpack_from(f">{segments}H2x{segments}H{segments}H{segments}H", table, 14)
    ends, starts, deltas, offsets = (columns[segments * part : segments * (part + 1)] for part in range(4))
    base = 16 + 6 * segments
    for index, (end, start, delta, offset) in enumerate(zip(ends, starts, deltas, offsets, strict=True)):
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = point
            if offset:
                glyph = struct.unpack_from(">H", table, base + 2 * index + offset + 2 * (point - start))[0]
            if (glyph + delta) & 0xFFFF and (glyph or not offset):
                yield point


def _format_14(table: bytes) -> Iterator[tuple[int, frozenset[int]]]:
    count = struct.unpack_from(">6xI", table)[0]
    for high, low, usual, special in struct.iter_unpack(">BHII", table[10 : 10 + 11 * count]):
        points = set(_ranges(table, usual) if usual else ()) | set(_mappings(table, special) if special else ())
        yield high << 16 | low, frozenset(points)


def _ranges(table: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">I", table, at)[0]
    for high, low, more in struct.iter_unpack(">BHB", table[at + 4 : at + 4 + 4 * count]):
        yield from range(high << 16 | low, (high << 16 | low) + more + 1)


def _mappings(table: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">I", table, at)[0]
    for high, low, _ in struct.iter_unpack(">BHH", table[at + 4 : at + 4 + 5 * count]):
        yield high << 16 | low
