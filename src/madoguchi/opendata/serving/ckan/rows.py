"""CKAN's actions about rows (its DataStore extension), and the question that they and the dump share."""

import csv
import io
import json
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ...models.datasets import Version
from ...publishing.columns import as_text
from ...publishing.datastore import TYPES, is_sortable
from ..reader import read
from ..search import COUNTED, MOST_ROWS, Answer, Question, search, table_of
from ..shelf import Shelf
from .packages import as_json
from .parameters import NotFound, Parameters, flag, invalid, names, needed, number, text
from .parameters import as_json as read_json

TYPES_OF_CKAN: Final = {
    "string": "text", "integer": "int8", "number": "float8", "boolean": "bool", "date": "date",
    "datetime": "timestamptz",
}  # fmt: skip
FORMATS: Final = {"objects": "", "lists": "", "csv": ",", "tsv": "\t"}
"""How records are given; of texts, what stands between two cells."""
OF_A_QUESTION: Final = ("filters", "q", "plain", "language", "distinct", "fields", "sort")
_STAYING: Final = (*OF_A_QUESTION, "include_total", "total_estimation_threshold", "records_format")


def version_of(shelf: Shelf, resource: str) -> Version:
    """The rows of a resource as they stand. Raises `NotFound`."""
    item = shelf.resources.get(resource)
    if item is None or item.dataset.current is None:
        raise NotFound
    return item.dataset.current


def question(given: Parameters, limit: int, offset: int) -> Question:
    """What the parameters ask of rows. Raises `Invalid` for what cannot be answered."""
    if not flag(given, "plain", True):
        raise invalid("plain", _("検索式は使えません。言葉で探してください。"))
    if text(given, "language", "simple") != "simple":
        raise invalid("language", _("言語ごとの検索はできません。"))
    q, by_column = _words(given)
    sort = given.get("sort")
    return Question(
        filters=_filters(given), q=q, by_column=by_column, fields=names(given, "fields"), limit=limit, offset=offset,
        sort=", ".join(names(given, "sort")) if isinstance(sort, list) else text(given, "sort"),
        distinct=flag(given, "distinct"),
    )  # fmt: skip


def _filters(given: Parameters) -> dict[str, list[Any]]:
    value = read_json("filters", given.get("filters")) or {}
    if not isinstance(value, dict):
        raise invalid("filters", _("列と値の組を書いてください。"))
    return {str(name): one if isinstance(one, list) else [one] for name, one in value.items()}


def _words(given: Parameters) -> tuple[str, dict[str, str]]:
    """(words for anywhere, words by column): `q` is either."""
    value = given.get("q") or ""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = read_json("q", value)
    if isinstance(value, dict):
        return "", {name: text(value, name) for name in value}
    return text(given, "q"), {}


def datastore_search(shelf: Shelf, given: Parameters) -> str:
    """Rows of `resource_id`: `filters`, `q`, `distinct`, `fields`, `sort`, `limit`, `offset`, `records_format`."""
    wanted = text(given, "id") or needed(given, "resource_id")
    version, form = version_of(shelf, wanted), text(given, "records_format", "objects")
    if form not in FORMATS:
        raise invalid("records_format", _("%(names)sのどれかを書いてください。") % {"names": "、".join(FORMATS)})
    asked = question(given, number(given, "limit", 100, MOST_ROWS), number(given, "offset", 0))
    threshold, counts = _threshold(given), flag(given, "include_total", True)
    answer = search(version, asked)
    told: dict[str, Any] = {
        "resource_id": wanted, "include_total": counts, "limit": asked.limit, "offset": asked.offset,
        "records_format": form, "total_estimation_threshold": threshold, "fields": fields_of(answer),
        "_links": _links(wanted, asked, given),
    }  # fmt: skip
    if counts:
        told |= {"total": answer.total, "total_was_estimated": answer.is_estimated}
    return f'{as_json(told)[:-1]}, "records": {records(answer, form)}}}'


def _threshold(given: Parameters) -> int:
    """From how many rows on the total may be estimated; more are never counted."""
    wanted = number(given, "total_estimation_threshold", COUNTED)
    if wanted > COUNTED:
        sentence = _("%(most)s行より多い数は、数えずに見積もります。")
        raise invalid("total_estimation_threshold", sentence % {"most": COUNTED})
    return wanted


def fields_of(answer: Answer) -> list[dict[str, str]]:
    """The columns of an answer with CKAN's types."""
    return [{"id": one["name"], "type": TYPES_OF_CKAN[one["type"]]} for one in answer.fields]


def cells(answer: Answer) -> list[list[Any]]:
    """The rows of an answer, cell by cell."""
    columns = [one["name"] for one in answer.fields]
    return [[row[name] for name in columns] for row in json.loads(answer.records)]


def delimited(rows: list[list[Any]], between: str) -> str:
    """Rows as text without a heading, written as in the files."""
    made = io.StringIO()
    csv.writer(made, delimiter=between, lineterminator="\n").writerows([as_text(one) for one in row] for row in rows)
    return made.getvalue()


def records(answer: Answer, form: str) -> str:
    """The records as JSON: a list of objects or of lists, or one text."""
    if form == "objects":
        return answer.records
    return as_json(cells(answer) if form == "lists" else delimited(cells(answer), FORMATS[form]))


def _links(resource: str, asked: Question, given: Parameters) -> dict[str, str]:
    """Where the same question begins and goes on."""
    staying = {name: _written(given[name]) for name in _STAYING if given.get(name) not in (None, "")}
    start = {"resource_id": resource, **staying, "limit": asked.limit}
    places = {"start": start, "next": {**start, "offset": asked.offset + asked.limit}}
    if asked.offset:
        places["prev"] = {**start, "offset": max(asked.offset - asked.limit, 0)}
    return {name: f"/api/3/action/datastore_search?{urlencode(place)}" for name, place in places.items()}


def _written(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)


def datastore_info(shelf: Shelf, given: Parameters) -> str:
    """The columns of the rows (`id` or `resource_id`: of a resource), and how many rows and bytes they are."""
    wanted = text(given, "resource_id") or needed(given, "id")
    version = version_of(shelf, wanted)
    ((size, index),) = read(
        "SELECT pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)", [table_of(version)] * 2
    )
    meta = {
        "id": wanted, "count": version.rows, "size": size, "idx_size": index, "aliases": [], "table_type": "BASE TABLE",
    }  # fmt: skip
    return as_json({"meta": meta, "fields": [_described(version, one) for one in version.fields]})


def _described(version: Version, field: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": field["name"], "type": TYPES_OF_CKAN[field["type"]],
        "info": {"label": field.get("title", ""), "notes": field.get("description", "")},
        "schema": {"native_type": TYPES[field["type"]], "is_index": is_sortable(field), "notnull": False,
                   "uniquekey": [field["name"]] == version.key, "index_name": None},
    }  # fmt: skip
