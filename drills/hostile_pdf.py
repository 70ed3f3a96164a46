"""Hostile PDF: each maker returns (content, name, whether it may be taken)."""

import io
import random
import zlib
from collections.abc import Callable
from functools import lru_cache

import pikepdf

MB = 1024 * 1024
Made = tuple[bytes, str, bool]


@lru_cache
def _packed(size: int, times: int = 1) -> bytes:
    """So many spaces, packed so many times."""
    packing = zlib.compressobj(1 if times == 1 else 6)
    made = b"".join(packing.compress(b" " * MB) for _n in range(size // MB)) + packing.flush()
    for _time in range(times - 1):
        made = zlib.compress(made)
    return made


def real_pdf(rng: random.Random, **encryption: object) -> bytes:
    """A page that says a number."""
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = str(rng.random())
        pdf.save(held, static_id=True, **encryption)
    return held.getvalue()


def _with_stream(rng: random.Random, data: bytes, filters: list[str], **entries: object) -> bytes:
    """A page whose content, or an object beside it, is this stream."""
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        stream = pikepdf.Stream(pdf, data)
        stream.stream_dict.Filter = pikepdf.Array([pikepdf.Name(f"/{one}") for one in filters])
        for name, value in entries.items():
            stream.stream_dict[f"/{name}"] = value
        pdf.pages[0].Contents = stream
        pdf.docinfo["/Title"] = str(rng.random())
        pdf.save(held, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none, static_id=True)
    return held.getvalue()


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj %b endobj\n" % (number, body)


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %b /Length %d >> stream\n%b\nendstream" % (entries, len(data), data)


def _file(bodies: list[bytes], *, root: int = 1) -> bytes:
    """Objects 1, 2, … with a table."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += _object(number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + b"".join(
        b"%010d 00000 n \n" % at for at in places
    )
    told = b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, root, len(made))
    return bytes(made + table + told)


CATALOG, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"


@lru_cache
def _in_a_flood(size: int, times: int) -> bytes:
    """The pages stand in an object stream that goes on and on."""
    inside = CATALOG + PAGES + PAGE
    head = b"1 0 2 %d 3 %d " % (len(CATALOG), len(CATALOG + PAGES))
    packing = zlib.compressobj(1)
    data = packing.compress(head + inside) + b"".join(packing.compress(b" " * MB) for _n in range(size // MB))
    data += packing.flush()
    for _time in range(times - 1):
        data = zlib.compress(data)
    filters = b"[ " + b"/FlateDecode " * times + b"]"
    made = b"%PDF-1.7\n"
    at = len(made)
    made += _object(4, _stream(b"/Type /ObjStm /N 3 /First %d /Filter %b" % (len(head), filters), data))
    rows = [(0, 0, 0), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, at, 0), (1, len(made), 0)]
    table = b"".join(bytes([kind]) + where.to_bytes(4) + bytes([which]) for kind, where, which in rows)
    start = len(made)
    return (
        made
        + _object(5, _stream(b"/Type /XRef /Size 6 /Root 1 0 R /W [1 4 1]", table))
        + b"startxref\n%d\n%%%%EOF" % start
    )


def _table_flood(size: int, times: int) -> bytes:
    """The cross-reference stream itself goes on and on: nothing can be read before it is unpacked."""
    made = b"%PDF-1.7\n" + _object(1, CATALOG) + _object(2, PAGES) + _object(3, PAGE)
    filters = b"[ " + b"/FlateDecode " * times + b"]"
    told = b"/Type /XRef /Size %d /Root 1 0 R /W [1 4 1] /Filter %b" % (size // 6, filters)
    return made + _object(4, _stream(told, _packed(size, times))) + b"startxref\n%d\n%%%%EOF" % len(made)


def _tree(depth: int) -> bytes:
    """Pages within pages within pages."""
    bodies = [CATALOG]
    for number in range(2, depth + 2):
        parent = b"/Parent %d 0 R " % (number - 1) if number > 2 else b""
        bodies.append(b"<< /Type /Pages %b/Count 1 /Kids [%d 0 R] >>" % (parent, number + 1))
    return _file([*bodies, PAGE.replace(b"2 0 R", b"%d 0 R" % (depth + 1))])


@lru_cache
def _lzw(runs: int) -> bytes:
    """Zeros as LZW: each run of the table makes seven megabytes of six kilobytes."""
    bits, codes = [], [0, *range(258, 4093)]
    for _run in range(runs):
        bits.append(format(256, "09b") if _run == 0 else format(256, "012b"))
        width, size = 9, 257
        for code in codes:
            bits.append(format(code, f"0{width}b"))
            size += 1
            width = 9 if size < 511 else 10 if size < 1023 else 11 if size < 2047 else 12
    whole = "".join(bits) + format(257, "012b")
    whole += "0" * (-len(whole) % 8)
    return int(whole, 2).to_bytes(len(whole) // 8)


def _nested(depth: int) -> bytes:
    return _file(
        [
            CATALOG.replace(b">>", b"/A " + b"[" * depth + b"]" * depth + b" >>"),
            PAGES.replace(b"[3 0 R]", b"9 0 R"),
            PAGE,
        ]
    )


def _huge(rng: random.Random) -> bytes:
    entries = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image, "Width": rng.randint(20_000, 2**30),
               "Height": rng.randint(20_000, 2**30)}  # fmt: skip
    return _with_stream(
        rng, rng.randbytes(99), [rng.choice(["DCTDecode", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode"])], **entries
    )


def _flood(rng: random.Random, last: str = "") -> bytes:
    times = rng.randint(1, 3)
    filters = ["FlateDecode"] * times + ([last] if last else [])
    return _with_stream(rng, _packed(rng.choice([270, 400]) * MB, times), filters)


def _run_length(rng: random.Random) -> bytes:
    return _with_stream(rng, zlib.compress(b"\x81\0" * (rng.randint(3, 9) * MB), 1), ["FlateDecode", "RunLengthDecode"])


def _eighty_five(rng: random.Random) -> bytes:
    return _with_stream(
        rng, zlib.compress(b"z" * (rng.randint(70, 90) * MB) + b"~>", 1), ["FlateDecode", "ASCII85Decode"]
    )


def _cyclic(rng: random.Random) -> bytes:
    return _file([CATALOG, b"<< /Type /Pages /Count %d /Kids [2 0 R 2 0 R] >>" % rng.randint(1, 10**9)])


def _locked(rng: random.Random) -> bytes:
    way = rng.choice([3, 4, 6])
    locked = pikepdf.Encryption(user="secret", owner="secret", R=way, aes=way > 3, metadata=way > 3)
    return real_pdf(rng, encryption=locked)


def _mark(rng: random.Random) -> bytes:
    """A comment at the end, so that no two files are the same."""
    return b"\n%" + rng.randbytes(9).hex().encode()


def _long(rng: random.Random) -> bytes:
    """A stream that says that it is longer than the file: every viewer mends it."""
    content = b"<< /Length %d >> stream\nx\nendstream" % rng.randint(10**9, 10**18)
    return _file([CATALOG, PAGES, PAGE.replace(b">>", b"/Contents 4 0 R >>"), content])


PDF_KINDS: dict[str, Callable[[random.Random], Made]] = {
    "flood in a page": lambda r: (_flood(r), "a.pdf", False),
    "flood in a picture": lambda r: (_flood(r, "DCTDecode"), "a.pdf", False),
    "flood of objects": lambda r: (_in_a_flood(r.choice([100, 400]) * MB, r.randint(1, 2)) + _mark(r), "a.pdf", False),
    "flood in the table": lambda r: (_table_flood(400 * MB, r.randint(1, 3)) + _mark(r), "a.pdf", False),
    "flood of LZW": lambda r: (_with_stream(r, _lzw(60), ["LZWDecode"]), "a.pdf", False),
    "flood of runs": lambda r: (_run_length(r), "a.pdf", False),
    "flood of ASCII85": lambda r: (_eighty_five(r), "a.pdf", False),
    "picture of huge size": lambda r: (_huge(r), "a.pdf", False),
    "deep page tree": lambda r: (_tree(r.randint(50_000, 90_000)), "a.pdf", False),
    "cyclic page tree": lambda r: (_cyclic(r), "a.pdf", False),
    "deep brackets": lambda r: (_nested(r.randint(10**5, 10**6)), "a.pdf", False),
    "no page": lambda r: (_file([CATALOG, b"<< /Type /Pages /Count %d /Kids [] >>" % r.randint(0, 9)]), "a.pdf", False),
    "password": lambda r: (_locked(r), "a.pdf", False),
    "only a head": lambda r: (b"%PDF-1.7\n" + r.randbytes(r.randint(0, 9_999)), "a.pdf", False),
    "cut off": lambda r: (real_pdf(r)[: r.randint(9, 60)], "a.pdf", False),
    "huge length": lambda r: (_long(r), "a.pdf", True),
    "an honest pdf": lambda r: (real_pdf(r), "図面.pdf", True),
    "named as a program": lambda r: (real_pdf(r), f"a.{r.choice(['hta', 'js', 'lnk', 'html'])}", True),
}  # fmt: skip
