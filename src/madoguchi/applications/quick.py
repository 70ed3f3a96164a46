"""Confirmation, submission and receipt answered in front of Django, where everything is as usual (ADR 58).

The same functions judge, write and show as in the views; only the way to them is shorter. Whatever is not as usual, a
refusal too, goes on to Django, which says what there is to say. A submission that was written and then goes on is not
written twice: its key is known.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http.cookie import parse_cookie
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.encoding import iri_to_uri
from django.utils.translation import override

from madoguchi.catalogue import queries as catalogue
from madoguchi.design.middleware import HEADERS
from madoguchi.foundation.languages import LANGUAGES
from madoguchi.people import keys
from madoguchi.people.access import OWN_SITES, stranger
from madoguchi.people.actor import PUBLIC
from madoguchi.people.brake.middleware import COUNTED, counted
from madoguchi.people.rules import table
from madoguchi.platform import cookies
from madoguchi.platform.calendar import today
from madoguchi.platform.once import is_idempotency_key
from madoguchi.platform.passing import Answer, body_of, is_plain
from madoguchi.platform.same_pages import Environ

from . import actions, forms, sheets
from .parts import fields_of
from .views import confirmation, receipt
from .views.channels import language as _language
from .views.submission import next_place, seconds_of, sheet_of

FORM: Final = "application/x-www-form-urlencoded"
FIELDS: Final = frozenset({"answers", "key", "started"})
READ: Final = frozenset(one.code for one in LANGUAGES if not one.readings)
"""Languages whose pages have no readings over their words."""
BLANK: Final = "0000-0000-000"
SENT: Final = {**HEADERS, "Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8"}


class Asked(NamedTuple):
    """A usual request: the parts of its address, and what it brings."""

    code: str
    token: str
    reference: str
    environ: Environ
    brought: Mapping[str, str]

    def body(self) -> bytes:
        """The body, which whoever comes next finds unread."""
        return body_of(self.environ)

    def is_braked(self, route: str) -> bool:
        """Count the write, for Django as well."""
        self.environ[COUNTED] = counted(self.environ, table()[route])
        return self.environ[COUNTED] is not None


def answer(environ: Environ) -> Answer | None:
    """The answer to a usual request (`platform.passing.Way`)."""
    found = _addresses().fullmatch(environ["PATH_INFO"])
    if found is None or not _is_usual(environ):
        return None
    brought = parse_cookie(environ.get("HTTP_COOKIE", ""))
    if settings.SESSION_COOKIE_NAME in brought:
        return None
    language = found["language"] or settings.LANGUAGE_CODE
    page = WAYS.get((environ["REQUEST_METHOD"], found["page"] or "received", bool(found["token"])))
    if page is None or (environ["REQUEST_METHOD"] == "GET" and language not in READ):
        return None
    asked = Asked(found["code"] or "", found["token"] or "", found["reference"] or "", environ, brought)
    with override(language):
        told = page(asked)
    if told is None:
        return None
    vary = {} if found["language"] else {"Vary": "Accept-Language"}
    return told._replace(headers={**SENT, **told.headers, "Content-Language": language, **vary})


@cache
def _addresses() -> re.Pattern[str]:
    languages = "|".join(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    slug, reference = "[-a-zA-Z0-9_]+", "(?P<reference>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3})"
    form = f"/procedures/(?P<code>{slug})/(?P<page>submit|confirm)/(?:(?P<token>{slug})/)?"
    return re.compile(f"(?:/(?P<language>{languages}))?(?:{form}|/applications/{reference}/received/)")


def _is_usual(environ: Environ) -> bool:
    """A plain question to this host: nothing in it that a step of Django's would look at twice."""
    method = environ["REQUEST_METHOD"]
    if method not in {"GET", "POST"} or not is_plain(environ) or not environ.get("HTTP_COOKIE", "").isascii():
        return False
    return method == "GET" or environ.get("HTTP_SEC_FETCH_SITE") in OWN_SITES


def _confirmed(asked: Asked) -> Answer | None:
    if "HTTP_X_PART" in asked.environ:
        return None
    fields, listed = fields_of(asked.body(), asked.environ.get("CONTENT_TYPE", "")), catalogue.find(asked.code)
    if fields is None or listed is None or not listed.is_open(today()):
        return None
    if asked.is_braked("applications:confirm"):
        return None
    posted = forms.read_fields(fields, MultiValueDict(), listed.compiled)
    place = next_place(listed.compiled, sheet_of(fields, asked.code, posted), posted, "online")
    return Answer("303 See Other", {"Location": iri_to_uri(place)}, b"", "applications:confirm")


def _confirmation(asked: Asked) -> Answer | None:
    listed, sheet = catalogue.find(asked.code), sheets.get(asked.token, asked.code)
    if listed is None or sheet is None:
        return None
    page = confirmation.shown(listed.compiled, sheet, asked.token, by=stranger(asked.brought))
    if page is None:
        return None
    headers = {"Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}
    return Answer("200 OK", headers, page.encode(), "applications:confirmation")


def _submitted(asked: Asked) -> Answer | None:
    if asked.environ.get("CONTENT_TYPE") != FORM:
        return None
    fields, listed = _fields(asked.body()), catalogue.find(asked.code)
    if fields is None or listed is None or not listed.is_open(today()) or not is_idempotency_key(fields["key"]):
        return None
    if asked.is_braked("applications:submit"):
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
    cookie = cookies.header(keys.COOKIE, keys.with_one_more(asked.brought, reference, done.key), lasts=keys.KEEP)
    place = _place(_language()).replace(BLANK, reference)
    return Answer("303 See Other", {"Location": place, "Set-Cookie": cookie}, b"", "applications:submit")


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


def _received(asked: Asked) -> Answer | None:
    page = receipt.shown(asked.reference, keys.held_in(asked.brought).get(asked.reference, ""))
    if page is None:
        return None
    return Answer("200 OK", {"X-Robots-Tag": "noindex"}, page.encode(), "applications:received")


WAYS: Final[Mapping[tuple[str, str, bool], Callable[[Asked], Answer | None]]] = {
    ("POST", "confirm", False): _confirmed,
    ("GET", "confirm", True): _confirmation,
    ("POST", "submit", False): _submitted,
    ("GET", "received", False): _received,
}
"""Method, page, and whether its address holds a token → who answers."""
