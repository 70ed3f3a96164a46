"""The rows of a dataset's current version as a real table, every column indexed: written here, read by `search`."""

import csv
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import connection
from psycopg import sql

from madoguchi.foundation.folding import fold

from ..models.datasets import Version
from .columns import Row, as_text, identifier

SCHEMA: Final = "datastore"
READER: Final = "madoguchi_reader"
TYPES: Final = {
    "string": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamptz",
}
_SEARCHED: Final = {"string", "integer"}


def table(version: Version) -> sql.Identifier:
    """The table's name, quoted."""
    return sql.Identifier(SCHEMA, version.table)


def create(version: Version, rows: Iterable[Row]) -> None:
    """Make and fill the table, then its indexes, in the caller's transaction: readers see it whole or not at all."""
    names = [sql.Identifier(identifier(field["name"])) for field in version.fields]
    columns = [
        sql.SQL("{} {}").format(name, sql.SQL(TYPES[field["type"]]))
        for name, field in zip(names, version.fields, strict=True)
    ]
    _execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table(version)))
    _execute(
        sql.SQL("CREATE TABLE {} (_id bigint GENERATED ALWAYS AS IDENTITY, {}, _text text NOT NULL)").format(
            table(version), sql.SQL(", ").join(columns)
        )
    )
    _fill(version, names, rows)
    _index(version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER])
        if cursor.fetchone():
            _execute(sql.SQL("GRANT SELECT ON {} TO {}").format(table(version), sql.Identifier(READER)))


def drop(version: Version) -> None:
    """Take the table away: its version is no longer the current one, and lives on as files."""
    _execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table(version)))


def _fill(version: Version, names: list[sql.Identifier], rows: Iterable[Row]) -> None:
    """Every row, and after it what `q` looks into: its texts and whole numbers, folded."""
    columns = sql.SQL(", ").join([*names, sql.Identifier("_text")])
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table(version), columns)
    searched = [place for place, field in enumerate(version.fields) if field["type"] in _SEARCHED]
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copying:
        writer = csv.writer(copying, lineterminator="\n")
        for row in rows:
            texts = [as_text(value) for value in row]
            writer.writerow([*texts, fold(" ".join(texts[place] for place in searched)) or " "])


def _index(version: Version) -> None:
    _execute(sql.SQL("SET LOCAL maintenance_work_mem = '256MB'"))
    _execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (_id)").format(table(version)))
    for field in version.fields:
        statement = "CREATE INDEX ON {} ({}, _id)" if is_sortable(field) else "CREATE INDEX ON {} USING hash ({})"
        _execute(sql.SQL(statement).format(table(version), sql.Identifier(identifier(field["name"]))))
    _execute(sql.SQL("CREATE INDEX ON {} USING gin (datastore.grams(_text))").format(table(version)))
    _execute(sql.SQL("ANALYZE {}").format(table(version)))


def is_sortable(field: Mapping[str, Any]) -> bool:
    """Whether an index gives the rows in this column's order."""
    return bool(field.get("sortable", True))


def _execute(statement: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
