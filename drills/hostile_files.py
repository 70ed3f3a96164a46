"""Files that are made to do harm, each with what must come of it; the same seed makes the same files.

Kinds are spread evenly, so that a short run has some of each. Nothing here is large until somebody unpacks it.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import cycle, islice
from typing import NamedTuple

from PIL import Image

from .hostile_pdf import PDF_KINDS, real_pdf

MB = 1024 * 1024


class Hostile(NamedTuple):
    """One file: what it is, where it goes (upload, gate, verify), its name and bytes, and whether it may be taken."""

    kind: str
    place: str
    name: str
    content: bytes
    accepted: bool = False


def files(count: int, seed: int, kinds: tuple[str, ...] = ()) -> Iterator[Hostile]:
    """So many, the kinds in turn (or those named only)."""
    rng = random.Random(seed)
    made = {name: make for name, make in KINDS.items() if not kinds or name in kinds}
    for kind, make in islice(cycle(made.items()), count):
        yield make(rng)._replace(kind=kind)


def _upload(content: bytes, name: str, accepted: bool = False) -> Hostile:
    return Hostile("", "upload", name, content, accepted)


# ------------------------------------------------------------------ pictures


def _png(rng: random.Random, width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    body = chunks or ((b"IDAT", zlib.compress(rng.randbytes(50))),)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in ((b"IHDR", head), *body, (b"IEND", b"")))


def _picture(kind: str, size: tuple[int, int], **options: object) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, "navy").save(held, kind, **options)
    return held.getvalue()


@lru_cache
def _scans() -> bytes:
    """A progressive JPEG whose last scan is repeated: each goes over the whole picture."""
    whole = _picture("jpeg", (6_000, 6_000), progressive=True)
    start = whole.rindex(b"\xff\xda")
    scan = whole[start : whole.rindex(b"\xff\xd9")]
    return whole[:start] + scan * min(3_000, 15 * MB // len(scan)) + b"\xff\xd9"


def _jpeg_of(rng: random.Random, width: int, height: int) -> bytes:
    real = bytearray(_picture("jpeg", (16, 16)))
    at = real.index(b"\xff\xc0") + 5
    real[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(real) + rng.randbytes(20)


PICTURES: dict[str, Callable[[random.Random], Hostile]] = {
    "png of huge size": lambda r: _upload(_png(r, r.randint(8_000, 2**31 - 1), r.randint(8_000, 2**31 - 1)), "a.png"),
    "png with a flood in a text": lambda r: _upload(
        _png(r, 8, 8, (b"zTXt", b"Comment\0\0" + zlib.compress(bytes(r.randint(50, 90) * MB)))), "a.png"),
    "png with a flood in its profile": lambda r: _upload(
        _png(r, 8, 8, (b"iCCP", b"icc\0\0" + zlib.compress(bytes(r.randint(50, 90) * MB)))), "a.png"),
    "png cut off": lambda r: _upload(_picture("png", (300, 300))[: -r.randint(13, 300)], "a.png"),
    "jpeg of huge size": lambda r: _upload(_jpeg_of(r, r.randint(9_000, 65_500), r.randint(9_000, 65_500)), "a.jpg"),
    "jpeg of many scans": lambda r: _upload(_scans() + r.randbytes(9), "a.jpg"),
    "jpeg cut off": lambda r: _upload(_picture("jpeg", (500, 500))[: r.randint(4, 300)], "a.jpg"),
    "gif of huge size": lambda r: _upload(b"GIF89a\xff\xff\xff\xff" + r.randbytes(40), "a.gif"),
    "tiff of huge size": lambda r: _upload(b"II*\0\x08\0\0\0" + r.randbytes(99), "a.jpg"),
    "webp of huge size": lambda r: _upload(b"RIFF\xff\0\0\0WEBPVP8X" + r.randbytes(99), "a.png"),
    "heic": lambda r: _upload(b"\0\0\0\x18ftypheic" + r.randbytes(99), "IMG_1.HEIC"),
    "svg with a script": lambda r: _upload(b"<svg onload='alert(%d)'/>" % r.randrange(99), "a.png"),
    "a large honest png": lambda r: _upload(_picture("png", (5_000, r.randint(4_000, 5_000))), "図面.png", True),
    "jpeg named as a program": lambda r: _upload(
        _picture("jpeg", (8, 8)) + r.randbytes(9), f"a.{r.choice(['hta', 'js', 'exe', 'html'])}", True),
}  # fmt: skip

# ------------------------------------------------------------------ other bytes

HEADS = (
    b"<html><script>1</script>",
    b"MZ\x90\0",
    b"PK\x03\x04\x14\0",
    b"GIF89a",
    b"#!/bin/sh\n",
    b"\xef\xbb\xbf",
    b"{\\rtf1",
)
ENDINGS = ("hta", "html", "js", "lnk", "exe", "svg", "zip", "pdf.hta")
OTHERS: dict[str, Callable[[random.Random], Hostile]] = {
    "pdf behind another head": lambda r: _upload(
        r.choice(HEADS) + bytes(r.randint(0, 900)) + real_pdf(r), f"a.{r.choice(ENDINGS)}", True),
    "pdf too far behind": lambda r: _upload(bytes(r.randint(1_024, 3_000)) + real_pdf(r), "a.pdf"),
    "a page named as a pdf": lambda r: _upload(b"<html><script>%d</script>" % r.randrange(99), "a.pdf"),
    "a zip": lambda r: _upload(b"PK\x03\x04" + r.randbytes(99), "a.pdf"),
    "noise": lambda r: _upload(r.randbytes(r.randint(1, 9_999)), "a.pdf"),
}  # fmt: skip

# ------------------------------------------------------------------ tables


def _gate(content: bytes, name: str, accepted: bool = False) -> Hostile:
    return Hostile("", "gate", name, content, accepted)


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s<sheetData>%s</sheetData>%s</worksheet>'


@lru_cache
def _workbook() -> bytes:
    import openpyxl

    book, held = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["番号", "人口"])
    book.active.append([1, 1200])
    book.save(held)
    return held.getvalue()


def _xlsx(sheet: bytes = b"", more: dict[str, bytes] | None = None, flags: int = 0) -> bytes:
    """A real workbook with another sheet or more parts."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_workbook())) as old,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        parts = {name: old.read(name) for name in old.namelist()} | (more or {})
        if sheet:
            parts["xl/worksheets/sheet1.xml"] = sheet
        for name, body in parts.items():
            new.writestr(name, body)
    made = held.getvalue()
    return made.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\x01\0") if flags else made


