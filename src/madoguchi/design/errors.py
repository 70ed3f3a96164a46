"""Error pages: a clear sentence and a way on, never a stack trace; problem details (RFC 9457) for programs."""

import sys
from typing import Final

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

RETRY_AFTER: Final = 60
"""Seconds after which a browser or program may try again."""


def _answer(request: HttpRequest, status: int, title: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    desk = status < 500 and _is_officer(request)  # a broken page asks the database for nothing
    context: dict[str, object] = {
        "title": title,
        "base": "desk_base.html" if desk else "base.html",
        "at_the_desk": desk,
    }
    if status >= 500:
        context["invented_past"] = None
    return render(request, f"{status}.html", context, status=status)


def _is_officer(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _answer(request, 400, _("送られた内容を読み取れませんでした。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _answer(request, 403, _("このページを開くことはできません。"))


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, where the token of an officer's page is missing or old."""
    return _answer(request, 403, _("このページを開くことはできません。"))


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405; whoever answers with it says in `Allow` what the address takes."""
    return _answer(request, 405, _("このアドレスでは、この操作はできません。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _answer(request, 404, _("ページが見つかりません。"))


def broken(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database cannot be reached or gave up, which passes."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return unavailable(request)
    return _answer(request, 500, _("処理できませんでした。"))


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, and when to come again."""
    answer = _answer(request, 503, _("ただいま、ご利用いただけません。"))
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer
