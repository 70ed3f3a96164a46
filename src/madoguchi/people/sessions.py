"""Sessions are for officers: public pages carry none, so they are spared the steps that read and write one."""

from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PLACES = ("/desk/", "/accounts/")
"""Where officers work and sign in; rules for officers stand only under these."""

FORGET = '"cache"'
"""What a browser forgets at a sign-out: kept answers and pages to go back to. Not `storage`: there a gate keeps scans
that it has not sent yet, and an applicant what was typed; not `cookies`: they hold applicants' cases and orders."""


def may_have_session(request: HttpRequest) -> bool:
    """Whether the request brings a session or is for a place that may begin one."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or any(place in request.path_info for place in PLACES)


class _OnlyWithSession:
    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        step = super().__call__ if may_have_session(request) else self.get_response  # type: ignore[misc]
        response: HttpResponseBase = step(request)
        return response


class SessionMiddleware(_OnlyWithSession, sessions.SessionMiddleware):
    """Django's, where there is a session; who signs out leaves nothing readable in the browser."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = super().__call__(request)
        if getattr(request, "has_signed_out", False):
            response.headers["Clear-Site-Data"] = FORGET
        return response


class AuthenticationMiddleware(_OnlyWithSession, auth.AuthenticationMiddleware):
    """Django's, where there is a session; elsewhere a request has no `user`."""


class MessageMiddleware(_OnlyWithSession, messages.MessageMiddleware):
    """Django's, where there is a session."""
