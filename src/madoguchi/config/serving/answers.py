"""Answers of the WSGI application: worked out in a thread, sent by the event loop, however slowly they are read.

What is there whole goes out at once or in pieces; what is made while it is sent (StreamingHttpResponse) is written to
a temporary file by its thread, which never waits for the reader.
"""

import asyncio
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from .environ import Environ
from .limits import IN_MEMORY, Full, Places

Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PIECE: Final = 64 * 1024

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where the pieces of a long answer come from."""

    async def piece(self) -> bytes:
        """The next piece; empty at the end. Raises Broken."""

    def close(self) -> None:
        """Nobody reads on."""


class Broken(Exception):
    """The answer cannot be made to its end; what was sent must not pass for the whole."""


@dataclass
class Answer:
    """Status, headers, and the body: whole, or a source of more."""

    status: int
    headers: Headers
    whole: bytes = b""
    rest: Source | None = None


class File:
    """WSGI's `wsgi.file_wrapper`: a file that the loop reads itself, piece by piece."""

    def __init__(self, file: Any, size: int = PIECE) -> None:
        self.file, self.size = file, size

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.size), b"")

    async def piece(self) -> bytes:
        """The next piece."""
        return bytes(self.file.read(PIECE))

    def close(self) -> None:
        """As Django wants it to tell that the request has ended."""
        if hasattr(self.file, "close"):
            self.file.close()


class Spool:
    """A temporary file between the thread that makes an answer and the loop that sends it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sender: str, kept: Places) -> None:
        self.loop, self.sender, self.kept = loop, sender, kept
        self.file = tempfile.TemporaryFile(prefix="madoguchi-")  # noqa: SIM115 - closed by its reader
        self.written, self.read = 0, 0
        self.ended, self.is_broken, self.is_closed = False, False, False
        self.news = asyncio.Event()

    def write(self, chunk: bytes) -> None:
        """From the thread. Raises Broken when nobody reads on, or there is no room."""
        if self.is_closed:
            raise Broken
        try:
            self.kept.take(self.sender, len(chunk))
        except Full as full:
            raise Broken from full
        done = 0
        while done < len(chunk):
            done += os.pwrite(self.file.fileno(), chunk[done:], self.written + done)
        self.written += len(chunk)
        self._tell()

    def end(self, *, broken: bool = False) -> None:
        """From the thread: nothing follows."""
        self.ended, self.is_broken = True, broken
        self._tell()

    def _release(self) -> None:
        """Once both have left."""
        if self.ended and self.is_closed and not self.file.closed:
            self.kept.give_back(self.sender, self.written)
            self.file.close()

    def _tell(self) -> None:
        self.loop.call_soon_threadsafe(self._hear)

    def _hear(self) -> None:
        self.news.set()
        self._release()

    async def piece(self) -> bytes:
        """What was written and not read yet. Raises Broken."""
        while self.read == self.written and not self.ended:
            self.news.clear()
            if self.read == self.written and not self.ended:
                await self.news.wait()
        found = os.pread(self.file.fileno(), min(PIECE, self.written - self.read), self.read)
        if not found and self.is_broken:
            raise Broken
        self.read += len(found)
        return found

    def close(self) -> None:
        """The reader leaves; the thread learns it with its next chunk."""
        self.is_closed = True
        self._release()


def answered_at_once(application: Application, environ: Environ) -> Answer:
    """The answer of an application that never waits."""
    answer = Answer(500, [])

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
        answer.status, answer.headers = int(status[:3]), headers

    answer.whole = b"".join(application(environ, start_response))
    return answer


class Work:
    """One request in a thread: calls the application, and hands its answer to the loop as soon as there is one."""

    def __init__(self, environ: Environ, sender: str, kept: Places) -> None:
        self.environ, self.sender, self.kept = environ, sender, kept
        self.loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Answer] = self.loop.create_future()
        self.status, self.headers = 500, Headers()

    def run(self, application: Application) -> None:
        """In the thread. What is raised before an answer is there, the loop gets."""
        try:
            self._answer(application(self.environ, self._start_response))
        except BaseException as fault:
            self._deliver(fault)

    def _start_response(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status, self.headers = int(status[:3]), headers

    def _answer(self, body: Any) -> None:
        if isinstance(body, File):
            self._file(body)
            return
        is_there = isinstance(body, list) or not getattr(body, "streaming", True)
        try:
            if self.environ["REQUEST_METHOD"] == "HEAD" and not is_there:
                self._deliver(self._made())
            elif is_there:
                self._deliver(self._made(b"".join(body)))
            else:
                self._stream(iter(body))
        finally:
            if hasattr(body, "close"):
                body.close()

    def _file(self, body: File) -> None:
        first = b"" if self.environ["REQUEST_METHOD"] == "HEAD" else body.file.read(IN_MEMORY)
        if len(first) < IN_MEMORY:
            body.close()
            self._deliver(self._made(first))
        else:
            self._deliver(self._made(first, body))

    def _stream(self, chunks: Iterator[bytes]) -> None:
        first, length = [], 0
        for chunk in chunks:
            first.append(chunk)
            length += len(chunk)
            if length > IN_MEMORY:
                break
        else:
            self._deliver(self._made(b"".join(first)))
            return
        spool = Spool(self.loop, self.sender, self.kept)
        self._deliver(self._made(b"".join(first), spool))
        _fill(spool, chunks)

    def _made(self, whole: bytes = b"", rest: Source | None = None) -> Answer:
        return Answer(self.status, self.headers, whole, rest)

    def _deliver(self, answer: Answer | BaseException) -> None:
        self.loop.call_soon_threadsafe(self._put, answer)

    def _put(self, answer: Answer | BaseException) -> None:
        if self.answer.done():  # nobody waits: the process is ending
            return
        if isinstance(answer, Answer):
            self.answer.set_result(answer)
        else:
            self.answer.set_exception(answer)


def _fill(spool: Spool, chunks: Iterator[bytes]) -> None:
    try:
        for chunk in chunks:
            spool.write(chunk)
    except Broken:
        spool.end(broken=True)
    except Exception:
        log.exception("An answer broke off while it was made.")
        spool.end(broken=True)
    else:
        spool.end()
