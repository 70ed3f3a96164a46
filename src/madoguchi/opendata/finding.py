"""Finding datasets: words, and CKAN's `fq` as far as its clients use it (fields, quotes, groups of OR, minus)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from madoguchi.foundation.folding import fold

from .search import SearchRefused
from .shelf import Item

LONGEST: Final = 1000
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
    "name": lambda item: item.dataset.code,
    "title": lambda item: item.dataset.title,
    "title_string": lambda item: item.dataset.title,
    "metadata_modified": lambda item: item.dataset.changed_at,
    "metadata_created": lambda item: item.dataset.created_at,
}
_TERM: Final = re.compile(
    r'(?P<sign>[-+]?)(?:(?P<field>[\w.*]+):)?(?:\((?P<many>[^()]*)\)|"(?P<quoted>[^"]*)"|(?P<word>[^\s()"]+))'
)


def find(items: Iterable[Item], *, q: str = "", fq: str = "") -> list[Item]:
    """The datasets that hold every word of `q` and fit every term of `fq`. Raises `SearchRefused`."""
    tests = [*_terms("q", q), *_terms("fq", fq)]
    return [item for item in items if all(test(item) for test in tests)]


def _terms(parameter: str, text: str) -> list[Callable[[Item], bool]]:
    if len(text) > LONGEST:
        raise SearchRefused(parameter, _("検索語が多すぎるか、長すぎます。"))
    return [_test(parameter, found) for found in _TERM.finditer(text) if found[0] not in {"*:*", "AND", "+*:*"}]


def _test(parameter: str, found: re.Match[str]) -> Callable[[Item], bool]:
    field, is_wanted = found["field"], found["sign"] != "-"
    wanted = _choices(found["many"]) if found["many"] is not None else [found["quoted"] or found["word"] or ""]
    if field is None or field == "text":
        keys = [fold(one) for one in wanted]
        return lambda item: any(key in item.words for key in keys) == is_wanted
    if field not in FIELDS:
        raise SearchRefused(parameter, _("「%(name)s」では絞り込めません。") % {"name": field[:50]})
    read, patterns = FIELDS[field], [_pattern(field, one) for one in wanted]
    return lambda item: any(one.fullmatch(fold(text)) for text in read(item) for one in patterns) == is_wanted


def _choices(many: str) -> list[str]:
    return [quoted or word for quoted, word in re.findall(r'"([^"]*)"|([^\s"]+)', many) if word not in {"OR", "AND"}]


def _pattern(field: str, value: str) -> re.Pattern[str]:
    """The whole value, * for anything; titles and notes are texts, of which a part is enough."""
    body = ".*".join(re.escape(piece) for piece in re.split(r"\*+", fold(value)))
    return re.compile(f".*{body}.*" if field in {"title", "notes"} else body, re.DOTALL)


def ordered(items: Sequence[Item], sort: str) -> list[Item]:
    """In CKAN's order: `metadata_modified desc, name asc`. Raises `SearchRefused`."""
    found = list(items)
    for piece in reversed(sort.split(",")) if sort.strip() else ():
        name, _space, direction = piece.strip().partition(" ")
        if name not in ORDERS or direction.strip().lower() not in {"", "asc", "desc"}:
            raise SearchRefused("sort", _("「%(name)s」では並べ替えられません。") % {"name": piece.strip()[:50]})
        found.sort(key=ORDERS[name], reverse=direction.strip().lower() == "desc")
    return found


def facets(items: Sequence[Item], fields: Sequence[str], limit: int) -> dict[str, list[tuple[str, int]]]:
    """How many of the datasets there are by each value of these fields, the most first. Raises `SearchRefused`."""
    if unknown := [field for field in fields if field not in FIELDS]:
        raise SearchRefused("facet.field", _("「%(name)s」では絞り込めません。") % {"name": unknown[0][:50]})
    found = {}
    for field in fields:
        counts = Counter(value for item in items for value in set(FIELDS[field](item)))
        most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        found[field] = most[:limit] if limit >= 0 else most
    return found
