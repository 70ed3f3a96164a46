"""Who asks, and whether the rule of the URL (`rules`) lets them in; objects are loaded by relation."""

from collections.abc import Callable, Mapping
from hmac import compare_digest

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.functional import SimpleLazyObject

from madoguchi.platform import cookies

from . import ended, keys
from .actor import PUBLIC, Actor, officer_actor
from .rules import SAFE, Rule, table

Response = Callable[[HttpRequest], HttpResponseBase]
OWN_SITES = frozenset({"same-origin", "none"})
"""What `Sec-Fetch-Site` says of a page of ours, and of an address that somebody typed."""
BEFORE_OWN_PASSWORD = frozenset({"account_change_password", "account_logout"})
"""What an officer may open who still has a password that somebody else chose."""


def is_officer(request: HttpRequest) -> bool:
    """Whether an officer is signed in, with or without the second factor."""
    officer = getattr(request, "user", None)
    return officer is not None and officer.is_authenticated


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request: an officer with a second factor, the holder of case keys, or the public."""
    officer = getattr(request, "user", None)
    if officer is not None and officer.is_authenticated:
        return officer_actor(officer)
    return stranger(request.COOKIES)


def stranger(brought: Mapping[str, str]) -> Actor:
    """Who is no officer: the holder of the case keys in these cookies, or the public."""
    if cookies.read(brought, keys.COOKIE):
        return Actor("applicant", "", references=frozenset(keys.held_in(brought)))
    return PUBLIC


def acting(request: HttpRequest) -> Actor:
    """The actor of a request that passed AccessMiddleware."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


class AccessMiddleware:
    """Refuses every request that the rule of its URL does not allow, before the view runs."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Look the URL's name up; None lets the request pass."""
        match = request.resolver_match
        rule = table().get(match.view_name) if match else None
        if rule is None:
            raise PermissionDenied(f"no rule for {request.method} {match.view_name if match else request.path}")
        if rule.who in {"anyone", "holder"}:
            return None
        if rule.who == "operator":
            return self._for_operators(request)
        return self._for_officers(request, rule, match)

    @staticmethod
    def _for_operators(request: HttpRequest) -> HttpResponse | None:
        if not settings.METRICS_TOKEN:
            raise Http404
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and compare_digest(token.encode(), settings.METRICS_TOKEN.encode()):
            return None
        return HttpResponse("401\n", status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})

    def _for_officers(self, request: HttpRequest, rule: Rule, match: ResolverMatch | None) -> HttpResponse | None:
        name = match.view_name if match else ""
        if not request.user.is_authenticated:
            return ended.answer(request)
        if request.user.first_password_until is not None and name not in BEFORE_OWN_PASSWORD:
            return redirect("account_change_password")
        if rule.who == "signed-in":
            return None
        if not is_mfa_enabled(request.user):
            return redirect("mfa_index")
        if rule.roles and not rule.roles & request.actor.roles:  # type: ignore[attr-defined]
            raise PermissionDenied(f"{name} needs one of {sorted(rule.roles)}")
        return None


class OriginMiddleware:
    """Refuses writes that another site started (docs/decisions/0006): cookies alone never authorise a write.

    Browsers send `Sec-Fetch-Site`, or at least `Origin`, with every POST; programs that send neither carry no
    ambient cookies of a victim. Under `/api/` no cookie is read (docs/decisions/0045), so there every site may write.
    """

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_open = request.path_info.startswith("/api/")
        if request.method not in SAFE and not is_open and not self._is_own(request):
            raise PermissionDenied("a write that another site started")
        return self.get_response(request)

    @staticmethod
    def _is_own(request: HttpRequest) -> bool:
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in OWN_SITES
        origin = request.headers.get("Origin")
        if origin is None:
            return not request.COOKIES
        return origin in {f"{request.scheme}://{request.get_host()}", settings.PUBLIC_URL}


class TokenMiddleware(CsrfViewMiddleware):
    """Django's CSRF token on every page of officers; public pages carry no per-user bytes and rely on the origin."""

    def process_view(  # type: ignore[override]
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Check the token where the rule says that an officer acts."""
        match = request.resolver_match
        rule = table().get(match.view_name) if match else None
        if rule is None or rule.who in {"anyone", "holder"}:
            return None
        return super().process_view(request, view, args, kwargs)  # type: ignore[arg-type]

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        """The page was opened before the last sign-in (or another site is at work: then the origin refused it)."""
        if ended.FORMS_OF_WORK in request.path_info:
            return ended.not_saved(request)
        refused: HttpResponse = super()._reject(request, reason)  # type: ignore[misc]
        return refused
