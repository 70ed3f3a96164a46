"""Statements that PostgreSQL plans once per connection: for what is asked before every write."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


def planned_once() -> Any:
    """A cursor whose statements are prepared on the server; Django's own binds on the client and never prepares."""
    django: Any = connection  # what follows is below Django's typed surface
    django.ensure_connection()
    django.connection.prepare_threshold = 0
    cursor: Any = ServerBindingCursor
    return django._prepare_cursor(cursor(django.connection))


def answer(statement: str, given: Sequence[object]) -> Any:
    """The one value that such a statement gives."""
    with planned_once() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchone()[0]
