"""503 wherever the database is missed: in a view, a middleware, a stream, or a step in front of Django."""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from madoguchi.design import errors
from madoguchi.opendata.serving.ckan import views
from madoguchi.platform.outages.kinds import is_outage
from madoguchi.platform.outages.log import OUTAGE
from madoguchi.platform.same_pages import Application, Environ, StartResponse


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away: a page, problem details, or CKAN's envelope."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    return errors.broken(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 in the shape of the address."""
    if found := views.ADDRESS.fullmatch(request.path):
        answer = views.unavailable(found["action"])
        answer.headers["Retry-After"] = str(errors.RETRY_AFTER)
        return answer
    try:
        return errors.unavailable(request)
    except Exception as fault:
        if not is_outage(fault):
            raise
    return _bare()


def _bare() -> HttpResponse:
    """Where even the page asks the database: or each of Django's steps would try to draw it again."""
    sentence, headers = _("ただいま、ご利用いただけません。"), {"Retry-After": str(errors.RETRY_AFTER)}
    return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8", headers=headers)


class Outages:
    """WSGI step around everything that may ask the database."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        told: list[Any] = []
        connection.close_if_unusable_or_obsolete()
        try:
            body = self.application(environ, lambda *given: told.__setitem__(slice(None), given))
            if getattr(body, "streaming", False):
                body = _begun(body)
        except Exception as fault:
            if not is_outage(fault):
                raise
            OUTAGE.begins(fault)
            connection.close()
            return _answer(environ, start_response)
        if OUTAGE.lasts and int(told[0][:3]) < 500 and connection.connection is not None:
            OUTAGE.may_be_over()
        start_response(*told)
        return body


class _begun:  # noqa: N801 - a function that keeps `close`
    """A stream whose first piece is there: what fails before it can still be told."""

    def __init__(self, body: Any) -> None:
        pieces: Iterator[bytes] = iter(body)
        self._pieces = chain([next(pieces, b"")], pieces)
        self.close = body.close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


def _answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    request = WSGIRequest(environ)
    language = translation.get_language_from_path(request.path_info) or translation.get_language_from_request(request)
    with translation.override(language if not request.path_info.startswith("/api/") else None):
        response = unavailable(request)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]