@lru_cache
def _flood(place: str) -> bytes:
    return _xlsx(more={place: bytes(120 * MB)})


def _flooded(place: str, rng: random.Random) -> bytes:
    held = io.BytesIO(_flood(place))
    with zipfile.ZipFile(held, "a") as more:
        more.writestr("noise", rng.randbytes(9))
    return held.getvalue()


def _sheet(rows: str, before: str = "", after: str = "") -> bytes:
    return (SHEET % (before, rows, after)).encode()


def _cell(place: str, value: int = 1) -> str:
    row = "".join(c for c in place if c.isdigit())
    return f'<row r="{row}"><c r="{place}"><v>{value}</v></c></row>'


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a0 "x">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"
)
TABLES: dict[str, Callable[[random.Random], Hostile]] = {
    "xlsx with a flood": lambda r: _gate(_flooded("xl/worksheets/sheet1.xml", r), "a.xlsx"),
    "xlsx with a flood beside": lambda r: _gate(_flooded("xl/media/a.bin", r), "a.xlsx"),
    "xlsx of laughs": lambda r: _gate(_xlsx(ENTITIES.encode() + _sheet(f"&a{r.randint(5, 9)};")), "a.xlsx"),
    "xlsx with a foreign entity": lambda r: _gate(
        _xlsx(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + _sheet(_cell("A1"))), "a.xlsx"),
    "xlsx of huge size": lambda r: _gate(_xlsx(_sheet(_cell("A1") + _cell(f"XFD{r.randint(9**5, 2**20)}"))), "a.xlsx"),
    "xlsx merged for ever": lambda r: _gate(_xlsx(_sheet(
        _cell("A1"), after=f'<mergeCells><mergeCell ref="A1:XFD{r.randint(9**5, 2**20)}"/></mergeCells>')), "a.xlsx"),
    "xlsx nested deeply": lambda r: _gate(
        _xlsx(_sheet("<a>" * (n := r.randint(10**6, 2 * 10**6)) + "</a>" * n)), "a.xlsx"),
    "xlsx of many parts": lambda r: _gate(
        _xlsx(more={f"xl/a{n}.xml": b"<a/>" for n in range(r.randint(2_001, 4_000))}), "a.xlsx"),
    "xlsx with macros": lambda r: _gate(_xlsx(more={"xl/vbaProject.bin": r.randbytes(99)}), "a.xlsm"),
    "xlsx with a password": lambda r: _gate(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + r.randbytes(999), "a.xlsx"),
    "xlsx marked as encrypted": lambda r: _gate(_xlsx(more={"a": r.randbytes(9)}, flags=1), "a.xlsx"),
    "xlsx of too many cells": lambda r: _gate(
        _xlsx(_sheet("<row>" + "<c/>" * r.randint(500_001, 900_000) + "</row>")), "a.xlsx"),
    "zip without a workbook": lambda r: _gate(b"PK\x03\x04" + r.randbytes(r.randint(9, 999)), "a.xlsx"),
    "pdf at the gate": lambda r: _gate(real_pdf(r), "a.csv"),
    "csv of too many cells": lambda r: _gate(b"1," * r.randint(500_001, 800_000), "a.csv"),
    "csv with an endless cell": lambda r: _gate(b"a,b\n1,\"" + b"x" * r.randint(10_001, 9 * MB) + b'"\n', "a.csv"),
    "csv with a stray quote": lambda r: _gate(b'a,b\n1,"x"y' + r.randbytes(3).hex().encode() + b'"\n', "a.csv"),
    "csv of zeros": lambda r: _gate(bytes(r.randint(9, 9 * MB)), "a.csv"),
    "an honest table": lambda r: _gate(b"\xe7\x95\xaa\xe5\x8f\xb7,n\n1,%d\n" % r.randrange(99), "a.csv", True),
    "an honest workbook": lambda r: _gate(_xlsx(_sheet(_cell("A1") + _cell("A2", r.randrange(99)))), "a.xlsx", True),
}  # fmt: skip

