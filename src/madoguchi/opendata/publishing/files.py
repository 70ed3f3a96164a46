"""The files of a version: CSV (UTF-8 with BOM, CRLF), JSON and Parquet, from the same cleaned rows."""

import csv
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from madoguchi.foundation.later import Later
from madoguchi.platform.spreadsheet import harmless

from .columns import Row, as_text

duckdb: Any = Later("duckdb")

_DUCK: Final = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
}
_AS_WRITTEN: Final = (
    "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', max_line_size = 16000000"
)
Fields = Sequence[Mapping[str, Any]]


def write_canonical(path: Path, fields: Fields, rows: Sequence[Row]) -> str:
    """A plain CSV that Parquet and the table are made from. Returns the SHA-256 over columns and rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field["name"] for field in fields)
        writer.writerows([as_text(value) for value in row] for row in rows)
    digest = hashlib.sha256(json.dumps(list(fields), ensure_ascii=False, sort_keys=True).encode())
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def write_csv(path: Path, fields: Fields, rows: Sequence[Row], canonical: Path) -> None:
    """For people and spreadsheets: with BOM, and with nothing that a spreadsheet would run."""
    texts = [field["type"] == "string" for field in fields]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(field["name"] for field in fields)
        for row in rows:
            writer.writerow(
                harmless(text) if is_text else text
                for is_text, text in zip(texts, (as_text(value) for value in row), strict=True)
            )


def write_json(path: Path, fields: Fields, rows: Sequence[Row], canonical: Path) -> None:
    """An array of objects, one a line."""
    names = [field["name"] for field in fields]
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, row in enumerate(rows):
            told = dict(zip(names, row, strict=True))
            file.write((",\n" if number else "\n") + json.dumps(told, ensure_ascii=False, default=as_text))
        file.write("\n]\n")


def write_parquet(path: Path, fields: Fields, rows: Sequence[Row], canonical: Path) -> None:
    """With the columns' types, compressed."""
    types = {field["name"]: _DUCK[field["type"]] for field in fields}
    with duckdb.connect() as duck:
        duck.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true")
        read = f"SELECT * FROM read_csv(?, {_AS_WRITTEN}, columns = {_struct(types)})"  # noqa: S608 - quoted
        duck.execute(f"COPY ({read}) TO {_literal(str(path))} (FORMAT parquet, COMPRESSION zstd)", [str(canonical)])


def _struct(types: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_literal(name)}: '{type_}'" for name, type_ in types.items()) + "}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


WRITERS: Final[Mapping[str, Callable[[Path, Fields, Sequence[Row], Path], None]]] = {
    "csv": write_csv,
    "json": write_json,
    "parquet": write_parquet,
}


def write(path: Path, fields: Fields, rows: Sequence[Row], canonical: Path) -> tuple[int, str]:
    """Write one file; its ending chooses the format. Returns its bytes and SHA-256."""
    WRITERS[path.suffix.lstrip(".")](path, fields, rows, canonical)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, digest
