"""The waiting page in front of Django: who waits gets kept bytes for a cookie that holds, without Django or database.

Django says what the page is and before which addresses the line stands, by marking its own waiting pages; they carry
nothing of whoever asked, and are kept by what they show. All else goes on to Django (ADR 0027).
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import Error, connection
from django.http import HttpResponse
from django.http.cookie import parse_cookie
from django.utils import timezone

from madoguchi.platform.same_pages import ROUTE, Application, Environ, Page, StartResponse, is_ours, made, send

from . import rush
from .turns import Opening

ADDRESS: Final = re.compile(r"(?:/[a-z-]{2,7})?/facilities/([\w-]+)/(?:(?:days|slots)/[\w-]+/)?")
MOST_PAGES: Final = 1000
"""So many are kept, about 10 kB each; the oldest goes."""
Address = tuple[datetime, str]
"""An opening's moment and the path; the pages hold no host."""


class Waiting:
    """WSGI step for the pages behind a line."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.behind: set[Address] = set()
        self.pages: dict[tuple[Address, str], Page] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asks = environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING")
        found = ADDRESS.fullmatch(environ["PATH_INFO"]) if asks else None
        opening = rush.opening_now(found[1]) if found and is_ours(environ.get("HTTP_HOST", "")) else None
        if opening is None:
            return self.application(environ, start_response)
        address = (opening.at, environ["PATH_INFO"])
        now = timezone.now()
        mine = _standing(environ, opening, now) if address in self.behind else None
        if mine is None or mine.lets_in("GET", now):
            return self._ask(address, environ, start_response)
        page = self.pages.get((address, rush.shown(mine, opening, now)))
        if page is None:
            return self._ask(address, environ, start_response)
        environ[ROUTE] = page.route
        headers = [*page.headers, ("Refresh", rush.again(mine, opening, now)), *_cookies(mine, opening)]
        return send(page, headers, environ, start_response)

    def _ask(self, address: Address, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Django answers; its waiting page is kept for the others."""
        told: list[tuple[str, str]] = []

        def listen(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told[:] = headers
            return start_response(status, [one for one in headers if one[0] != rush.MARK], *rest)

        body = self.application(environ, listen)
        shown = dict(told).get(rush.MARK)
        if shown is None:
            return body
        plain = b"".join(body)
        page = made(plain, told, rush.MARK, "Refresh", "Set-Cookie")
        self._keep(address, shown, page._replace(route=environ.get(ROUTE, "")))
        return [plain]

    def _keep(self, address: Address, shown: str, page: Page) -> None:
        if len(self.pages) >= MOST_PAGES:
            self.pages.pop(next(iter(self.pages)), None)
        if len(self.behind) >= MOST_PAGES:  # of other days: they are learnt again where they are needed
            self.behind.clear()
        self.behind.add(address)
        self.pages[address, shown] = page


def _standing(environ: Environ, opening: Opening, now: datetime) -> rush.Standing | None:
    """The place of whoever asks, who joins where there is none; Django is told of it. None: let Django see."""
    held = rush.held(parse_cookie(environ.get("HTTP_COOKIE", "")), opening, now)
    try:
        mine = environ[rush.STANDING] = rush.placed(held, opening, now)
    except Error:
        connection.close()
        return None
    return mine


def _cookies(mine: rush.Standing, opening: Opening) -> list[tuple[str, str]]:
    """What tells the browser its place, where it does not know it yet."""
    carrier = HttpResponse()
    if mine.is_new:
        rush.hand_over(carrier, mine, opening)
    return [("Set-Cookie", one.OutputString()) for one in carrier.cookies.values()]
