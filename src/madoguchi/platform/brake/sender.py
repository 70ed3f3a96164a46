"""Who sends: an address as the network knows it, kept as a keyed hash only."""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings

HOUSEHOLD = 64
"""Bits of an IPv6 address that a household shares: a subnet (RFC 4291); a site has at least one (RFC 6177)."""


def sender_of(environ: Mapping[str, Any]) -> str:
    """Who sends a request (its environment, `request.META`); a proxy is believed only where the operator has one."""
    address: str = environ.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:  # the last hop is what our own proxy saw
        address = environ.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    return sender(address)


@lru_cache(maxsize=4096)
def sender(address: str) -> str:
    """One sender's address in one form: IPv6 by the household's network, IPv4 as it is; what is neither, as it came.

    >>> sender("2001:db8:1:2:3::4"), sender("::ffff:192.0.2.1"), sender("192.0.2.1")
    ('2001:db8:1:2::/64', '192.0.2.1', '192.0.2.1')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), HOUSEHOLD), strict=False))


@lru_cache(maxsize=4096)
def is_spared(address: str) -> bool:
    """Whether the operator spares this sender (`MADOGUCHI_BRAKE_SPARES`)."""
    try:
        found = ipaddress.ip_network(address)
    except ValueError:
        return False
    same = (one for one in settings.BRAKE_SPARES if one.version == found.version)
    return any(found.subnet_of(one) for one in same)  # type: ignore[arg-type] # of the same version


def hashed(kind: str, subject: str) -> UUID:
    """A name for a sender or an address that only this installation can make: 128 bits, another for each kind."""
    message = f"brake:{kind}:{subject}".encode()
    return UUID(bytes=hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).digest()[:16])
