"""Which procedures there are, compiled. Versions never change, so compiled ones are kept by id."""

import time
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from threading import Lock

from django.utils.translation import get_language

from .compiled import Compiled
from .load import build
from .models import Version

FRESH_SECONDS = 2.0
_lock = Lock()
_current: tuple[float, dict[str, "Listed"]] = (0.0, {})


class Listed:
    """A current version and when it may be used."""

    def __init__(self, version: Version) -> None:
        self.compiled = compiled_version(version.pk)
        self.since, self.until = version.effective_from, version.effective_until

    def is_open(self, on: date) -> bool:
        """Whether new applications are taken on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


@lru_cache(maxsize=512)
def compiled_version(version_id: int) -> Compiled:
    """One stored version, ready. Raises Version.DoesNotExist."""
    version = Version.objects.get(pk=version_id)
    return build(version.definition, version.wordings, version.pk, version.digest)


def current() -> Mapping[str, Listed]:
    """The current version of every procedure by code; at most FRESH_SECONDS old, so publication needs no restart."""
    read_at, listed = _current
    if time.monotonic() - read_at < FRESH_SECONDS and listed:
        return listed
    if not _lock.acquire(blocking=not listed):
        return listed  # somebody is reading them again
    try:
        return _read()
    finally:
        _lock.release()


def _read() -> Mapping[str, Listed]:
    global _current
    versions = Version.objects.filter(replaced_at__isnull=True).order_by("code").defer("definition", "wordings")
    fresh = {version.code: Listed(version) for version in versions}
    _current = (time.monotonic(), fresh)
    return fresh


def forget() -> None:
    """Read again at the next look (after a publication in this process)."""
    global _current
    _current = (0.0, {})


def find(code: str) -> Listed | None:
    """The current version of one procedure, None when there is none."""
    return current().get(code)


def procedure_name(code: str) -> str:
    """A procedure's name in the reader's language; the code where there is none."""
    found = find(code)
    return found.compiled.words(get_language() or "ja").text("name", found.compiled.procedure.name) if found else code
