"""A kept connection whose server ended it is dropped before it is used, without a statement for every request.

Django offers `CONN_HEALTH_CHECKS`, one `SELECT 1` for every request. But who waits for nothing and is told something is
told that it is over: so the socket is looked at, and only then Django asks.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's."""

    def close_if_unusable_or_obsolete(self) -> None:
        """At the begin and end of every request and job."""
        if self.connection is not None and not self.in_atomic_block and _was_told(self.connection):
            self.errors_occurred = True  # Django asks whether it is usable, and closes it if not
        super().close_if_unusable_or_obsolete()


def _was_told(connection: psycopg.Connection[Any]) -> bool:
    if connection.closed:
        return True
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return bool(socket.poll(0))
