"""Questions to the rows of a dataset, answered by index however many there are (`datastore_search`).

Every column has an index that ends in `_id`; words are found by `datastore.grams`. A total is exact up to `COUNTED`
and the planner's estimate above. What no index answers is refused with a sentence.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from ..models.datasets import Version
from ..publishing.columns import in_full
from ..publishing.datastore import SCHEMA, is_sortable
from .conditions import Condition, SearchRefused, as_tsquery, filtered, holding, known_columns, no_such, quoted
from .reader import Statement, read, read_all

COUNTED: Final = 10_000
MOST_ROWS: Final = 32_000  # as CKAN's ckan.datastore.search.rows_max
DEEPEST: Final = 100_000
MOST_TOTALS: Final = 10_000
_ORDER: Final = re.compile(r'\s*(?:"([^"]+)"|(.+?))(?:\s+(asc|desc))?\s*', re.IGNORECASE)
_STATISTICS: Final = """
SELECT attname::text, most_common_vals::text::text[], most_common_freqs FROM pg_stats
WHERE schemaname = %s AND tablename = %s AND most_common_vals IS NOT NULL
"""
_totals: dict[tuple[str, str, str], tuple[int, bool]] = {}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: equal values by column, words, order, columns, and which part of the answer.

    `by_column` are words that must stand in one column; `distinct` shows equal rows once, by the columns chosen.
    """

    filters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    q: str = ""
    by_column: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    fields: Sequence[str] = ()
    limit: int = 100
    offset: int = 0
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`records` is a JSON array, as the database wrote it."""

    records: str
    total: int
    is_estimated: bool
    fields: list[Mapping[str, Any]]


def search(version: Version, asked: Question) -> Answer:
    """The rows that fit. Raises `SearchRefused`, `reader.TooSlow`."""
    if asked.distinct and asked.fields and "_id" not in asked.fields:
        return _distinct(version, asked)
    fields, where = _chosen(version, asked.fields), _Where(version, asked)
    if where.needs_total_first and not where.is_known:
        ((few, records),) = read(*_looked_up(version, asked, where))
        where.keep(few)
        if few <= COUNTED:
            return Answer(in_full(records, [one["name"] for one in fields]), *where.total(), fields)
    counting = [] if where.is_known or "," in asked.sort else [where.counting()]
    if not counting:
        where.total()
    ((records,),), *counted = read_all([_rows(version, asked, where), *counting])
    if counted:
        where.keep(counted[0][0][0])
    return Answer(in_full(records, [one["name"] for one in fields]), *where.total(), fields)


def _looked_up(version: Version, asked: Question, where: "_Where") -> Statement:
    """Rows looked up once, counted and shown: (how many, the JSON array); right where `COUNTED` are all."""
    conditions, parameters = where.for_rows(is_common=False)
    columns, table = _columns(version, asked), table_of(version)
    order, window = _order(version, asked.sort, is_large=False), f"LIMIT {asked.limit:d} OFFSET {asked.offset:d}"
    few = f"SELECT _id FROM {table} WHERE {conditions} LIMIT {COUNTED + 1}"  # noqa: S608 - quoted
    if asked.sort.strip():
        page, last = "SELECT _id FROM few", window
    else:  # only the rows of this page need be fetched
        page, last = f"SELECT _id FROM few ORDER BY _id {window}", ""  # noqa: S608
    shown = f"SELECT {columns} FROM {table} WHERE _id IN ({page}) ORDER BY {order} {last}"  # noqa: S608
    rows = f"SELECT coalesce(json_agg(found), '[]')::text FROM ({shown}) found"  # noqa: S608
    return f"WITH few AS MATERIALIZED ({few}) SELECT (SELECT count(*) FROM few), ({rows})", parameters  # noqa: S608


def _columns(version: Version, asked: Question) -> str:
    return ", ".join(quoted(one["name"]) for one in _chosen(version, asked.fields))


def _rows(version: Version, asked: Question, where: "_Where") -> Statement:
    """Without conditions and order an offset is a range of `_id`, however deep it lies."""
    order = _order(version, asked.sort, is_large=where.is_large)
    if where.is_everything and not asked.sort:
        conditions, window = "_id BETWEEN %s AND %s", ""
        parameters: list[Any] = [asked.offset + 1, asked.offset + asked.limit]
    elif asked.offset > DEEPEST:
        raise SearchRefused(
            "offset", _("この条件では、%(most)s行目までしか読めません。絞り込んでください。") % {"most": DEEPEST}
        )
    else:
        conditions, parameters = where.for_rows(is_common=where.needs_total_first and where.is_large)
        window = f" LIMIT {asked.limit:d} OFFSET {asked.offset:d}"
    inner = f"SELECT {_columns(version, asked)} FROM {table_of(version)} WHERE {conditions} ORDER BY {order}{window}"  # noqa: S608 - quoted
    return f"SELECT coalesce(json_agg(found), '[]')::text FROM ({inner}) found", parameters  # noqa: S608


def table_of(version: Version) -> str:
    """The table of a version in a statement."""
    return f"{SCHEMA}.{version.table}"


def _chosen(version: Version, names: Sequence[str]) -> list[Mapping[str, Any]]:
    known = known_columns(version)
    if unknown := [name for name in names if name not in known]:
        raise no_such("fields", unknown[0])
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def _distinct(version: Version, asked: Question) -> Answer:
    """Each row of the chosen columns once, counted to the end: whatever is too much takes too long, and is told so."""
    fields, (conditions, given) = _chosen(version, asked.fields), _Where(version, asked).for_rows(is_common=False)
    columns = [quoted(one["name"]) for one in fields]
    order = _order(version, asked.sort, is_large=False, tied=columns)
    once = f"SELECT DISTINCT {', '.join(columns)} FROM {table_of(version)} WHERE {conditions}"  # noqa: S608 - quoted
    window = f"ORDER BY {order} LIMIT {asked.limit:d} OFFSET {asked.offset:d}"
    rows = f"SELECT coalesce(json_agg(found), '[]')::text FROM ({once} {window}) found"  # noqa: S608
    ((records,),), ((total,),) = read_all([(rows, given), (f"SELECT count(*) FROM ({once}) found", given)])  # noqa: S608
    return Answer(in_full(records, [one["name"] for one in fields]), total, False, fields)


def _order(version: Version, given: str, *, is_large: bool, tied: Sequence[str] = ()) -> str:
    """The order; `_id` breaks ties in the first column's direction, so that its index gives it, there or back.

    Where there is no `_id`, the columns `tied` do; others are no order then.
    """
    known, parts = known_columns(version), []
    for piece in given.split(",") if given.strip() else ():
        found = _ORDER.fullmatch(piece)
        name = (found[1] or found[2]) if found else piece
        if found is None or name not in known:
            raise no_such("sort", name)
        if not is_sortable(known[name]):
            raise SearchRefused("sort", _("列「%(name)s」は値が長いため、並べ替えに使えません。") % {"name": name})
        parts.append((quoted(name), "DESC" if (found[3] or "").lower() == "desc" else "ASC"))
    if is_large and len(parts) > 1:
        raise SearchRefused("sort", _("行が多いため、並べ替えに使える列は1つです。絞り込んでください。"))
    if tied:
        return _tied(parts, tied)
    tie = parts[0][1] if parts else "ASC"
    return ", ".join(f"{name} {direction}" for name, direction in [*parts, ("_id", tie)])


def _tied(parts: list[tuple[str, str]], tied: Sequence[str]) -> str:
    if other := [name for name, _direction in parts if name not in tied]:
        sentence = _("distinctのときは、fieldsにある列だけで並べ替えられます（%(name)s）。")
        raise SearchRefused("sort", sentence % {"name": other[0]})
    return ", ".join(f"{name} {direction}" for name, direction in [*parts, *((name, "ASC") for name in tied)])


@lru_cache(maxsize=256)
def common_values(table: str) -> Mapping[tuple[str, str], float]:
    """(column, value as PostgreSQL writes it) → which share of the rows has it, of the most common ones.

    From the statistics that publishing gathers (ANALYZE); the rows of a version never change.
    """
    columns = read(_STATISTICS, table.split("."))
    return {
        (name, value): share for name, values, shares in columns for value, share in zip(values, shares, strict=True)
    }


class _Where:
    """The conditions of a question, and how many rows they leave.

    The rows of a version never change and its table's name is never used again, so that a total stays true.
    """

    def __init__(self, version: Version, asked: Question) -> None:
        self.version = version
        self._filters = list(filtered(version, asked.filters))
        self._words = holding(version, asked.q, asked.by_column)
        self.is_everything = not self._filters and not self._words
        # one look counts and finds: what is met by two indexes is as dear to count as to show
        self.needs_total_first = bool(self._words) or len(self._filters) > 1
        self._key = (table_of(version), repr(self._filters), repr(self._words))
        if not self.is_known and (common := self._commonness(asked)):
            _totals[self._key] = common

    @property
    def is_known(self) -> bool:
        """Whether the total needs no question."""
        return self.is_everything or self._key in _totals

    @property
    def is_large(self) -> bool:
        """Whether it is known that the rows are too many to be sorted; False while nobody has counted."""
        return self.is_known and self.total()[0] > COUNTED

    def total(self) -> tuple[int, bool]:
        """(how many rows, whether that is estimated)."""
        if self.is_everything:
            return self.version.rows, False
        if self._key not in _totals:
            ((few,),) = read(*self.counting())
            self.keep(few)
        return _totals[self._key]

    def _commonness(self, asked: Question) -> tuple[int, bool] | None:
        """How many rows one very common value leaves, as the planner would say it: to count to 10,000 is in vain."""
        if self._words or len(asked.filters) != 1:
            return None
        ((name, values),) = asked.filters.items()
        if len(values) != 1 or values[0] is None:
            return None
        rows = round(common_values(table_of(self.version)).get((name, str(values[0])), 0.0) * self.version.rows)
        return (rows, True) if rows > 2 * COUNTED else None

    def counting(self) -> Statement:
        """The statement that counts the rows, up to one more than `COUNTED`."""
        conditions, given = self.for_rows(is_common=False)
        few = f"SELECT FROM {table_of(self.version)} WHERE {conditions} LIMIT {COUNTED + 1}"
        return f"SELECT count(*) FROM ({few}) few", given  # noqa: S608

    def keep(self, few: int) -> None:
        """Remember what was counted; above `COUNTED` the planner is asked."""
        if len(_totals) > MOST_TOTALS:
            _totals.pop(next(iter(_totals)), None)
        _totals[self._key] = (few, False) if few <= COUNTED else (max(few, self._estimate()), True)

    def _estimate(self) -> int:
        conditions, given = self.for_rows(is_common=False)
        ((plan,),) = read(f"EXPLAIN (FORMAT JSON) SELECT FROM {table_of(self.version)} WHERE {conditions}", given)
        return int(plan[0]["Plan"]["Plan Rows"])

    def for_rows(self, *, is_common: bool) -> Condition:
        """Rare words are looked up in their index; common ones are soon met while walking along the order's."""
        parts = list(self._filters)
        for word, contains in self._words:
            looked_up = ("datastore.grams(_text) @@ %s::tsquery", [as_tsquery(word)])
            parts += [contains] if is_common else [looked_up, contains]
        return " AND ".join(one for one, _given in parts) or "true", [one for _part, given in parts for one in given]
