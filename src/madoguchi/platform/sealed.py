"""Small values that a browser keeps and cannot change: as `django.core.signing` writes and reads them, in less time.

Django derives the key of a salt at every call and builds its signer for each; here the key is derived once. Either
reads what the other wrote; a test holds it.
"""

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.core.signing import b62_decode, b62_encode


def closed(value: Any, salt: str) -> str:
    """`signing.dumps`."""
    stamped = f"{_encoded(orjson.dumps(value))}:{b62_encode(int(time.time()))}"
    return f"{stamped}:{_signature(stamped, salt)}"


def opened(text: str, salt: str, within: timedelta) -> Any:
    """`signing.loads`; None for what is not ours, was changed, or is too old."""
    stamped, _colon, signature = text.rpartition(":")
    if not hmac.compare_digest(signature.encode(), _signature(stamped, salt).encode()):
        return None
    data, _colon, at = stamped.rpartition(":")
    if b62_decode(at) < time.time() - within.total_seconds():
        return None
    return orjson.loads(base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)))


def _signature(stamped: str, salt: str) -> str:
    return _encoded(hmac.digest(_key(f"{salt}signer", settings.SECRET_KEY), stamped.encode(), "sha256"))


@lru_cache(maxsize=32)
def _key(salt: str, secret: str) -> bytes:
    return hashlib.sha256(f"{salt}{secret}".encode()).digest()


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
