"""What is sent twice counts once: the key by which it is known, and what was sent under it before (ADR 54, 63).

The key stands in the row that it made, with the fingerprint of what was sent: one statement writes both or neither, and
a repetition is answered from the row as it stands now. No table of keys and answers is kept.
"""

import hashlib
from typing import Final, Protocol, TypeVar

from django.http import HttpRequest

from .problems import Problems

HEADER: Final = "Idempotency-Key"
LONGEST_KEY: Final = 200


class Keyed(Protocol):
    """A row that a key made; `body` is the fingerprint of what was sent."""

    body: str


Row = TypeVar("Row", bound=Keyed)


def is_idempotency_key(text: str) -> bool:
    """Whether the text can be a key: 1 to 200 printable characters.

    A short key costs only its owner: who uses another's key with another body is refused, and who sends the same key
    and the same body knew everything already.
    """
    return 0 < len(text) <= LONGEST_KEY and text.isprintable()


def key_sent(request: HttpRequest) -> str:
    """The key as a program sent it, "" without one."""
    return request.headers.get(HEADER, "")


def must_be_key(key: str, title: str, detail: str = "", *, within: str = "") -> str:
    """The key, kept as `within` followed by it. Raises Problems (400) with these words where it cannot be one."""
    if not key or not is_idempotency_key(within + key):
        raise Problems(400, title, detail=detail)
    return within + key


def fingerprint(sent: bytes) -> str:
    """By what the same body is known again."""
    return hashlib.sha256(sent).hexdigest()


def same(before: Row, body: str, *, otherwise: Exception) -> Row:
    """What the key made, where the same was sent; `otherwise` is raised where another body came under the key."""
    if before.body != body:
        raise otherwise
    return before
