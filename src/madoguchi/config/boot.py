"""What must be right before serving: in production an unsafe start is refused, and the sentence says what to change."""

import gc
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.utils import OperationalError

from madoguchi.platform import failpoints

from .environment import Refused

SHORTEST_TOKEN = 20
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class UnsafeStart(Refused):
    """Production would start in an unsafe state; the text says what to change."""


@register(Tags.security)
def production_is_safe(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """In production: no failpoint, no lock switched off, no debug pages, HTTPS, a secret from the environment."""
    if not settings.PRODUCTION:
        return []
    faults = [(f"{entry} is set.", "Unset it: it exists for fault tests only.") for entry in failpoints.active()]
    if settings.DEBUG:
        faults.append(("MADOGUCHI_DEBUG is on.", "Unset it: debug pages show personal data."))
    if not settings.PUBLIC_URL.startswith("https:"):
        faults.append(("MADOGUCHI_PUBLIC_URL is not https.", "Set the address that residents use, with https."))
    if settings.SANDBOX:
        faults.append(("MADOGUCHI_SANDBOX is on.", "Unset it: the sandbox takes play money for real fees."))
    if not settings.BRAKE:
        faults.append(("MADOGUCHI_BRAKE is 0.", "Unset it, or write a percentage: strangers could fill the disk."))
    if not settings.SECRET_IS_GIVEN:
        faults.append(("MADOGUCHI_SECRET_KEY is not set.", "Bring the secret from your vault (docs/decisions/0007)."))
    if 0 < len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        faults.append(
            ("MADOGUCHI_METRICS_TOKEN can be guessed.", f"Give it {SHORTEST_TOKEN} random characters or more.")
        )
    return [Error(text, hint=hint, id="madoguchi.E001") for text, hint in faults]


@register(Tags.database)
def commits_are_durable(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """In production: an acknowledged application survives the loss of power."""
    if not settings.PRODUCTION or not databases:
        return []
    return [
        Error(f"PostgreSQL has {name} = {value}.", hint=f"Set {name} = on.", id="madoguchi.E002")
        for name, value in _settings().items()
        if value != "on"
    ]


def _settings() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)])
            return dict(cursor.fetchall())
    except OperationalError:
        return {}  # the database itself says that it is not there


def refuse_unsafe_start() -> None:
    """Called by the WSGI entry: a production process that is not safe does not serve. Raises UnsafeStart."""
    if found := [*production_is_safe(), *commits_are_durable(databases=["default"])]:
        raise UnsafeStart("; ".join(f"{message.msg} {message.hint}" for message in found))


def keep_what_is_loaded() -> None:
    """To be called when all is imported: it is no garbage as long as the process lives, so nobody looks again."""
    gc.collect()
    gc.freeze()
