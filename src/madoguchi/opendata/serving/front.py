"""CKAN's actions answered in front of Django, as form pages are (ADR 0010): they read, and are the same for everybody.

Only what goes well is answered here; whatever else goes on to Django, which says what is wrong.
"""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

from django.db import Error, connection

from madoguchi.design.middleware import HEADERS
from madoguchi.platform.packing import LEAST, encoding_for, packed_once
from madoguchi.platform.same_pages import ROUTE, Application, Environ, StartResponse

from .ckan.parameters import Invalid, NotFound
from .ckan.views import ADDRESS, JSON, OPEN_TO_ALL, answered, as_given, error_body, tag_of
from .conditions import SearchRefused
from .reader import TooSlow
from .shelf import revision

MOST_FIELDS: Final = 50
SENT: Final = [*(HEADERS | OPEN_TO_ALL).items(), ("Cache-Control", "no-cache")]


class Reading:
    """WSGI step for GET on CKAN's addresses."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = ADDRESS.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "GET" else None
        action = found["action"] if found else ""
        told = self._answer(action, environ) if found else None
        if told is None:
            return self.application(environ, start_response)
        status, etag, body = told
        environ[ROUTE] = "opendata-api:ckan"
        headers = [*SENT, ("ETag", etag), ("Content-Type", JSON)]
        if (
            (encoding := encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")))
            and len(body) >= LEAST
            and not action.startswith("datastore_")
        ):
            body = packed_once(body, encoding)  # of the catalogue: the same bytes are asked again and again
            headers += [("Content-Encoding", encoding), ("Vary", "Accept-Encoding")]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    @staticmethod
    def _answer(action: str, environ: Environ) -> tuple[str, str, bytes] | None:
        try:
            pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=MOST_FIELDS)
            given: dict[str, Any] = as_given(pairs)
            now = revision()
            key, etag = tag_of(now, action, given)
            if environ.get("HTTP_IF_NONE_MATCH") == etag:
                return "304 Not Modified", etag, b""
            return "200 OK", etag, answered(action, given, now, key)
        except TooSlow as slow:  # not asked a second time
            return "409 Conflict", '"slow"', error_body(action, slow)[1]
        except (NotFound, Invalid, SearchRefused, ValueError, KeyError):
            return None
        except Error:
            connection.close()
            return None
