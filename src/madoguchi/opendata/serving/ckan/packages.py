"""CKAN's actions about datasets (packages) and their formats (resources)."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from madoguchi.foundation.folding import fold
from madoguchi.town.offices import town

from ...publishing.themes import THEMES
from ..finding import chosen, facets, find, ordered
from ..shelf import LICENCES, Item, Shelf
from .parameters import NotFound, Parameters, flag, invalid, names, needed, number, text, texts

MOST_PACKAGES: Final = 1000  # as CKAN's ckan.search.rows_max
SEARCHED: Final = ("name", "description", "format", "url", "hash", "mimetype")


def as_json(value: Any) -> str:
    """JSON with its kanji."""
    return json.dumps(value, ensure_ascii=False)


def window(given: Parameters) -> slice:
    """The part of a list that `limit` and `offset` ask for; everything without them."""
    start = number(given, "offset", 0)
    return slice(start, start + number(given, "limit", 10**9))


def joined(items: Iterable[Item]) -> str:
    """The packages as they are written out already."""
    return f"[{', '.join(item.written for item in items)}]"


def package_list(shelf: Shelf, given: Parameters) -> str:
    """The names of all datasets; `limit`, `offset`."""
    return as_json(list(shelf.items)[window(given)])


def current_package_list_with_resources(shelf: Shelf, given: Parameters) -> str:
    """All datasets, the last changed first; `limit`, `offset`."""
    return joined(ordered(list(shelf.items.values()), "metadata_modified desc")[window(given)])


def package_show(shelf: Shelf, given: Parameters) -> str:
    """One dataset, by name or id (`id`)."""
    wanted = needed(given, "id")
    for item in shelf.items.values():
        if wanted in {item.dataset.code, item.package["id"]}:
            return item.written
    raise NotFound


def package_autocomplete(shelf: Shelf, given: Parameters) -> str:
    """The datasets whose name or title holds `q`; `limit`."""
    wanted, found = fold(needed(given, "q")), list[dict[str, str]]()
    for item in shelf.items.values():
        for field, value in (("name", item.dataset.code), ("title", item.dataset.title)):
            if wanted in fold(value):
                shown = value if field == "name" else f"{value} ({item.dataset.code})"
                found.append({"name": item.dataset.code, "title": item.dataset.title, "match_field": field,
                              "match_displayed": shown})  # fmt: skip
                break
    return as_json(found[: number(given, "limit", 10, MOST_PACKAGES)])


def package_search(shelf: Shelf, given: Parameters) -> str:
    """Datasets by `q`, `fq`, `fq_list`, in the order `sort`; `rows`, `start`; `fl`; counts by `facet.field`."""
    fq = [one for one in (text(given, "fq"), *texts(given, "fq_list")) if one]
    found = find(shelf.items.values(), q=text(given, "q"), fq=fq)
    sort = text(given, "sort") or "score desc, metadata_modified desc"
    start, rows = number(given, "start", 0), number(given, "rows", 10, MOST_PACKAGES)
    shown, fields = ordered(found, sort)[start : start + rows], names(given, "fl")
    results = as_json([chosen(item, fields) for item in shown]) if fields else joined(shown)
    counts = _counts(found, given)
    plain = {field: dict(most) for field, most in counts.items()}
    told = {
        field: {"title": field, "items": [_facet(field, name, n) for name, n in most]} for field, most in counts.items()
    }
    return (
        f'{{"count": {len(found)}, "facets": {as_json(plain)}, "sort": {as_json(sort)},'
        f' "search_facets": {as_json(told)}, "results": {results}}}'
    )


def _counts(found: list[Item], given: Parameters) -> dict[str, list[tuple[str, int]]]:
    limit = text(given, "facet.limit", "50")
    most = -1 if limit == "-1" else number(given, "facet.limit", 50)
    least, fields = number(given, "facet.mincount", 1), names(given, "facet.field")
    return facets(found, fields if flag(given, "facet", True) else [], most, least)


def _facet(field: str, name: str, n: int) -> dict[str, Any]:
    titles: Mapping[str, Callable[[], str]] = {
        "organization": lambda: town().offices[name].name if name in town().offices else name,
        "groups": lambda: str(THEMES[name].name),
        "license_id": lambda: LICENCES.get(name, (name, ""))[0],
    }
    return {"name": name, "display_name": titles.get(field, lambda: name)(), "count": n}


def resource_show(shelf: Shelf, given: Parameters) -> str:
    """One resource, by `id`."""
    wanted = needed(given, "id")
    if wanted not in shelf.resources:
        raise NotFound
    return next(as_json(one) for one in shelf.resources[wanted].package["resources"] if one["id"] == wanted)


def resource_search(shelf: Shelf, given: Parameters) -> str:
    """Resources of which each `query` (`field:text`) is a part; `order_by`, `limit`, `offset`."""
    asked = texts(given, "query")
    if not asked:
        raise invalid("query", "Missing value")
    terms, order = [_resource_term(one) for one in asked], text(given, "order_by")
    every = [one for item in shelf.items.values() for one in item.package["resources"]]
    found = [one for one in every if all(wanted in fold(one[field]) for field, wanted in terms)]
    if order and order not in SEARCHED:
        raise invalid("order_by", _("「%(name)s」では並べ替えられません。") % {"name": order[:50]})
    if order:
        found.sort(key=lambda one: str(one[order]))
    return as_json({"count": len(found), "results": found[window(given)]})


def _resource_term(text: str) -> tuple[str, str]:
    field, colon, wanted = text.partition(":")
    if not colon:
        raise invalid("query", _("「項目:言葉」の形で書いてください。"))
    if field not in SEARCHED:
        raise invalid("query", _("「%(name)s」では探せません。") % {"name": field[:50]})
    return field, fold(wanted)
