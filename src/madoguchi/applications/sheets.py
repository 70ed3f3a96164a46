"""What was typed, between the POST that brought it and the page that shows it (ADR 37).

A sheet is named by the token in its page's address: the idempotency key of the application (32 characters), then 8 of
its own. All sheets of one application share the key, so whichever of them is sent, the application is filed once. The
row is named by a hash of the token and sealed with another, so whoever has the rows but not the address reads nothing.
Sheets go when the application is filed, and a day after they came (`sequence.sweep`), as files do that nobody claimed.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone

from madoguchi.catalogue.judgement import Answers
from madoguchi.catalogue.problems import Problem
from madoguchi.foundation.identifiers import new_secret
from madoguchi.platform.sql.statements import planned_once

from .models import Sheet as Row
from .models import Upload
from .rules import UNCLAIMED_FOR

KEY_LENGTH: Final = 32
OWN_BITS: Final = 40
NONCE: Final = bytes(12)
"""Each key seals one text only, so its nonce need not differ."""

# What a crash takes of the last moment is typed again; no page waits for a disk.
_PUT: Final = """
WITH relaxed AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO applications_sheet (id, application, at, sealed) SELECT %s, %s, %s, %s FROM relaxed"""
_GET: Final = "SELECT sealed FROM applications_sheet WHERE id = %s AND at > %s"


@dataclass(frozen=True)
class Sheet:
    """A form between two requests: `subject` is its procedure or case, `key` the application's idempotency key.

    `problems` are faults of files (all others follow from the answers), `judged` the sections whose faults are shown,
    `at` the section that is open, `started` the seconds since the form was opened, as told, `right` the questions of a
    correction that are told to be right as they are, `good` what was judged before the confirmation, with its version.
    """

    subject: str
    answers: Answers
    key: str
    problems: Sequence[Problem] = ()
    judged: Sequence[str] = ()
    at: str = ""
    started: str = ""
    right: Sequence[str] = ()
    good: Mapping[str, Any] | None = None


def new_key() -> str:
    """The idempotency key of an application that begins."""
    return new_secret()


def is_key(text: str) -> bool:
    """Whether the text can be the key of an application that a page of ours began."""
    return re.fullmatch(f"[a-z2-7]{{{KEY_LENGTH}}}", text) is not None


def key_of(token: str) -> str:
    """The idempotency key that a page's address begins with; empty when the address is none of ours."""
    return token[:KEY_LENGTH] if is_key(token[:KEY_LENGTH]) else ""


def put(sheet: Sheet) -> str:
    """Keep a sheet; its token."""
    token = sheet.key + new_secret(OWN_BITS)
    row, text = _hash("row", token), _text(sheet)
    sealed = AESGCM(_secret(token)).encrypt(NONCE, zlib.compress(text, 1), row.encode())
    with planned_once() as cursor:
        cursor.execute(_PUT, [row, application_of(sheet.key), timezone.now(), sealed])
    return token


def _text(sheet: Sheet) -> bytes:
    try:
        return orjson.dumps(sheet, default=str)
    except TypeError:  # a number of more than 64 bits, half a character
        return json.dumps(asdict(sheet), default=str).encode()


def get(token: str, subject: str) -> Sheet | None:
    """The sheet of this procedure or case, while it is there."""
    row = _hash("row", token)
    with planned_once() as cursor:
        cursor.execute(_GET, [row, timezone.now() - UNCLAIMED_FOR])
        found = cursor.fetchone()
    if found is None:
        return None
    try:
        text = zlib.decompress(AESGCM(_secret(token)).decrypt(NONCE, bytes(found[0]), row.encode()))
    except InvalidTag:
        return None
    fields = json.loads(text)
    problems = [Problem(tuple(one["path"]), one["code"], one["params"]) for one in fields.pop("problems")]
    sheet = Sheet(**fields, problems=problems)
    return sheet if sheet.subject == subject else None


def forget(key: str) -> None:
    """Throw away the sheets of an application that was filed."""
    Row.objects.filter(application=application_of(key)).delete()


def throw_away_unsent() -> None:
    """Throw away forms and files that nobody sent within their time."""
    since = timezone.now() - UNCLAIMED_FOR
    Row.objects.filter(at__lt=since).delete()
    Upload.objects.filter(case__isnull=True, created_at__lt=since).delete()


def application_of(key: str) -> str:
    """How the rows of one application are named."""
    return _hash("application", key)


def _secret(token: str) -> bytes:
    return hashlib.sha256(f"sheet-seal:{token}".encode()).digest()


def _hash(what: str, secret: str) -> str:
    return hashlib.sha256(f"sheet-{what}:{secret}".encode()).hexdigest()
