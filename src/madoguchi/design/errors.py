"""Error pages: a clear sentence and a way on, never a stack trace; problem details (RFC 9457) for programs."""

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

RETRY_AFTER: Final = 60
"""Seconds after which a browser or program may try again."""
SOON: Final = 30
"""The same, where only this sender's other requests must end first."""


MOST_CARRIED: Final = 512 * 1024
"""Bytes of a form that a page carries on, so that it can be sent again."""


def _answer(
    request: HttpRequest, status: int, title: str, *, detail: str = "", told: Mapping[str, Any] | None = None
) -> HttpResponse:
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": title, "status": status, **({"detail": detail} if detail else {})}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    desk = status < 500 and _is_officer(request)  # a broken page asks the database for nothing
    context: dict[str, object] = {
        "title": title,
        "base": "desk_base.html" if desk else "base.html",
        "at_the_desk": desk,
        "invented_past": None,  # nothing is counted here
        **(told or {}),
    }
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
    """503, and when to come again; a form that came is carried on, to be sent again with one press."""
    typed, is_whole = _carried(request) if request.method == "POST" else ([], False)
    told = {"typed": typed, "is_whole": is_whole}
    answer = _answer(request, 503, _("ただいま、ご利用いただけません。"), told=told)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def too_many(request: HttpRequest, sentence: str, *, until: datetime) -> HttpResponse:
    """429: the sentence says when it goes on; a form that came is carried on, to be sent again with one press."""
    if request.headers.get("Sec-Fetch-Dest") == "empty" and not request.path.startswith("/api/"):  # a script of ours
        answer: HttpResponse = JsonResponse({"error": sentence}, status=429)
    else:
        typed, is_whole = _carried(request)
        told = {"sentence": sentence, "typed": typed, "is_whole": is_whole}
        answer = _answer(request, 429, _("少し待って、もう一度送ってください。"), detail=sentence, told=told)
    answer["Retry-After"] = seconds_until(until)
    return answer


def seconds_until(moment: datetime) -> str:
    """Whole seconds until then, for `Retry-After` (RFC 9110, 10.2.3)."""
    return str(max(-int((timezone.now() - moment).total_seconds() // 1), 1))


def _carried(request: HttpRequest) -> tuple[list[tuple[str, str]], bool]:
    """(what was typed, whether that is all): secrets are typed again, files are chosen again."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.path.startswith("/api/") or not length.isdecimal() or int(length) > MOST_CARRIED:
        return [], False
    typed = [(name, value) for name, values in request.POST.lists() for value in values if "password" not in name]
    return typed, not any(name for name in request.POST if "password" in name) and not any(request.FILES.values())


def refused(request: HttpRequest, status: int) -> HttpResponse:
    """What is refused before any page is asked, whoever asks: 400, 408, 413, 429, 500 or 503."""
    titles = {
        400: _("送られた内容を読み取れませんでした。"),
        408: _("送信が時間内に終わりませんでした。"),
        413: _("送られた内容が大きすぎます。"),
        429: _("少し待って、もう一度送ってください。"),
        500: _("処理できませんでした。"),
        503: _("ただいま、ご利用いただけません。"),
    }
    sentence = _("同じ回線から、終わらない送信が同時に多く届いています。") if status == 429 else ""
    if request.headers.get("Sec-Fetch-Dest") == "empty" and not request.path.startswith("/api/"):  # a script of ours
        answer: HttpResponse = JsonResponse({"error": sentence or titles[status]}, status=status)
    else:
        told = {"sentence": sentence, "typed": [], "is_whole": False}
        answer = _answer(request, status, titles[status], detail=sentence, told=told)
    if status in {429, 503}:
        answer["Retry-After"] = str(RETRY_AFTER if status == 503 else SOON)
    return answer
