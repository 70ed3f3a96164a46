"""Questions to the rows of a dataset, answered by index however many there are (`datastore_search`).

Every column has an index that ends in `_id`; words are found by `datastore.grams`. A total is exact up to `COUNTED`
and the planner's estimate above. What no index answers is refused with a sentence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from madoguchi.foundation.folding import fold

from .columns import identifier, in_full
from .datastore import SCHEMA, TYPES, is_sortable
from .models import Version
from .reader import Statement, read, read_all

COUNTED: Final = 10_000
MOST_ROWS: Final = 32_000  # as CKAN's ckan.datastore.search.rows_max
DEEPEST: Final = 100_000
MOST_WORDS, LONGEST_WORD = 10, 100
MOST_CHOICES: Final = 100
MOST_TOTALS: Final = 10_000
ID: Final[Mapping[str, Any]] = {"name": "_id", "type": "integer"}
_ORDER: Final = re.compile(r'\s*(?:"([^"]+)"|(.+?))(?:\s+(asc|desc))?\s*', re.IGNORECASE)
_Condition = tuple[str, list[Any]]
_totals: dict[tuple[str, str, str], tuple[int, bool]] = {}


class SearchRefused(ValueError):
    """The question cannot be answered; `field` is the parameter at fault."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: equal values by column, words, order, columns, and which part of the answer."""

    filters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    q: str = ""
    sort: str = ""
    fields: Sequence[str] = ()
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """`records` is a JSON array, as the database wrote it."""

    records: str
    total: int
    is_estimated: bool
    fields: list[Mapping[str, Any]]


def search(version: Version, asked: Question) -> Answer:
    """The rows that fit. Raises `SearchRefused`, `reader.TooSlow`."""
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
    shown = f"SELECT {columns} FROM {table} WHERE _id IN (SELECT _id FROM few) ORDER BY {order} {window}"  # noqa: S608
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


def quoted(name: str) -> str:
    """A column's name in a statement that has parameters."""
    return '"' + identifier(name).replace('"', '""').replace("%", "%%") + '"'


def table_of(version: Version) -> str:
    """The table of a version in a statement."""
    return f"{SCHEMA}.{version.table}"


def _known(version: Version) -> dict[str, Mapping[str, Any]]:
    return {one["name"]: one for one in [ID, *version.fields]}


def _no_such(field: str, name: str) -> SearchRefused:
    return SearchRefused(field, _("列「%(name)s」はありません。") % {"name": name[:100]})


def _chosen(version: Version, names: Sequence[str]) -> list[Mapping[str, Any]]:
    known = _known(version)
    if unknown := [name for name in names if name not in known]:
        raise _no_such("fields", unknown[0])
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def _order(version: Version, given: str, *, is_large: bool) -> str:
    """The order; `_id` breaks ties in the first column's direction, so that its index gives it, there or back."""
    known, parts = _known(version), []
    for piece in given.split(",") if given.strip() else ():
        found = _ORDER.fullmatch(piece)
        name = (found[1] or found[2]) if found else piece
        if found is None or name not in known:
            raise _no_such("sort", name)
        if not is_sortable(known[name]):
            raise SearchRefused("sort", _("列「%(name)s」は値が長いため、並べ替えに使えません。") % {"name": name})
        parts.append((quoted(name), "DESC" if (found[3] or "").lower() == "desc" else "ASC"))
    if is_large and len(parts) > 1:
        raise SearchRefused("sort", _("行が多いため、並べ替えに使える列は1つです。絞り込んでください。"))
    tie = parts[0][1] if parts else "ASC"
    return ", ".join(f"{name} {direction}" for name, direction in [*parts, ("_id", tie)])