# ------------------------------------------------------------------ to the verifier


def _verify(content: bytes, name: str = "a.pdf") -> Hostile:
    return Hostile("", "verify", name, content)


RANGE = b"/ByteRange [0 10 30 99] "
SIGNATURES: dict[str, Callable[[random.Random], Hostile]] = {
    "many ranges": lambda r: _verify(b"%PDF-1.7\n" + RANGE * r.randint(10**5, 8 * 10**5) + b"%%EOF"),
    "an endless signature": lambda r: _verify(
        b"%PDF-1.7\n/ByteRange [0 40 9000000 5] <" + b"30" * r.randint(10**6, 9 * 10**6) + b"> %%EOF"),
    "many signatures": lambda r: _verify(
        b"%PDF-1.7\n" + b"".join(b"/ByteRange [0 9 99 9] /Contents <3082%s>\n" % r.randbytes(200).hex().encode()
                                 for _n in range(r.randint(2_000, 20_000))) + b"%%EOF"),
    "a signature nested deeply": lambda r: _verify(
        b"%PDF-1.7\n/ByteRange [0 30 60060 9] <" + b"3080" * r.randint(9_000, 15_000) + b"> %%EOF"),
    "endless digits": lambda r: _verify(b"%PDF-1.7\n/ByteRange [" + b"9 " * r.randint(10**6, 9 * 10**6) + b"] %%EOF"),
}  # fmt: skip

KINDS = (
    {name: (lambda r, m=make: _upload(*m(r))) for name, make in PDF_KINDS.items()}
    | PICTURES | OTHERS | TABLES | SIGNATURES
    | {f"{name}, to be verified": (lambda r, m=make: _verify(m(r)[0])) for name, make in PDF_KINDS.items()}
)  # fmt: skip
