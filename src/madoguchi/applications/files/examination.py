"""Whether a file can be opened by those who must read it. Pure, without Django; runs in a child (quarantine)."""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, Final

import pikepdf
from PIL import Image, UnidentifiedImageError

from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.quarantine_server import GUARD

MB: Final = 1024 * 1024
MAX_PIXELS: Final = 60_000_000
MAX_PDF_PIXELS: Final = 200_000_000
"""Of one picture inside a PDF: a drawing of size A0 scanned at 300 dots an inch has 140 million."""
MAX_UNPACKED: Final = 256 * MB
"""Bytes of all streams of a PDF together: a viewer of ordinary means shows them."""
MAX_OTHER: Final = 60 * MB
"""Bytes of a stream that is packed in another way than Flate, which can only be unpacked whole."""
MAX_WARNINGS: Final = 10_000
FLATE: Final = frozenset({"/FlateDecode", "/Fl"})
PICTURES: Final = frozenset({"/DCTDecode", "/DCT", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode", "/CCF"})
BROKEN: Final = (
    pikepdf.PdfError, UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError,
)  # fmt: skip
NO_ROOM: Final = re.compile("bad_alloc|memory limit exceeded")
"""What the library for PDF says where there is no memory."""

Image.preinit()  # the kinds of pictures are loaded once, not in each child


def fault_of(content: bytes, kind: str) -> str:
    """Why it cannot be taken: file-broken, file-password, file-too-many-pixels, file-too-demanding; empty if it can."""
    try:
        return _fault_of_pdf(content) if kind == "pdf" else _fault_of_picture(content, kind)
    except pikepdf.PasswordError:
        return "file-password"
    except BROKEN as fault:
        return "file-too-demanding" if NO_ROOM.search(str(fault)) else "file-broken"


def _fault_of_picture(content: bytes, kind: str) -> str:
    formats = [kind.upper()]
    with Image.open(io.BytesIO(content), formats=formats) as image:
        if image.width * image.height > MAX_PIXELS:
            return "file-too-many-pixels"
        if kind == "jpeg":
            image.draft("L", (1, 1))  # an eighth of the size: enough to read to the end
            image.load()
            return ""
        image.verify()
    with Image.open(io.BytesIO(content), formats=formats) as image:
        image.load()
    return ""


def _fault_of_pdf(content: bytes) -> str:
    if not switched_off(GUARD):
        pikepdf.settings.set_qpdf_limits(
            doc_max_warnings=MAX_WARNINGS, flate_max_memory=MAX_OTHER, run_length_max_memory=MAX_OTHER,
            png_max_memory=MAX_OTHER, tiff_max_memory=MAX_OTHER,
        )  # fmt: skip
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if not len(pdf.pages):
            return "file-broken"
        if any(NO_ROOM.search(warning) for warning in pdf.get_warnings()):
            return "file-too-demanding"  # its tables were not read, only guessed
        room = MAX_UNPACKED
        for one in pdf.objects:
            if not isinstance(one, pikepdf.Stream):
                continue
            if _pixels(one) > MAX_PDF_PIXELS:
                return "file-too-many-pixels"
            room -= _unpacked(one, room)
            if room < 0:
                return "file-too-demanding"
    return ""


def _pixels(stream: Any) -> int:
    if stream.get("/Subtype") != "/Image":
        return 0
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    return int(width) * int(height)


def _unpacked(stream: Any, room: int) -> int:
    """Bytes that come out of a stream, without decoding a picture; it looks no further than there is room."""
    packing = stream.get("/Filter")
    filters = [str(one) for one in packing] if isinstance(packing, pikepdf.Array) else [str(packing or "")]
    before = next((at for at, one in enumerate(filters) if one in PICTURES), len(filters))
    if FLATE.issuperset(filters[:before]):
        return _inflated(stream.read_raw_bytes(), before, room)
    if before < len(filters):
        stream.stream_dict.Filter = pikepdf.Array([pikepdf.Name(one) for one in filters[:before]])
    try:
        return len(stream.get_stream_buffer(pikepdf.StreamDecodeLevel.specialized))
    except pikepdf.PdfError as fault:
        if NO_ROOM.search(str(fault)):
            raise
        return 0  # what cannot be unpacked takes no room


def _inflated(packed: bytes, times: int, room: int) -> int:
    parts: Iterator[bytes] = (packed[at : at + MB // 16] for at in range(0, len(packed), MB // 16))
    for _filter in range(times):
        parts = _inflating(parts)
    size = 0
    for part in parts:
        size += len(part)
        if size > room:
            break
    return size


def _inflating(parts: Iterator[bytes]) -> Iterator[bytes]:
    unpacking = zlib.decompressobj()
    try:
        for part in parts:
            while part and not unpacking.eof:
                yield unpacking.decompress(part, MB)
                part = unpacking.unconsumed_tail
    except zlib.error:
        return  # what comes after a fault is shown by nobody
