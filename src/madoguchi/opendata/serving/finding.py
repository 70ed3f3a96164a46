"""Finding datasets by words and CKAN's `fq`, their order, and how many there are of each kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from .conditions import SearchRefused
from .fq import test_of
from .shelf import Item

FIELDS: Final[Mapping[str, Callable[[Item], Sequence[str]]]] = {
    "name": lambda item: [item.dataset.code],
    "id": lambda item: [item.package["id"]],
    "title": lambda item: [item.dataset.title],
    "notes": lambda item: [item.dataset.description],
    "organization": lambda item: [item.dataset.office],
    "owner_org": lambda item: [item.package["owner_org"]],
    "groups": lambda item: [item.dataset.theme],
    "tags": lambda item: item.dataset.tags,
    "license_id": lambda item: [item.dataset.licence],
    "res_format": lambda item: [one["format"] for one in item.package["resources"]],
    "frequency": lambda item: [item.dataset.frequency],
    "source": lambda item: [item.dataset.source],
    "type": lambda _item: ["dataset"],
    "dataset_type": lambda _item: ["dataset"],
    "state": lambda _item: ["active"],
    "private": lambda _item: ["false"],
    "capacity": lambda _item: ["public"],
}
ORDERS: Final[Mapping[str, Callable[[Item], Any]]] = {
    "score": lambda _item: 0,
    "id": lambda item: item.package["id"],
    "name": lambda item: item.dataset.code,
    "title": lambda item: item.dataset.title,
    "title_string": lambda item: item.dataset.title,
    "metadata_modified": lambda item: item.dataset.changed_at,
    "metadata_created": lambda item: item.dataset.created_at,
}
MOMENTS: Final[Mapping[str, Callable[[Item], datetime]]] = {
    "metadata_modified": lambda item: item.dataset.changed_at,
    "metadata_created": lambda item: item.dataset.created_at,
}
SEVERAL: Final = frozenset({"groups", "tags", "res_format"})
"""Fields of which a dataset has any number; each of the others has one."""


def find(items: Iterable[Item], *, q: str = "", fq: Sequence[str] = ()) -> list[Item]:
    """The datasets that fit `q` and every one of `fq`. Raises `SearchRefused`."""
    tests = [test_of("q", q, FIELDS, MOMENTS), *(test_of("fq", one, FIELDS, MOMENTS) for one in fq)]
    return [item for item in items if all(test(item) for test in tests)]


def chosen(item: Item, fields: Sequence[str]) -> dict[str, Any]:
    """Only these fields of a dataset (`fl`), as its search index has them. Raises `SearchRefused`."""
    told = dict[str, Any]()
    for name in fields:
        if name in FIELDS:
            values = list(FIELDS[name](item))
            told[name] = values if name in SEVERAL else values[0]
        elif name in MOMENTS:
            told[name] = item.package[name]
        else:
            raise SearchRefused("fl", _("「%(name)s」は選べません。") % {"name": name[:50]})
    return told


def ordered(items: Sequence[Item], sort: str) -> list[Item]:
    """In CKAN's order: `metadata_modified desc, name asc`. Raises `SearchRefused`."""
    found = list(items)
    for piece in reversed(sort.split(",")) if sort.strip() else ():
        name, _space, direction = piece.strip().partition(" ")
        if name not in ORDERS or direction.strip().lower() not in {"", "asc", "desc"}:
            raise SearchRefused("sort", _("「%(name)s」では並べ替えられません。") % {"name": piece.strip()[:50]})
        found.sort(key=ORDERS[name], reverse=direction.strip().lower() == "desc")
    return found


def facets(
    items: Sequence[Item], fields: Sequence[str], limit: int, least: int = 1
) -> dict[str, list[tuple[str, int]]]:
    """How many of the datasets there are by each value of these fields, the most first. Raises `SearchRefused`."""
    if unknown := [field for field in fields if field not in FIELDS]:
        raise SearchRefused("facet.field", _("「%(name)s」では絞り込めません。") % {"name": unknown[0][:50]})
    found = {}
    for field in fields:
        counts = Counter(value for item in items for value in set(FIELDS[field](item)))
        some = [(name, n) for name, n in counts.items() if n >= least]
        most = sorted(some, key=lambda one: (-one[1], one[0]))
        found[field] = most[:limit] if limit >= 0 else most
    return found
