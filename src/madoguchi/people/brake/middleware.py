"""Brakes every anonymous write before its view runs, by what the rule of its address says."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from madoguchi.design import errors
from madoguchi.platform.brake.counting import Asked, Braked, count
from madoguchi.platform.brake.sender import is_spared, sender_of

from ..access import is_officer
from ..rules import SAFE, Rule, table
from .words import sentence

COUNTED: Final = "madoguchi.counted"
"""In the environ of a request that a step in front of Django has counted already: what `counted` returned."""

Response = Callable[[HttpRequest], HttpResponseBase]


class BrakeMiddleware:
    """Strangers only: what officers do is theirs to answer for. Who asks for what is open is not counted either."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        braked = getattr(request, "braked", None)  # a form of ours says so itself
        if braked and response.status_code == 200:
            response.status_code = 429
            response.headers["Retry-After"] = errors.seconds_until(braked.until)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """None lets the request pass."""
        match = request.resolver_match
        rule = table().get(match.view_name) if match else None
        if rule is None or not rule.limits or request.method in SAFE or is_officer(request):
            return None
        braked = request.META[COUNTED] if COUNTED in request.META else counted(request.META, rule)
        return too_many(request, braked) if braked else None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """What was braked deeper down is answered in the same way."""
        return too_many(request, fault) if isinstance(fault, Braked) else None


def counted(environ: Mapping[str, Any], rule: Rule) -> Braked | None:
    """Count a write by what its rule says; when it is too much, when it goes on."""
    address = sender_of(environ)
    if is_spared(address):
        return None
    length = environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() else 0
    return count(Asked(one, address, size if one.in_bytes else 1) for one in rule.limits)


def too_many(request: HttpRequest, braked: Braked) -> HttpResponse:
    """429: when it goes on."""
    return errors.too_many(request, sentence(braked.until), until=braked.until)
