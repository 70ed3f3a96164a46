"""Every text on its way out is packed: brotli, else gzip, as far as whoever asks can unpack it.

What belongs to somebody (`no-store`) is guarded against guesses by its length (BREACH): it is padded by a random number
of bytes, its form tokens are masked anew for each answer (Django's CSRF, our keys), and where another site made the
browser ask with its cookies, which is what such guesses need, it is not packed at all.
"""

import gzip
import re
import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, Protocol

import brotli

ENCODINGS: Final = ("br", "gzip")
LEAST: Final = 500
"""Bytes of an answer that is worth the work."""
FAST: Final = 3
BEST: Final = 11
"""Brotli's quality: of an answer that is made for one, 80 MB/s of it; of a page that is kept, 1 MB/s."""
GZIP: Final = 2
MOST_PADDING: Final = 64
TEXTS: Final = re.compile(r"(?:text/|application/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))|image/svg\+xml)")
FROM_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]


class Packer(Protocol):
    """Packs piece by piece."""

    def process(self, piece: bytes) -> bytes:
        """The next piece."""

    def finish(self) -> bytes:
        """The end."""


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """The best way that this `Accept-Encoding` allows: `br`, `gzip` or ""."""
    names = {
        name.strip() for name, *rest in (one.split(";") for one in accepted.lower().split(",")) if not _never(rest)
    }
    return next((name for name in ENCODINGS if name in names), "")


def _never(parameters: list[str]) -> bool:
    return any(re.fullmatch(r"\s*q\s*=\s*0(?:\.0*)?\s*", one) for one in parameters)


def packed(plain: bytes, encoding: str, *, is_kept: bool = False) -> bytes:
    """The bytes in this encoding; `is_kept`: they are sent many times, so they may cost more."""
    if encoding == "br":
        return bytes(brotli.compress(plain, quality=BEST if is_kept else FAST))
    return gzip.compress(plain, 9 if is_kept else GZIP, mtime=0)


@lru_cache(maxsize=512)
def packed_once(plain: bytes, encoding: str) -> bytes:
    """The same of what is asked again and again, and is no secret."""
    return packed(plain, encoding)


def padded(plain: bytes, encoding: str) -> bytes:
    """The bytes in this encoding with a random number of bytes more, which nobody sees."""
    filler = b" " * (1 + secrets.randbelow(MOST_PADDING))
    if encoding == "br":
        packer = brotli.Compressor(quality=FAST)
        return bytes(packer.process(plain) + packer.flush() + _skipped(filler) + packer.finish())
    head = b"\x1f\x8b\x08\x08" + bytes(4) + b"\x00\xff" + filler + b"\x00"  # as a file of this name (RFC 1952, 2.3)
    packer = zlib.compressobj(GZIP, zlib.DEFLATED, -zlib.MAX_WBITS)
    end = zlib.crc32(plain).to_bytes(4, "little") + (len(plain) & 0xFFFFFFFF).to_bytes(4, "little")
    return head + packer.compress(plain) + packer.flush() + end


def _skipped(filler: bytes) -> bytes:
    """A block of metadata (RFC 7932, 9.2): not the last, no nibbles of length, one byte of it, then the filler."""
    return (0b010110 | (len(filler) - 1) << 6).to_bytes(2, "little") + filler


class _Gzip:
    """`Packer` for gzip."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)

    def process(self, piece: bytes) -> bytes:
        return self._packer.compress(piece)

    def finish(self) -> bytes:
        return self._packer.flush()


def packer_of(encoding: str) -> Packer:
    """For what is too long to hold: fast."""
    return brotli.Compressor(quality=1) if encoding == "br" else _Gzip()


class Stream:
    """An answer that is made while it is sent, packed; its end is that of what it packs."""

    def __init__(self, pieces: Iterable[bytes], encoding: str) -> None:
        self._pieces, self._packer = pieces, packer_of(encoding)

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if packed := self._packer.process(piece):
                yield packed
        yield self._packer.finish()

    def close(self) -> None:
        """As WSGI wants it."""
        if hasattr(self._pieces, "close"):
            self._pieces.close()


class Packed:
    """WSGI step around whatever answers; what is packed already passes."""

    def __init__(self, application: Callable[[Environ, StartResponse], Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        told: list[Any] = []
        if "HTTP_IF_NONE_MATCH" in environ:  # it is compared weakly (RFC 9110, 13.1.2), and we weaken tags below
            environ["HTTP_IF_NONE_MATCH"] = environ["HTTP_IF_NONE_MATCH"].replace('W/"', '"')
        body = self.application(environ, lambda *given: told.__setitem__(slice(None), given))
        status, headers, *rest = told
        known = {name.lower(): value for name, value in headers}
        if not _is_text(status, known):
            start_response(status, headers, *rest)
            return body
        if isinstance(body, list) or not getattr(body, "streaming", True):
            body, headers = _whole(body, environ, known, headers)
        elif (encoding := _encoding(environ, known)) and environ["REQUEST_METHOD"] != "HEAD":
            body, headers = Stream(body, encoding), _told(headers, encoding)
        start_response(status, _varied(headers, known), *rest)
        return body


def _is_text(status: str, known: dict[str, str]) -> bool:
    """Whether an answer is one of those that are packed."""
    if status[:3] in {"204", "206", "304"} or "content-encoding" in known:
        return False
    return bool(TEXTS.match(known.get("content-type", ""))) and int(known.get("content-length", LEAST)) >= LEAST


def _encoding(environ: Environ, known: dict[str, str]) -> str:
    is_asked_elsewhere = environ.get("HTTP_SEC_FETCH_SITE") in FROM_ELSEWHERE and "HTTP_COOKIE" in environ
    if is_asked_elsewhere and _is_somebodys(known):
        return ""
    return encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))


def _is_somebodys(known: dict[str, str]) -> bool:
    kept = known.get("cache-control", "no-store")
    return "no-store" in kept or "private" in kept


def _whole(body: Any, environ: Environ, known: dict[str, str], headers: Headers) -> tuple[Iterable[bytes], Headers]:
    plain = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    encoding = _encoding(environ, known) if len(plain) >= LEAST else ""
    if not encoding:
        return [plain], headers
    found = padded(plain, encoding) if _is_somebodys(known) else packed(plain, encoding)
    return [found], [*_told(headers, encoding), ("Content-Length", str(len(found)))]


def _told(headers: Headers, encoding: str) -> Headers:
    """The headers of the packed answer: its tag is not that of other bytes."""
    kept = [
        (name, f"W/{value}" if name.lower() == "etag" and value.startswith('"') else value)
        for name, value in headers
        if name.lower() != "content-length"
    ]
    return [*kept, ("Content-Encoding", encoding)]


def _varied(headers: Headers, known: dict[str, str]) -> Headers:
    vary = known.get("vary", "")
    if "accept-encoding" in vary.lower() or vary == "*":
        return headers
    named = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    return [*(one for one in headers if one[0].lower() != "vary"), ("Vary", named)]
