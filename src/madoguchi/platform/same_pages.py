"""Form pages kept in memory in front of Django: they carry no per-user bytes, so everybody gets the same ones.

A kept page is asked of Django again after FRESH_SECONDS, so that a new version or a closed procedure shows at once.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from .packing import ENCODINGS, encoding_for, packed

ROUTE: Final = "madoguchi.route"
"""Under this key of a WSGI environment stands the name of the URL that answers, for who counts requests.

No header of a visitor's gets a name like this: theirs begin with HTTP_ (PEP 3333).
"""
FRESH_SECONDS = 2.0
MARK = "X-Same-For-All"
KEPT = "madoguchi.kept-page"
MOST_PAGES = 1000

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Page(NamedTuple):
    """A kept page: its bytes by their encoding ("" is plain) with their headers, and the name of its URL.

    `is_best`: it was worth packing as small as it can be.
    """

    kept_at: float
    etag: str
    bodies: Mapping[str, bytes]
    headers: list[tuple[str, str]]
    route: str = ""
    is_best: bool = False

    @property
    def plain(self) -> bytes:
        """As it was made."""
        return self.bodies[""]

    def best(self) -> "Page":
        """The same as small as it can be: for a page that was asked again as it was."""
        if self.is_best:
            return self
        bodies = {one: packed(self.plain, one, is_kept=True) if one else self.plain for one in self.bodies}
        return self._replace(bodies=bodies, is_best=True)


@lru_cache(maxsize=64)
def is_ours(host: str) -> bool:
    """Whether a Host header names this installation, on any port."""
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


class SamePages:
    """WSGI step that keeps what Django marked as the same for all readers."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.pages: dict[str, Page] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self.knows(environ):
            return self.from_memory(environ, start_response)
        if _is_plain(environ):
            return self._ask(environ["PATH_INFO"], self.pages.get(environ["PATH_INFO"]), environ, start_response)
        return _whole(self.application(environ, start_response))

    def knows(self, environ: Environ) -> bool:
        """Whether a fresh page answers this request; it is noted in the environ."""
        page = self.pages.get(environ["PATH_INFO"])
        if page is None or time.monotonic() - page.kept_at > FRESH_SECONDS or not _is_plain(environ):
            return False
        environ[KEPT] = page
        return True

    def from_memory(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI application for what is known: it asks nobody and never waits."""
        return self._send(environ[KEPT], environ, start_response)

    def _ask(self, path: str, kept: Page | None, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if kept is not None:  # one asks; meanwhile the others get the kept page
            self.pages[path] = kept._replace(kept_at=time.monotonic())
        told: list[Any] = []

        def listen(status: str, headers: list[tuple[str, str]], *rest: Any) -> None:
            told[:] = [status, headers, *rest]

        body = _whole(self.application(environ, listen))
        if kept is not None and told[0].startswith("503"):  # the database is away: the form can still be filled in
            return self._send(kept, environ, start_response)
        if not self._is_marked(told[1]):
            self.pages.pop(path, None)
            start_response(*told)
            return body
        plain = b"".join(body)
        if kept is None or kept.plain != plain:
            kept = made(plain, told[1], MARK)._replace(route=environ.get(ROUTE, ""))
        else:
            kept = kept.best()
        if path in self.pages or len(self.pages) < MOST_PAGES:
            self.pages[path] = kept._replace(kept_at=time.monotonic())
        return self._send(kept, environ, start_response)

    @staticmethod
    def _is_marked(headers: list[tuple[str, str]]) -> bool:
        return any(name == MARK for name, _value in headers)

    @staticmethod
    def _send(page: Page, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ[ROUTE] = page.route
        headers = [*page.headers, ("ETag", page.etag)]
        if environ.get("HTTP_IF_NONE_MATCH") == page.etag:
            start_response("304 Not Modified", headers)
            return [b""]
        return send(page, headers, environ, start_response)


def _is_plain(environ: Environ) -> bool:
    """The pages hold no query and no host; a host that is not ours is Django's to refuse."""
    is_get = environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING")
    return is_get and is_ours(environ.get("HTTP_HOST", ""))


def made(plain: bytes, headers: list[tuple[str, str]], *left_out: str) -> Page:
    """A page to keep; headers that are left out are not kept, nor those that depend on who asks."""
    without = {"content-length", "vary", "etag", *(name.lower() for name in left_out)}
    kept = [(name, value) for name, value in headers if name.lower() not in without]
    etag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    bodies = {"": plain, **{one: packed(plain, one) for one in ENCODINGS}}
    return Page(time.monotonic(), etag, bodies, [*kept, ("Vary", "Accept-Encoding")])


def send(
    page: Page, headers: list[tuple[str, str]], environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """A kept page with these headers, packed where the browser can unpack it."""
    encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.bodies[encoding]
    extra = [("Content-Encoding", encoding)] if encoding else []
    start_response("200 OK", [*headers, *extra, ("Content-Length", str(len(body)))])
    return [body]


def _whole(body: Iterable[bytes]) -> Iterable[bytes]:
    """An answer of Django's that is there already, in one piece: the server need not come back for it."""
    if getattr(body, "streaming", True):
        return body
    whole = [b"".join(body)]
    body.close()  # type: ignore[attr-defined]
    return whole
