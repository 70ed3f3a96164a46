"""Who is asked to sign in (again): a page leads back to itself, and what was sent is handed back, not lost."""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

FORMS_OF_WORK: Final = "/desk/"
"""Passwords and codes, which are typed elsewhere, are never handed back."""
NOT_TYPED: Final = frozenset({"csrfmiddlewaretoken"})


def answer(request: HttpRequest) -> HttpResponse:
    """To a request for officers from nobody who is signed in."""
    if request.method == "POST" and _has_ended(request) and FORMS_OF_WORK in request.path_info:
        return not_saved(request)
    where = request.get_full_path() if request.method == "GET" else reverse(settings.LOGIN_REDIRECT_URL)
    told = {"next": where, **({"ended": "1"} if _has_ended(request) else {})}
    return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode(told)}")


def not_saved(request: HttpRequest) -> HttpResponse:
    """403 with everything that was typed, to be sent once more after signing in; files cannot be handed back."""
    context = {
        "typed": [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_TYPED],
        "files": [file.name for files in request.FILES.lists() for file in files[1]],
        "where": request.get_full_path(),
        "is_signed_in": request.user.is_authenticated,
    }
    return render(request, "people/not_saved.html", context, status=403)


def _has_ended(request: HttpRequest) -> bool:
    """Whether the browser brings the key of a session that is over."""
    brought = settings.SESSION_COOKIE_NAME in request.COOKIES
    return brought and not request.user.is_authenticated and request.session.session_key is None
