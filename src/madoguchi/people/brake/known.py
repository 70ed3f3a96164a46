"""Where officers have signed in before: a signed cookie that a whole sign-in leaves, and that passes a brake."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from madoguchi.foundation.identifiers import new_secret

COOKIE: Final = "known"
KEEP_SECONDS: Final = 400 * 24 * 60 * 60
"""As long as browsers keep a cookie (RFC 6265bis, 5.5)."""
MOST_ACCOUNTS: Final = 10
"""Officers who share a terminal."""


def name() -> str:
    """How the cookie is called: on https with a prefix that only this host can set (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


def _held(request: HttpRequest) -> dict[str, str]:
    """Account → what this device is called there."""
    try:
        held = signing.loads(request.COOKIES.get(name(), ""), salt=COOKIE, max_age=KEEP_SECONDS)
    except signing.BadSignature:
        return {}
    return dict(held)


def device(request: HttpRequest, account: UUID) -> str:
    """What this device is called, where somebody has signed in to the account on it; else ""."""
    return _held(request).get(account.hex, "")


def remember(request: HttpRequest, response: HttpResponse, account: UUID) -> None:
    """Somebody has signed in to the account here, with the second factor."""
    held = _held(request)
    called = held.pop(account.hex, "") or new_secret(80)
    newest = dict([*held.items(), (account.hex, called)][-MOST_ACCOUNTS:])
    response.set_cookie(
        name(), signing.dumps(newest, salt=COOKIE), max_age=KEEP_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
