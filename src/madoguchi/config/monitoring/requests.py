"""Requests counted by route, method and status, with their time, also those that never reach Django.

A route is a URL's name: an address that no URL knows is counted under `OTHER`, so nobody makes new series.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from madoguchi.platform.same_pages import ROUTE, Application, Environ, StartResponse

from . import accounts, counters

STATIC: Final = "static"
OTHER: Final = "other"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Named:
    """Django's step: writes the URL's name where the steps in front of Django find it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.resolver_match is not None:
            request.META[ROUTE] = request.resolver_match.view_name
        return response


class Measured:
    """WSGI step around everything. The time ends when the answer begins: a file's way through the net is not in it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began, status = time.perf_counter(), "500"

        def noted(told: str, *rest: Any) -> Any:
            nonlocal status
            status = told[:3]
            return start_response(told, *rest)

        try:
            return self.application(environ, noted)
        finally:
            method = environ["REQUEST_METHOD"]
            seconds = time.perf_counter() - began
            counters.request(route_of(environ), method if method in METHODS else OTHER, status, seconds)


def route_of(environ: Environ) -> str:
    """The URL's name, `static` for a file of the look, else `other`."""
    found: str | None = environ.get(ROUTE)
    return found or (STATIC if environ.get("PATH_INFO", "").startswith(settings.STATIC_URL) else OTHER)


def refused(environ: Environ, status: int) -> None:
    """A request that no thread ever took (`config/serving`): counted under `OTHER`, without its time."""
    method = environ["REQUEST_METHOD"]
    counters.request(OTHER, method if method in METHODS else OTHER, str(status), 0.0)


def measured(application: Application) -> Application:
    """With the step where somebody may read the figures, else as it is."""
    if not settings.METRICS_TOKEN:
        return application
    counters.counters()
    accounts.connect()
    return Measured(application)
