"""E-mail addresses that strangers gave: known by a keyed hash, confirmed by whoever opens a letter's link (ADR 48).

What an office does (correction, decision) is always told. Letters that strangers cause are few where nobody has
confirmed the address, in whatever way they are caused.
"""

from typing import Final
from uuid import UUID

from madoguchi.foundation.folding import unify
from madoguchi.platform.brake.counting import Asked, count
from madoguchi.platform.brake.limits import KNOWN_LETTERS, Limit
from madoguchi.platform.brake.sender import hashed
from madoguchi.platform.sql.statements import answer

_IS_CONFIRMED: Final = """
SELECT EXISTS (SELECT FROM cases_case WHERE email_key = %s AND email_confirmed_at IS NOT NULL)"""
_WITHOUT_DOTS = ("gmail.com", "googlemail.com")


def key_of(email: str) -> UUID | None:
    """The key of a mailbox: capitals, and what stands behind a + (RFC 5233), lead to the same one; "" has none."""
    local, at, domain = unify(email).lower().strip().rpartition("@")
    if not at:
        return None
    mailbox = local.partition("+")[0] or local
    return hashed("mailbox", f"{mailbox.replace('.', '') if domain in _WITHOUT_DOTS else mailbox}@{domain}")


def is_confirmed(key: UUID | None) -> bool:
    """Whether somebody has opened a link that was sent there; known until the case of that letter is purged."""
    return key is not None and bool(answer(_IS_CONFIRMED, [key]))


def may_be_written_to(email: str, unknown: Limit) -> bool:
    """Whether a letter that a stranger caused may go to an address now; it is counted. `unknown`: the limit of one
    that nobody has confirmed."""
    key = key_of(email)
    limit = KNOWN_LETTERS if is_confirmed(key) else unknown
    return count([Asked(limit, str(key))]) is None
