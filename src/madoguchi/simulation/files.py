"""The files that invented applicants attach: real, small, and plainly marked as invented."""

import hashlib
import io
from functools import cache
from typing import Final, NamedTuple

import pikepdf
from PIL import Image, ImageDraw

KINDS: Final = 12
"""So many different files of a kind there are; their contents mean nothing."""


class Attached(NamedTuple):
    """A file as `applications.Upload` keeps it."""

    kind: str
    content: bytes
    sha256: str


@cache
def attached(kind: str, number: int) -> Attached:
    """File `number` of a kind: pdf, jpeg or png. It can be opened, and its page is a plain drawing."""
    content = _pdf(number) if kind == "pdf" else _picture(kind, number)
    return Attached(kind, content, hashlib.sha256(content).hexdigest())


def _pdf(number: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        label = f"BT /F1 28 Tf 60 760 Td (MIHON / SAMPLE {number}) Tj ET"
        text = f"{label} 60 200 {300 + number * 10} 480 re S 60 440 m 360 440 l S"
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].Contents = pdf.make_stream(text.encode())
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
        pdf.docinfo["/Title"] = f"見本（架空） {number}"
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _picture(kind: str, number: int) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (320, 240), (235, 240, 245))
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 60, 120 + number * 10, 220), outline=(60, 80, 110), width=3)
    draw.text((20, 20), f"MIHON / SAMPLE {number}", fill=(60, 80, 110))
    image.save(out, kind)
    return out.getvalue()
