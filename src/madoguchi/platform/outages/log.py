"""The database is away or full: told in one line when it begins and one when it is over, however many ask meanwhile."""

import logging
import time
from threading import Lock
from typing import Final

from .kinds import causes, is_outage

LOG = logging.getLogger(__name__)
QUIET_SECONDS: Final = 10.0
"""So long nothing may have failed before it counts as over: a full disk still lets pages be read."""


class Outage:
    """Whether this process misses its database, as far as it knows."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._since: float | None = None
        self._last = 0.0

    @property
    def lasts(self) -> bool:
        """Whether it does."""
        return self._since is not None

    def begins(self, fault: BaseException) -> None:
        """A request or a job failed of it."""
        with self._turn:
            self._last = time.monotonic()
            if self._since is not None:
                return
            self._since = self._last
        LOG.error("the database is away, or a disk is full: %s", _reason(fault))

    def may_be_over(self) -> None:
        """Something went well with the database."""
        with self._turn:
            now = time.monotonic()
            if self._since is None or now - self._last < QUIET_SECONDS:
                return
            lasted, self._since = now - self._since, None
        LOG.warning("database and disk are back, after %.0f seconds", lasted)


OUTAGE: Final = Outage()


def _reason(fault: BaseException) -> str:
    deepest = list(causes(fault))[-1]
    return str(deepest).strip().partition("\n")[0]


class OnlyOnce(logging.Filter):
    """Lets no stack trace of an outage through; the first one becomes a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if OUTAGE.lasts and getattr(record, "status_code", None) == 503:
            return False  # Django tells of every answer; a balancer asks every few seconds
        fault = record.exc_info[1] if record.exc_info else None
        if fault is None or not is_outage(fault):
            return True
        OUTAGE.begins(fault)
        return False
