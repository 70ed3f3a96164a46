"""Bodies of requests, read on the event loop: no thread waits for them, and none takes too long or grows too large."""

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

from django.conf import settings

from madoguchi.applications.files.uploads import MOST_FULL_FILES

from .environ import Environ
from .limits import IN_MEMORY, Clock, Full, Limits, Places

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
TOO_SLOW, TOO_LARGE, TOO_MANY, NO_PLACE, UNREADABLE = 408, 413, 429, 503, 400
AROUND_FILES: Final = 1024 * 1024
"""Bytes of a form's other parts beside DATA_UPLOAD_MAX_MEMORY_SIZE: boundaries and heads of parts."""


class Refusal(Exception):
    """The request is answered with this status, and its connection ends."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """Who asked is not there any more."""


def has_body(environ: Environ) -> bool:
    """Whether bytes follow the head."""
    return environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ


def largest(environ: Environ) -> int:
    """Bytes of the largest body that is read: with files, what LimitedUploads keeps; else what Django reads."""
    fields: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data"):
        return fields + AROUND_FILES + MOST_FULL_FILES * settings.UPLOAD_MAX_BYTES
    return fields


@dataclass
class Body:
    """One body on its way: what has come, and what it takes of its sender's places."""

    sender: str
    limits: Limits
    slow: Places
    kept: Places
    largest: int
    file: IO[bytes] = field(default_factory=io.BytesIO)
    length: int = 0
    is_slow: bool = False

    def add(self, piece: bytes) -> None:
        """Keep what came. Raises Refusal."""
        if self.length + len(piece) > self.largest:
            raise Refusal(TOO_LARGE)
        try:
            self.kept.take(self.sender, len(piece))
        except Full as full:
            raise Refusal(TOO_MANY if full.of_sender else NO_PLACE) from full
        self.length += len(piece)
        try:
            if self.length - len(piece) <= IN_MEMORY < self.length:
                self._move_to_a_file()
            self.file.write(piece)
        except OSError as full:  # the disk; the connection is granian's
            raise Refusal(NO_PLACE) from full

    def _move_to_a_file(self) -> None:
        held = self.file
        self.file = tempfile.TemporaryFile(prefix="madoguchi-")  # noqa: SIM115 - closed with the request
        self.file.write(held.getvalue())  # type: ignore[attr-defined]

    def judge(self, seconds: float) -> int:
        """The status it is refused with after so many seconds on its way; 0 while it may go on."""
        if not self.is_slow:
            try:
                self.slow.take(self.sender)
            except Full as full:
                return TOO_MANY if full.of_sender else NO_PLACE
            self.is_slow = True
        allowed = min(self.limits.body + self.length / self.limits.slowest, self.limits.longest)
        return TOO_SLOW if seconds > allowed else 0

    def has_come(self) -> None:
        """It is whole: it is slow no longer, and can be read from its beginning."""
        self._give_up_its_place()
        self.file.seek(0)

    def _give_up_its_place(self) -> None:
        if self.is_slow:
            self.slow.give_back(self.sender)
            self.is_slow = False

    def close(self) -> None:
        """The request has ended."""
        self._give_up_its_place()
        if self.length:
            self.kept.give_back(self.sender, self.length)
            self.length = 0
        self.file.close()


async def read(environ: Environ, receive: Receive, body: Body) -> None:
    """Read it whole and put it into the environ. Raises Refusal or Gone."""
    environ["wsgi.input"] = body.file
    if not has_body(environ):
        return
    told = environ.get("CONTENT_LENGTH")
    if told is not None and not (told.isascii() and told.isdecimal()):
        raise Refusal(UNREADABLE)
    expected = int(told) if told else None
    if expected is not None and expected > body.largest:
        raise Refusal(TOO_LARGE)
    clock = Clock(body.judge, body.limits.at_once)
    try:
        await _collect(receive, body, expected)
    except asyncio.CancelledError:
        if clock.is_over():
            raise Refusal(clock.status) from None
        raise
    finally:
        clock.stop()
    body.has_come()
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(body.length)
    environ["wsgi.input"] = body.file


async def _collect(receive: Receive, body: Body, expected: int | None) -> None:
    more = True
    while more and body.length != expected:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body.add(message.get("body", b""))
        more = message.get("more_body", False)
    if expected is not None and body.length != expected:
        raise Gone
