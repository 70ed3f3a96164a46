"""Where officers have signed in before: a signed cookie that a whole sign-in leaves, and that passes a brake."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse

from madoguchi.foundation.identifiers import new_secret
from madoguchi.platform import cookies

COOKIE: Final = "known"
KEEP: Final = timedelta(days=400)
"""As long as browsers keep a cookie (RFC 6265bis, 5.5)."""
MOST_ACCOUNTS: Final = 10
"""Officers who share a terminal."""


def _held(request: HttpRequest) -> dict[str, str]:
    """Account → what this device is called there."""
    try:
        held = signing.loads(cookies.read(request.COOKIES, COOKIE), salt=COOKIE, max_age=KEEP)
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
    cookies.put(response, COOKIE, signing.dumps(newest, salt=COOKIE), lasts=KEEP)
