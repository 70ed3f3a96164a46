"""How published rows are read: as a role that may read them and nothing else, by index, and not for long.

Everything goes to the server in one round trip. The extended protocol takes one statement at a time, so that no text
of a visitor can bring a second one along.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import psycopg
from django.db import connection

from ..publishing.datastore import READER

MOST_MILLISECONDS: Final = 3000
_AS_READER: Final = """SELECT set_config('role', %s, true), set_config('transaction_read_only', 'on', true),
 set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"""


Statement = tuple[str, list[Any]]


class TooSlow(Exception):
    """The question was given up after `MOST_MILLISECONDS`."""


@cache
def _role() -> str:
    """The reading role; `none` (ourselves, still read-only) where the operator's server has not got it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(current_user, oid, 'SET')", [READER])
        return READER if cursor.fetchone() else "none"


def read(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of one statement. Raises `TooSlow`."""
    return read_all([(statement, list(parameters))])[0]


def read_all(statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement, all in one round trip. Raises `TooSlow`."""
    role, nested = _role(), connection.in_atomic_block
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    undo = "ROLLBACK TO SAVEPOINT reader" if nested else "ROLLBACK"
    cursors = [psycopg.Cursor(raw) for _statement in statements]
    try:
        with raw.pipeline():
            psycopg.Cursor(raw).execute("SAVEPOINT reader" if nested else "BEGIN")
            psycopg.Cursor(raw).execute(_AS_READER, [role, str(MOST_MILLISECONDS)])
            for cursor, (statement, parameters) in zip(cursors, statements, strict=True):
                cursor.execute(statement, parameters)
            psycopg.Cursor(raw).execute(undo)
    except psycopg.errors.QueryCanceled as slow:
        raw.execute(undo)
        raise TooSlow from slow
    except psycopg.Error:
        raw.execute(undo)
        raise
    return [cursor.fetchall() for cursor in cursors]
