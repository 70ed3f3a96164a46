"""What is usual passes in front of Django: a WSGI step that answers what it knows, and lets all else go on (ADR 58)."""

import io
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from django.db import connection

from .outages.kinds import is_outage
from .same_pages import ROUTE, Application, Environ, StartResponse, is_ours

LONGEST: Final = 64 * 1024
"""Bytes of a body; Django reads longer ones."""


class Answer(NamedTuple):
    """Status, headers, body, and the URL's name."""

    status: str
    headers: dict[str, str]
    body: bytes
    route: str


Way = Callable[[Environ], Answer | None]
"""Answers a request, or lets it go on (None, or any exception): Django meets it again and says what there is to say."""


class Passing:
    """WSGI step in front of Django."""

    def __init__(self, application: Application, *ways: Way) -> None:
        self.application, self.ways = application, ways

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(environ)
        if answer is None:
            return self.application(environ, start_response)
        environ[ROUTE] = answer.route
        start_response(answer.status, [*answer.headers.items(), ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def _answer(self, environ: Environ) -> Answer | None:
        try:
            return next((answer for way in self.ways if (answer := way(environ))), None)
        except Exception as fault:
            if is_outage(fault):
                connection.close()
            return None


def is_plain(environ: Environ) -> bool:
    """A question to this host without a query; a body is so long as it says, and not too long to be read here."""
    if environ.get("QUERY_STRING") or not is_ours(environ.get("HTTP_HOST", "")):
        return False
    if environ["REQUEST_METHOD"] == "GET":
        return True
    length = environ.get("CONTENT_LENGTH", "")
    return length.isdecimal() and int(length) <= LONGEST


def body_of(environ: Environ) -> bytes:
    """The body, which whoever comes next finds unread."""
    read: bytes = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = io.BytesIO(read)
    return read
