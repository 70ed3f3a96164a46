"""HTTP as it is meant, before any view: HEAD, OPTIONS, 405, programs of other sites, tags, unstorable text."""

from collections.abc import Callable
from typing import Final

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response, set_response_etag

from madoguchi.design import errors

from .rules import Rule, table

Response = Callable[[HttpRequest], HttpResponseBase]
PROGRAMS: Final = "/api/"
"""Under this no cookie is read, so every site's scripts may ask (docs/decisions/0045)."""

OPEN_TO_ALL: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, Content-Disposition",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
SECRETS: Final = frozenset({"secret", "token", "checkout", "key"})
"""Parts of addresses that open what they lead to."""
SECRET_CODE: Final = frozenset({"counter:verify-code"})
"""Addresses whose `code` does: other codes are names of procedures and datasets."""

FRESH: Final = {True: "no-cache", False: "public, max-age=60"}
"""Whether it is a page → how long it may be kept without asking again."""

_UNSTORABLE: Final = ("NUL (0x00)", "surrogates not allowed", "unsupported Unicode escape sequence")


def asks_for_headers(request: HttpRequest) -> bool:
    """Whether the body will not be sent (HEAD): nothing that is recorded as delivered may count then."""
    return bool(request.META["REQUEST_METHOD"] == "HEAD")


def _rule(request: HttpRequest) -> Rule | None:
    match = request.resolver_match
    return table().get(match.view_name) if match else None


class Methods:
    """Every address answers HEAD as it would GET, says on OPTIONS what it takes, and refuses the rest with 405."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "HEAD":
            request.method = "GET"
        response = self.get_response(request)
        if asks_for_headers(request) and not response.streaming:
            length = str(len(response.content))  # type: ignore[attr-defined]
            response.content = b""  # type: ignore[attr-defined]
            response.headers["Content-Length"] = length
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """None lets the request pass; what has no rule is AccessMiddleware's to refuse."""
        rule = _rule(request)
        if rule is None or request.method in rule.methods:
            return None
        allowed = ", ".join(sorted(rule.methods | {"OPTIONS"}))
        answer = HttpResponse(status=204) if request.method == "OPTIONS" else errors.not_allowed(request)
        answer.headers["Allow"] = allowed
        if "Access-Control-Request-Method" in request.headers:
            for name, value in {"Access-Control-Allow-Methods": allowed, **PREFLIGHT}.items():
                answer.headers[name] = value
        return answer


class Programs:
    """What is open can be read by scripts of every site; nobody's cookies count there."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_program = request.path_info.startswith(PROGRAMS)
        if is_program:
            request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        rule = _rule(request)
        if is_program or (rule is not None and rule.shared and not _is_page(response)):
            for name, value in OPEN_TO_ALL.items():
                response.headers.setdefault(name, value)
        return response


class Shared:
    """What is the same for everybody has a tag and may be kept."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        rule = _rule(request)
        if rule is None or not rule.shared or request.method != "GET" or not _is_same_for_all(request, response):
            return response
        return self._tagged(request, response)

    def _tagged(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cache-Control", FRESH[_is_page(response)])
        if not response.streaming and "ETag" not in response.headers:  # a view's own stays true
            response = set_response_etag(response)
        return get_conditional_response(request, response.headers.get("ETag"), None, response) or response  # type: ignore[arg-type]


def _is_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _is_same_for_all(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whoever holds a session or a case may get a page of their own."""
    return response.status_code == 200 and not response.cookies and not (_is_page(response) and request.COOKIES)


def secrets_of(match: ResolverMatch) -> list[str]:
    """What of an address opens what it leads to."""
    names = SECRETS | {"code"} if match.view_name in SECRET_CODE else SECRETS
    return [str(value) for name, value in match.kwargs.items() if name in names]


class Private:
    """What only some may see is for no index; an address that holds a secret is told to no other site."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response, rule = self.get_response(request), _rule(request)
        holds_secret = request.resolver_match is not None and bool(secrets_of(request.resolver_match))
        if holds_secret:  # with no-referrer the Origin of its forms would be null
            response.headers.setdefault("Referrer-Policy", "strict-origin")
        if holds_secret or (rule is not None and rule.who != "anyone"):
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


class Storable:
    """Text that no database can hold (NUL, half a character) is a fault of who sends it, wherever it stands."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """No address has a NUL. Raises Http404."""
        if "\0" in request.path_info:
            raise Http404("NUL")

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """400 instead of 500; every other exception goes on."""
        is_ours = isinstance(fault, (ValueError, DataError)) and any(sign in str(fault) for sign in _UNSTORABLE)
        return errors.bad_request(request, fault) if is_ours else None
