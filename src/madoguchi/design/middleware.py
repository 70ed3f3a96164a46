"""Response steps that every page shares: security headers, and furigana on やさしい日本語 pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import get_language

from madoguchi.foundation.languages import language

from .furigana import with_readings

Response = Callable[[HttpRequest], HttpResponseBase]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


class Guarded:
    """WSGI step in front of everything: what Django never sees (static files, kept pages) has the same headers."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def send(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            there = {name.lower() for name, _value in headers}
            missing = [one for one in _all(_is_https(environ)) if one[0].lower() not in there]
            return start_response(status, [*headers, *missing], *rest)

        return self.application(environ, send)


def _all(https: bool) -> list[tuple[str, str]]:
    return [*HEADERS.items(), *([HSTS] if https else [])]


def _is_https(environ: dict[str, Any]) -> bool:
    """As Django's `request.is_secure()` tells it."""
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        return bool(environ.get(name, "").split(",", 1)[0].strip() == value)
    return bool(environ.get("wsgi.url_scheme") == "https")


class SecurityHeaders:
    """Headers on every response; what was not meant to be cached is not stored anywhere."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure():
            response.headers.setdefault(*HSTS)
        return response


class Languages(LocaleMiddleware):
    """The language of pages stands in their address; programs ask for theirs with `Accept-Language`."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language of this request."""
        super().process_request(request)
        if request.path_info.startswith("/api/"):
            language = translation.get_language_from_request(request)
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language() or language


class Furigana:
    """Adds readings to the kanji of やさしい日本語 pages."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html and language(get_language()).readings and not isinstance(response, StreamingHttpResponse):
            # Remembered only where the page is the same for everybody: nobody's words stay in memory.
            keep = request.method == "GET" and not request.COOKIES
            response.content = with_readings(response.content.decode(), keep=keep).encode()  # type: ignore[attr-defined]
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        return response
