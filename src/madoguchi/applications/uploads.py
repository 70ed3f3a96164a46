"""Files as they arrive: judged by content, never by name; stored at once, so that a fault elsewhere loses nothing."""

import hashlib
import io
import unicodedata
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from PIL import Image, UnidentifiedImageError

from madoguchi.catalogue.problems import Refused
from madoguchi.foundation.identifiers import new_secret

from .models import Upload

MAX_PIXELS = 60_000_000
MOST_FULL_FILES = 5  # of the largest size in one request
BROKEN = (
    pikepdf.PdfError, pikepdf.PasswordError, UnidentifiedImageError, Image.DecompressionBombError,
    OSError, ValueError, SyntaxError,
)  # fmt: skip
STARTS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}


@dataclass(frozen=True)
class TooLarge:
    """Stands for a file whose bytes were thrown away while it arrived, because it was over the limit."""

    name: str
    size: int


class LimitedUploads(FileUploadHandler):
    """Keeps files in memory up to the limits; beyond them the bytes are dropped and the other fields still arrive.

    It is the handler of every request (`FILE_UPLOAD_HANDLERS`), since on officers' pages the token is read first.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.limit, self.budget = settings.UPLOAD_MAX_BYTES, MOST_FULL_FILES * settings.UPLOAD_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.held, self.seen = io.BytesIO(), 0
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Bytes arrive."""
        self.seen += len(raw_data)
        if self.seen <= min(self.limit, self.budget):
            self.held.write(raw_data)

    def file_complete(self, file_size: int) -> Any:
        """The file ends."""
        if self.seen > min(self.limit, self.budget):
            dropped = SimpleUploadedFile(self.file_name or "", b"")
            dropped.dropped = TooLarge(self.file_name or "", self.seen)  # type: ignore[attr-defined]
            return dropped
        self.budget -= self.seen
        return SimpleUploadedFile(self.file_name or "", self.held.getvalue(), self.content_type or "")


def store(name: str, file: Any, *, limit: int, identifier: str = "") -> Upload:
    """Keep one file; with an `identifier`, once. Raises Refused: file-empty, file-too-large, file-kind, file-broken."""
    name = safe_name(name)
    if getattr(file, "dropped", None) or file.size > limit:
        raise Refused("file-too-large", name=name, limit=limit // (1024 * 1024))
    content = file.read()
    if not content:
        raise Refused("file-empty", name=name)
    kind = next((kind for start, kind in STARTS.items() if content.startswith(start)), None)
    if kind is None:
        raise Refused("file-kind", name=name, accept="PDF・JPEG・PNG")
    _must_open(kind, io.BytesIO(content), name)
    digest = hashlib.sha256(content).hexdigest()
    told = {"name": name, "kind": kind, "size": len(content), "sha256": digest, "content": content}
    return Upload.objects.get_or_create(id=identifier or new_secret(), defaults=told)[0]


def _must_open(kind: str, content: io.BytesIO, name: str) -> None:
    try:
        if kind == "pdf":
            with pikepdf.open(content) as pdf:
                len(pdf.pages)
        else:
            with Image.open(content) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Refused("file-too-many-pixels", name=name, limit=MAX_PIXELS // 1_000_000)
                if kind == "jpeg":
                    image.draft("L", (1, 1))  # an eighth of the size: enough to read to the end
                    image.load()
                else:
                    image.verify()
    except BROKEN as fault:
        raise Refused("file-broken", name=name) from fault


def safe_name(name: str) -> str:
    """The file's own name without folders, control and direction characters, at most 120 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    stem, dot, ending = plain.rpartition(".")
    return (f"{stem[:110]}{dot}{ending[:9]}" if dot else plain[:120]).strip() or "file"
