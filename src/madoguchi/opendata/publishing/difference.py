"""What changed between two versions of a dataset: rows that came, went, or say something else under the same key.

DuckDB joins the two Parquet files; versions whose columns differ are compared on the columns that both have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from madoguchi.foundation.later import Later

from ..models.datasets import Version
from . import store

duckdb: Any = Later("duckdb")

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """Counts of all, and the first `SHOWN` of each kind. `changed`: (row before, row after)."""

    columns: Sequence[str]
    added_columns: Sequence[str]
    removed_columns: Sequence[str]
    counts: Mapping[str, int]
    added: Sequence[Sequence[Any]]
    removed: Sequence[Sequence[Any]]
    changed: Sequence[tuple[Sequence[Any], Sequence[Any]]]


def difference(before: Version, after: Version) -> Difference:
    """The difference from one version to another of the same dataset; rows without a key only come and go."""
    return _difference(before.pk, after.pk)


@lru_cache(maxsize=64)
def _difference(before_pk: int, after_pk: int) -> Difference:
    found = Version.objects.select_related("dataset").in_bulk([before_pk, after_pk])
    before, after = found[before_pk], found[after_pk]
    old, new = ([field["name"] for field in version.fields] for version in (before, after))
    both = [name for name in new if name in old]
    key = after.key if after.key == before.key and set(after.key) <= set(both) else []
    with duckdb.connect() as duck:
        for name, version in (("before", before), ("after", after)):
            path = str(store.local(version.files.get(resource__format="parquet")))
            duck.execute(f"CREATE VIEW {name}_file AS SELECT {_list(both)} FROM read_parquet({_literal(path)})")  # noqa: S608
        told = _by_key(duck, both, key) if key else _whole(duck, both)
    return Difference(both, [name for name in new if name not in old], [name for name in old if name not in new], *told)


def _whole(duck: Any, columns: Sequence[str]) -> tuple[dict[str, int], list[Any], list[Any], list[Any]]:
    rows, counts = {}, {"changed": 0}
    for kind, one, other in (("added", "after", "before"), ("removed", "before", "after")):
        only = f"SELECT * FROM {one}_file EXCEPT ALL SELECT * FROM {other}_file"  # noqa: S608 - our own names
        ((counts[kind],),) = duck.execute(f"SELECT count(*) FROM ({only})").fetchall()  # noqa: S608
        rows[kind] = duck.execute(f"SELECT * FROM ({only}) ORDER BY ALL LIMIT {SHOWN}").fetchall()  # noqa: S608
    return counts, rows["added"], rows["removed"], []


def _by_key(
    duck: Any, columns: Sequence[str], key: Sequence[str]
) -> tuple[dict[str, int], list[Any], list[Any], list[Any]]:
    same = " AND ".join(f"b.{_name(one)} IS NOT DISTINCT FROM a.{_name(one)}" for one in key)
    order = ", ".join(str(columns.index(one) + 1) for one in key)
    differs = " OR ".join(f"b.{_name(one)} IS DISTINCT FROM a.{_name(one)}" for one in columns)
    parts = {
        "added": f"after_file a ANTI JOIN before_file b ON {same}",
        "removed": f"before_file a ANTI JOIN after_file b ON {same}",
        "changed": f"after_file a JOIN before_file b ON {same} WHERE {differs}",
    }
    counts = {kind: duck.execute(f"SELECT count(*) FROM {part}").fetchall()[0][0] for kind, part in parts.items()}  # noqa: S608
    sides = {"added": ("a",), "removed": ("a",), "changed": ("b", "a")}
    rows = {
        kind: duck.execute(
            f"SELECT {', '.join(_list(columns, side) for side in sides[kind])} FROM {part}"  # noqa: S608 - quoted
            f" ORDER BY {order} LIMIT {SHOWN}"
        ).fetchall()
        for kind, part in parts.items()
    }
    pairs = [(row[: len(columns)], row[len(columns) :]) for row in rows["changed"]]
    return counts, rows["added"], rows["removed"], pairs


def _list(columns: Sequence[str], side: str = "") -> str:
    return ", ".join(f"{side}.{_name(one)}" if side else _name(one) for one in columns)


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
