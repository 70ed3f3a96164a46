"""What PostgreSQL can do for a statement, told so that no statistics change the answer."""

from django.db import connection

ONLY = """
UPDATE pg_index SET indisvalid = false
WHERE indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = %s::regclass) AND indexrelid <> %s::regclass
"""


def answers(index, statement, parameters):
    """Whether this index alone finds the rows of its table; the others are out of use until the test is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(ONLY, [index, index])
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        return any(f" {index} " in line for (line,) in cursor.fetchall())


def statistics_of_every_row(table):
    """Look at all rows rather than at a sample by chance, and let nobody look again."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
        cursor.execute("SET default_statistics_target = 1000")  # 300 rows each: of 300,000 rows none is left out
        cursor.execute(f"ANALYZE {table}")
        cursor.execute("RESET default_statistics_target")
