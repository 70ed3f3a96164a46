"""What crawlers, browsers and finders of faults look for at fixed addresses of every site."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.catalogue import queries as catalogue
from madoguchi.foundation.languages import LANGUAGES, TRANSLATIONS
from madoguchi.opendata.serving.shelf import shelf
from madoguchi.reform.kept import kept
from madoguchi.town.offices import town

from . import finding, icons

TAGS: Final = {one.code: one.hreflang for one in LANGUAGES}
ROOTS: Final = ("counter:home", "counter:procedures", "reform:indicators")
"""Pages that nobody looks for by words; the others are those of the search (`search/pages.yaml`)."""
SECRET: Final = ("applications/", "accounts/", "desk/", "pay/", "orders/", "tickets/", "uploads/")


def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers have nothing to look for, and the list of pages."""
    prefixes = ("", *(f"{one.code}/" for one in TRANSLATIONS))
    closed = [f"Disallow: /{prefix}{place}" for prefix in prefixes for place in SECRET]
    lines = ["User-agent: *", *closed, f"Sitemap: {settings.PUBLIC_URL}{reverse('machines:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _pages() -> Iterator[tuple[str, list[str]]]:
    """Every public page: the URL's name and its arguments."""
    yield from ((name, []) for name in dict.fromkeys((*ROOTS, *finding.pages())) if not _is_secret(reverse(name)))
    yield from (("counter:procedure", [code]) for code in catalogue.current())
    yield from (("bookings:facility", [code]) for code in facilities())
    yield from (("opendata:dataset", [code]) for code in shelf().items)
    yield from (("reform:project", ref.split("/")) for ref in kept().projects)
    yield from (("reform:indicator", [code]) for code in kept().indicators)


def _is_secret(path: str) -> bool:
    """Whether crawlers are kept out there."""
    return path.lstrip("/").startswith(SECRET)


def _address(language: str, name: str, arguments: list[str]) -> str:
    with override(language):
        return settings.PUBLIC_URL + reverse(name, args=arguments)


def _entries() -> Iterator[str]:
    for name, arguments in _pages():
        found = {tag: _address(code, name, arguments) for code, tag in TAGS.items()}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(url)}/>' for tag, url in found.items()
        )
        yield from (f"<url><loc>{url}</loc>{links}</url>" for url in found.values())


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in three languages (sitemaps.org, with the links of the other languages)."""
    opening = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    )
    body = "\n".join([opening.rstrip(), *_entries(), "</urlset>", ""])
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116); it says so anew each day, for half a year."""
    until = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until}",
        "Preferred-Languages: ja, en",
        f"Canonical: {settings.PUBLIC_URL}{reverse('machines:security')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def manifest(request: HttpRequest) -> JsonResponse:
    """The site as something to put on the first screen of a phone."""
    told: dict[str, Any] = {
        "name": town().name, "short_name": town().name, "lang": "ja", "start_url": "/", "scope": "/",
        "display": "browser", "background_color": "#ffffff", "theme_color": "#0017c1",
        "icons": [
            {"src": reverse("machines:icon"), "sizes": "any", "type": "image/svg+xml"},
            {"src": reverse("machines:picture"), "sizes": "512x512", "type": "image/png"},
        ],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def icon(request: HttpRequest) -> HttpResponse:
    """The sign of the site: a door in a counter, no emblem of any government."""
    return HttpResponse(render_to_string("counter/icon.svg"), content_type="image/svg+xml")


def picture(request: HttpRequest) -> HttpResponse:
    """The same as a PNG: what services show beside a link, and phones on their first screen."""
    return HttpResponse(icons.png(), content_type="image/png")


def favicon(request: HttpRequest) -> HttpResponse:
    """The same where browsers look for it unasked."""
    return HttpResponse(icons.ico(), content_type="image/x-icon")
