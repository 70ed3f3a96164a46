"""Where the bytes of datasets' files lie: in rows of the database, or in a bucket (`STORAGES["datasets"]`, ADR 50).

Bytes are named by their SHA-256: equal files lie there once, and nothing is ever written over. Each host keeps copies
of what it hands out in DATASETS_DIR, by the same name; they are checked when they come, and may be thrown away.
"""

import hashlib
import io
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

from django.conf import settings
from django.core.files import File as Opened
from django.core.files.storage import Storage, storages

from ..models.datasets import File, Piece

PIECE_BYTES: Final = 1 << 20
MOST_BYTES: Final = 1 << 30
"""The copies of one host; the oldest go."""
YOUNG_SECONDS: Final = 600
"""A copy that somebody may be about to open stays."""


class ContentMissing(Exception):
    """The bytes are not there, or are not what was stored; the text says which."""


class Rows(Storage):
    """Django's storage in rows of `Piece`, a megabyte each, so that no file lies in memory as a whole."""

    def _open(self, name: str, mode: str = "rb") -> "Opened[bytes]":
        return Opened(io.BufferedReader(_Reader(name), PIECE_BYTES), name)

    def _save(self, name: str, content: IO[bytes]) -> str:
        pieces = iter(lambda: content.read(PIECE_BYTES), b"")
        for number, part in enumerate(pieces):
            Piece.objects.bulk_create([Piece(sha256=name, number=number, part=part)], ignore_conflicts=True)
        return name

    def exists(self, name: str) -> bool:
        """Whether something lies under this name."""
        return Piece.objects.filter(sha256=name).exists()

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: it says what the bytes are."""
        return name


class _Reader(io.RawIOBase):
    """The pieces of one content in their order, each read when it is needed."""

    def __init__(self, name: str) -> None:
        self._name, self._number, self._rest = name, 0, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            found = Piece.objects.filter(sha256=self._name, number=self._number).values_list("part", flat=True).first()
            self._rest, self._number = memoryview(found or b""), self._number + 1
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def put(path: Path, sha256: str) -> None:
    """Store a file whose digest is known; what is there already stays."""
    storage = storages["datasets"]
    if not storage.exists(sha256):
        with path.open("rb") as file:
            storage.save(sha256, Opened(file))


def local(file: File) -> Path:
    """This host's copy of a file, fetched if it is not here. Raises ContentMissing."""
    copy = Path(settings.DATASETS_DIR) / file.sha256
    if not _is_whole(copy, file.bytes):
        _fetch(file.sha256, copy)
    return copy


def _is_whole(copy: Path, size: int) -> bool:
    try:
        return copy.stat().st_size == size
    except OSError:
        return False


def _fetch(sha256: str, copy: Path) -> None:
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with NamedTemporaryFile(dir=copy.parent, prefix=".") as half:
        for piece in _stored(sha256):
            half.write(piece)
            digest.update(piece)
        half.flush()
        if digest.hexdigest() != sha256:
            raise ContentMissing(f"{sha256}: what is stored is gone or is another file; bring it back from a back-up.")
        copy.unlink(missing_ok=True)
        with suppress(FileExistsError):  # another process fetched it at the same moment
            os.link(half.name, copy)
    _make_room(copy.parent)


def _stored(sha256: str) -> Iterator[bytes]:
    try:
        with storages["datasets"].open(sha256) as given:
            yield from iter(lambda: given.read(PIECE_BYTES), b"")
    except FileNotFoundError as fault:
        raise ContentMissing(f"{sha256}: it is not in the bucket; bring it back from a back-up.") from fault


def _make_room(folder: Path) -> None:
    """Let the oldest copies go until the rest is small enough; who reads one goes on reading."""
    copies = [(one.stat().st_mtime, one.stat().st_size, one) for one in folder.iterdir() if len(one.name) == 64]
    too_much = sum(size for _time, size, _copy in copies) - MOST_BYTES
    for at, size, copy in sorted(copies):
        if too_much <= 0 or time.time() - at < YOUNG_SECONDS:
            return
        copy.unlink(missing_ok=True)
        too_much -= size


def take_in_files() -> int:
    """What version 0.1.0 wrote under DATASETS_DIR as `<code>/v<number>.<format>` is stored; returns how many were new.

    Safe to repeat, on every host that has such files; they may go then.
    """
    storage, taken = storages["datasets"], 0
    for file in File.objects.select_related("resource", "version__dataset").iterator():
        number, kind = file.version.number, file.resource.format
        old = Path(settings.DATASETS_DIR) / file.version.dataset.code / f"v{number}.{kind}"
        if old.is_file() and not storage.exists(file.sha256) and _digest(old) == file.sha256:
            put(old, file.sha256)
            taken += 1
    return taken


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
