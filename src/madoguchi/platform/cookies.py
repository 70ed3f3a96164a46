"""Every cookie of ours is set here: for this host only, never read by scripts, sent over HTTPS where there is HTTPS.

On https a name begins with `__Host-`: the browser then takes the cookie only with Secure, without a domain and for
the whole host, so that no neighbour under the same domain can plant one (RFC 6265bis, 4.1.3.2).
"""

import time
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpResponse
from django.utils.http import http_date


def name(plain: str) -> str:
    """How the cookie is called on this installation."""
    return f"__Host-{plain}" if settings.SESSION_COOKIE_SECURE else plain


def read(cookies: Mapping[str, str], plain: str) -> str:
    """What the browser brings, also under the name that was used before the prefix; empty where there is none."""
    return cookies.get(name(plain)) or cookies.get(plain, "")


def put(response: HttpResponse, plain: str, value: str, *, lasts: timedelta) -> None:
    """Let the browser keep a value. `Lax`: a link from a letter or from a payment's page must find it."""
    response.set_cookie(
        name(plain), value, max_age=int(lasts.total_seconds()), path="/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def header(plain: str, value: str, *, lasts: timedelta) -> str:
    """The same as the text of a `Set-Cookie`, for a value of letters that need no quotes."""
    seconds = int(lasts.total_seconds())
    return f"{name(plain)}={value}; {_attributes(seconds, http_date(time.time() + seconds))}"


def _attributes(seconds: int, until: str) -> str:
    secure = "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    return f"expires={until}; HttpOnly; Max-Age={seconds}; Path=/; SameSite=Lax{secure}"


class _MessageCookie(CookieStorage):
    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        return name("messages")


class Messages(FallbackStorage):
    """Django's messages, in a cookie with the name of this installation."""

    storage_classes = (_MessageCookie, SessionStorage)
