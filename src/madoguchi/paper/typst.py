"""A `Document` as a tagged PDF (PDF/UA-1), by typst with its compiler and fonts kept warm."""

import io
import json
import threading
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import segno

from madoguchi.foundation.dates import TOWN_TIME
from madoguchi.foundation.later import Later

from .document import Document, printable
from .glyphs import faces, typesetting
from .tagging import with_row_headers

typst: Any = Later("typst")

TEMPLATES = Path(__file__).parent / "templates"


class RenderingFailed(Exception):
    """typst refused the template or PDF/UA-1 was not reached: a fault of ours, not of the applicant's."""


class Typesetter:
    """One warm compiler. Safe to share between threads: they take turns, since typst compiles one at a time."""

    def __init__(self, fonts: Path) -> None:
        self._faces = faces(fonts)
        # Neither this machine's fonts nor typst's own: a document looks the same wherever it is rendered.
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=found)
        self._turn = threading.Lock()

    def render(self, document: Document, made_at: datetime | None = None) -> bytes:
        """The PDF; equal documents made at once give equal bytes. Raises `MissingGlyph` before anything is rendered.

        Without `made_at` it is made when its day begins in Japan: no signature of that day is older.
        """
        made_at = made_at or datetime.combine(document.issued_on, time(), TOWN_TIME)
        data = printable(document) | {"keywords": document.keywords, "qr": qr_code(document.verify_url)}
        return self.typeset(TEMPLATES / document.template, data, made_at)

    def typeset(self, template: Path, data: dict[str, Any], made_at: datetime) -> bytes:
        """A template filled with data as PDF/UA-1, dated that moment. Raises `MissingGlyph`, `RenderingFailed`."""
        source: Any = template if template.parent == TEMPLATES else template.read_bytes()  # outside of typst's root
        data |= typesetting(_texts(data), self._faces)
        try:
            with self._turn:
                pdf = self._compiler.compile(
                    input=source,
                    format="pdf",
                    sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
                    pdf_standards="ua-1",
                    timestamp=int(made_at.timestamp()),
                )
        except typst.TypstError as error:
            raise RenderingFailed(f"{template.name}: {error.message}") from error
        if not isinstance(pdf, bytes):
            raise RenderingFailed(f"{template.name}: typst gave no PDF.")
        return with_row_headers(pdf)


@cache
def typesetter(fonts: Path) -> Typesetter:
    """The process's typesetter for this font directory, made once. Raises `FontsMissing`."""
    return Typesetter(fonts)


def render(document: Document, *, fonts: Path, made_at: datetime | None = None) -> bytes:
    """The document as an unsigned PDF/UA-1. Raises `MissingGlyph`, `FontsMissing`, `RenderingFailed`."""
    return typesetter(fonts).render(document, made_at)


def qr_code(url: str) -> str:
    """An SVG two-dimensional code, error correction M (15 % may be soiled); the template leaves the quiet zone.

    The mask is fixed: trying all eight costs 5 ms, a third of a document, and every reader reads every mask.
    """
    out = io.BytesIO()
    segno.make_qr(url, error="m", boost_error=False, mask=2).save(
        out, kind="svg", border=0, xmldecl=False, dark="#16191d"
    )
    return out.getvalue().decode()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
