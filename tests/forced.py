"""What a test needs that the database refuses: rows from long ago, forged documents. For its owner only."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_guards():
    """Inside, no trigger runs; constraints hold all the same."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SET session_replication_role = origin")
