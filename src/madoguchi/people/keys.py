"""The keys applicants hold: a case key derived from the case (never stored), kept by the browser in a signed cookie."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from madoguchi.foundation.text import as_code
from madoguchi.platform import cookies, sealed

COOKIE = "cases"
KEEP = timedelta(days=180)
KEEP_CASES = 20
LONGEST_TYPED = 200
"""A key as somebody types it, with spaces and hyphens."""


def case_key(case_id: UUID, salt: int = 0) -> str:
    """The 160-bit key of a case, base32 in lower case; `salt` changes it when a key must be revoked."""
    return _derived(f"case-key:{case_id}:{salt}")


def link_token(case_id: UUID, seq: int) -> str:
    """The token of the link that event `seq` of a case makes: the same one when a letter is written a second time."""
    return _derived(f"link:{case_id}:{seq}")


def _derived(message: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).digest()[:20]
    return base64.b32encode(digest).decode().lower()


def shown_key(key: str) -> str:
    """The key in groups of four, for paper."""
    return "-".join(key[n : n + 4] for n in range(0, len(key), 4))


def is_key(given: str, case_id: UUID, salt: int = 0) -> bool:
    """Compare in constant time; spaces, hyphens and capitals do not matter."""
    typed = as_code(given) if len(given) <= LONGEST_TYPED else ""
    plain = "".join(character for character in typed.lower() if character.isalnum())
    return hmac.compare_digest(plain.encode(), case_key(case_id, salt).encode())


def held(request: HttpRequest) -> dict[str, str]:
    """Reference → key of the cases this browser holds."""
    return held_in(request.COOKIES)


def held_in(brought: Mapping[str, str]) -> dict[str, str]:
    """The same of the cookies that it brought."""
    return dict(sealed.opened(cookies.read(brought, COOKIE), COOKIE, KEEP) or {})


def hand_over(request: HttpRequest, response: HttpResponse, reference: str, key: str) -> None:
    """Let this browser hold one more case key."""
    cookies.put(response, COOKIE, with_one_more(request.COOKIES, reference, key), lasts=KEEP)


def with_one_more(brought: Mapping[str, str], reference: str, key: str) -> str:
    """What the cookie says from now on."""
    cases = {**held_in(brought), reference: key}
    return sealed.closed(dict(list(cases.items())[-KEEP_CASES:]), COOKIE)
