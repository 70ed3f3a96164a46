"""The submission and its receipt answered in front of Django, where everything is as usual (ADR 58).

The same functions judge, write and show as in the views; only the way to them is shorter. Whatever is not as usual, a
refusal too, goes on to Django, which says what there is to say. A submission that was written and then goes on is not
written twice: its key is known.
"""

import io
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.db import connection
from django.http.cookie import parse_cookie
from django.urls import reverse
from django.utils.translation import override

from madoguchi.catalogue import queries as catalogue
from madoguchi.design.middleware import HEADERS
from madoguchi.people import keys
from madoguchi.people.access import OWN_SITES, table
from madoguchi.people.actor import PUBLIC
from madoguchi.people.brake.middleware import COUNTED, counted
from madoguchi.platform import cookies
from madoguchi.platform.calendar import today
from madoguchi.platform.once import is_idempotency_key
from madoguchi.platform.outages.kinds import is_outage
from madoguchi.platform.routes import ROUTE
from madoguchi.platform.same_pages import Application, Environ, StartResponse, is_ours

from . import actions, forms
from .views import receipt
from .views.channels import language as _language
from .views.submission import seconds_of

FORM: Final = "application/x-www-form-urlencoded"
FIELDS: Final = frozenset({"answers", "key", "started"})
LONGEST: Final = 64 * 1024
"""Bytes of a body; Django reads longer ones."""
READ: Final = frozenset({"ja", "en"})
"""Languages whose receipts have no readings over their words."""
BLANK: Final = "0000-0000-000"
SENT: Final = [*HEADERS.items(), ("Cache-Control", "no-store"), ("Content-Type", "text/html; charset=utf-8")]


class Answer(NamedTuple):
    """Status, headers beside SENT, body, and the URL's name."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    route: str


class Quick:
    """WSGI step in front of Django."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = _answer(environ)
        if answer is None:
            return self.application(environ, start_response)
        environ[ROUTE] = answer.route
        length = ("Content-Length", str(len(answer.body)))
        start_response(answer.status, [*SENT, *answer.headers, length])
        return [answer.body]


def _answer(environ: Environ) -> Answer | None:
    found = _addresses().fullmatch(environ["PATH_INFO"])
    if found is None or not _is_usual(environ):
        return None
    brought = parse_cookie(environ.get("HTTP_COOKIE", ""))
    if settings.SESSION_COOKIE_NAME in brought:
        return None
    language = found["language"] or settings.LANGUAGE_CODE
    try:
        with override(language):
            if environ["REQUEST_METHOD"] == "POST":
                answer = _submitted(found["code"], environ, brought) if found["code"] else None
            else:
                answer = _received(found["reference"], brought) if found["reference"] and language in READ else None
    except Exception as fault:  # whatever it is, Django meets it again and says it
        if is_outage(fault):
            connection.close()
        return None
    if answer is None:
        return None
    vary = [] if found["language"] else [("Vary", "Accept-Language")]
    return answer._replace(headers=[*answer.headers, ("Content-Language", language), *vary])


@cache
def _addresses() -> re.Pattern[str]:
    languages = "|".join(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    code, reference = "(?P<code>[-a-zA-Z0-9_]+)", "(?P<reference>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3})"
    return re.compile(
        f"(?:/(?P<language>{languages}))?(?:/procedures/{code}/submit/|/applications/{reference}/received/)"
    )


def _is_usual(environ: Environ) -> bool:
    """A plain question to this host: nothing in it that a step of Django's would look at twice."""
    if environ.get("QUERY_STRING") or not is_ours(environ.get("HTTP_HOST", "")):
        return False
    if not environ.get("HTTP_COOKIE", "").isascii():
        return False
    method = environ["REQUEST_METHOD"]
    if method == "GET":
        return True
    return (
        method == "POST"
        and environ.get("HTTP_SEC_FETCH_SITE") in OWN_SITES
        and environ.get("CONTENT_TYPE") == FORM
        and environ.get("CONTENT_LENGTH", "").isdecimal()
        and int(environ["CONTENT_LENGTH"]) <= LONGEST
    )


def _submitted(code: str, environ: Environ, brought: Mapping[str, str]) -> Answer | None:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = io.BytesIO(body)
    fields, listed = _fields(body), catalogue.find(code)
    if fields is None or listed is None or not listed.is_open(today()) or not is_idempotency_key(fields["key"]):
        return None
    environ[COUNTED] = counted(environ, table()["applications:submit"])
    if environ[COUNTED]:
        return None
    try:
        done = actions.submit(
            compiled=listed.compiled,
            answers=forms.carried(fields["answers"]),
            key=fields["key"],
            channel="online",
            language=_language(),
            by=PUBLIC,
            seconds=seconds_of(fields.get("started", "")),
        )
    except (actions.NotAccepted, actions.KeyReused):
        return None
    reference = done.case.reference
    cookie = cookies.header(keys.COOKIE, keys.with_one_more(brought, reference, done.key), lasts=keys.KEEP)
    place = _place(_language()).replace(BLANK, reference)
    return Answer("303 See Other", [("Location", place), ("Set-Cookie", cookie)], b"", "applications:submit")


def _fields(body: bytes) -> dict[str, str] | None:
    """The fields of the confirmation page, each once; None for anything else."""
    found: dict[str, str] = {}
    for part in body.split(b"&"):
        name, _equals, value = part.partition(b"=")
        plain = name.decode("latin-1")
        if plain not in FIELDS or plain in found:
            return None
        try:
            found[plain] = unquote_to_bytes(value.replace(b"+", b" ")).decode()
        except UnicodeDecodeError:
            return None
    return found if {"answers", "key"} <= found.keys() else None


@cache
def _place(_language: str) -> str:
    """The receipt's address in the active language."""
    return reverse("applications:received", args=[BLANK])


def _received(reference: str, brought: Mapping[str, str]) -> Answer | None:
    page = receipt.shown(reference, keys.held_in(brought).get(reference, ""))
    if page is None:
        return None
    return Answer("200 OK", [("X-Robots-Tag", "noindex")], page.encode(), "applications:received")
