"""What kind of file some bytes are: by content, never by name. The name that it is saved under follows the kind."""

import re
from typing import Final

PDF_WITHIN: Final = 1024
"""A PDF may begin after some other bytes, as a byte order mark (Adobe, PDF Reference 1.7, H.3, note 13)."""
_STARTS: Final = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}
_HEIC: Final = re.compile(rb"....ftyp(heic|heix|hevc|hevx|heim|heis|mif1|msf1)", re.DOTALL)
CONTENT_TYPES: Final = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_ENDINGS: Final = {"pdf": (".pdf",), "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"), "png": (".png",)}
"""Endings that a name of this kind may have; the first one is given to a name with any other."""


def is_pdf(content: bytes) -> bool:
    """Whether it says that it is a PDF."""
    return b"%PDF-" in content[:PDF_WITHIN]


def kind_of(content: bytes) -> str | None:
    """pdf, jpeg, png, heic (what telephones photograph in), or None for anything else."""
    for start, kind in _STARTS.items():
        if content.startswith(start):
            return kind
    if _HEIC.match(content):
        return "heic"
    return "pdf" if is_pdf(content) else None


def name_of_kind(name: str, kind: str) -> str:
    """The name with an ending of its kind: `x.hta` that is a PDF becomes `x.pdf`, `x.JPG` stays."""
    endings = _ENDINGS[kind]
    if name.lower().endswith(endings):
        return name
    stem, _dot, ending = name.rpartition(".")
    is_ending = bool(stem) and ending.isascii() and ending.isalnum() and len(ending) <= 8
    return f"{stem if is_ending else name.rstrip('. ')}{endings[0]}"