class _Where:
    """The conditions of a question, and how many rows they leave.

    The rows of a version never change and its table's name is never used again, so that a total stays true.
    """

    def __init__(self, version: Version, asked: Question) -> None:
        self.version = version
        self._filters = list(_filtered(version, asked.filters))
        self._words = words(asked.q)
        self.is_everything = not self._filters and not self._words
        self.needs_total_first = bool(self._words)
        self._key = (table_of(version), repr(self._filters), repr(self._words))

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

    def counting(self) -> Statement:
        """The statement that counts the rows, up to one more than `COUNTED`."""
        conditions, given = self.for_rows(is_common=False)
        few = f"SELECT FROM {table_of(self.version)} WHERE {conditions} LIMIT {COUNTED + 1}"
        return f"SELECT count(*) FROM ({few}) few", given  # noqa: S608

    def keep(self, few: int) -> None:
        """Remember what was counted; above `COUNTED` the planner is asked."""
        if len(_totals) > MOST_TOTALS:
            _totals.clear()
        _totals[self._key] = (few, False) if few <= COUNTED else (max(few, self._estimate()), True)

    def _estimate(self) -> int:
        conditions, given = self.for_rows(is_common=False)
        ((plan,),) = read(f"EXPLAIN (FORMAT JSON) SELECT FROM {table_of(self.version)} WHERE {conditions}", given)
        return int(plan[0]["Plan"]["Plan Rows"])

    def for_rows(self, *, is_common: bool) -> _Condition:
        """Rare words are looked up in their index; common ones are soon met while walking along the order's."""
        parts = list(self._filters)
        for word in self._words:
            looked_up = ("datastore.grams(_text) @@ %s::tsquery", [as_tsquery(word)])
            parts += [_contains(word)] if is_common else [looked_up, _contains(word)]
        return " AND ".join(one for one, _given in parts) or "true", [one for _part, given in parts for one in given]


def _filtered(version: Version, filters: Mapping[str, Sequence[Any]]) -> Iterator[_Condition]:
    known = _known(version)
    for name, values in filters.items():
        if name not in known:
            raise _no_such("filters", name)
        if not 0 < len(values) <= MOST_CHOICES:
            told = {"name": name, "most": MOST_CHOICES}
            raise SearchRefused("filters", _("列「%(name)s」には、値を1個から%(most)s個まで書いてください。") % told)
        type_ = known[name]["type"]
        given = [_comparable(name, type_, value) for value in values]
        if len(given) == 1:
            yield f"{quoted(name)} = %s::{TYPES[type_]}", given
        else:
            yield f"{quoted(name)} = ANY (%s::{TYPES[type_]}[])", [given]


def _comparable(name: str, type_: str, value: Any) -> str:
    """The value as PostgreSQL reads it, refused here where it would be an error there."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        {"integer": _bigint, "number": _finite, "boolean": _boolean, "date": date.fromisoformat,
         "datetime": datetime.fromisoformat}.get(type_, _storable)(text)  # fmt: skip
    except ValueError as fault:
        told = {"name": name, "value": text[:50], "type": type_}
        raise SearchRefused(
            "filters", _("列「%(name)s」の値「%(value)s」は、%(type)sとして読めません。") % told
        ) from fault
    return text


def _bigint(text: str) -> None:
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -(2**63) <= int(text) < 2**63:
        raise ValueError(text)


def _finite(text: str) -> None:
    if not re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,2})?", text):
        raise ValueError(text)


def _boolean(text: str) -> None:
    if text not in {"true", "false"}:
        raise ValueError(text)


def _storable(text: str) -> None:
    if "\0" in text:
        raise ValueError(text)
    text.encode()


def words(q: str) -> list[str]:
    """The words of a search, in the form in which rows are searched (`fold`). All must be there."""
    found = fold(q).split()
    if len(found) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in found):
        raise SearchRefused("q", _("検索語が多すぎるか、長すぎます。"))
    try:
        for word in found:
            _storable(word)
    except ValueError as fault:
        raise SearchRefused("q", _("検索語に使えない文字があります。")) from fault
    return found


def as_tsquery(word: str) -> str:
    """Every pair of neighbouring characters of the word; a single character as the beginning of a pair."""
    if len(word) == 1:
        return f"{_lexeme(word)}:*"
    return " & ".join(_lexeme(word[place : place + 2]) for place in range(len(word) - 1))


def _lexeme(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _contains(word: str) -> _Condition:
    pattern = re.sub(r"([\\%_])", r"\\\1", word)
    return "_text LIKE %s", [f"%{pattern}%"]
