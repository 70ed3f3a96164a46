"""CKAN's Action API, reading only: each action takes its parameters and gives its result as JSON text.

Names, parameters and shapes are those of CKAN 2.11's documentation (docs.ckan.org, API guide and DataStore extension),
so that `ckanapi` and those who read other catalogues work unchanged.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from madoguchi.foundation.folding import fold
from madoguchi.people.town import Named, town

from .ckan_parameters import Invalid, NotFound, Parameters, flag, names, needed, number, text
from .finding import facets, find, ordered
from .search import COUNTED, MOST_ROWS, Question, search
from .shelf import LICENCES, Item, Shelf, group, office_of, organization, tag
from .themes import THEMES

MOST_PACKAGES: Final = 1000  # as CKAN's ckan.search.rows_max
COMPATIBLE_WITH: Final = "2.11"
CKAN_TYPES: Final = {
    "string": "text", "integer": "int8", "number": "float8", "boolean": "bool", "date": "date",
    "datetime": "timestamptz",
}  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _window(given: Parameters) -> slice:
    start = number(given, "offset", 0, 10**9)
    return slice(start, start + number(given, "limit", MOST_PACKAGES, MOST_PACKAGES))


def site_read(shelf: Shelf, given: Parameters) -> str:
    """Whether the catalogue may be read: always."""
    return "true"


def status_show(shelf: Shelf, given: Parameters) -> str:
    """What this catalogue is."""
    told = {
        "ckan_version": COMPATIBLE_WITH, "site_url": settings.PUBLIC_URL, "site_title": town().name,
        "site_description": "", "error_emails_to": None, "locale_default": "ja", "extensions": ["datastore"],
    }  # fmt: skip
    return _json(told)


def package_list(shelf: Shelf, given: Parameters) -> str:
    """The names of all datasets; `limit`, `offset`."""
    return _json(list(shelf.items)[_window(given)])


def current_package_list_with_resources(shelf: Shelf, given: Parameters) -> str:
    """All datasets, the last changed first; `limit`, `offset`."""
    found = ordered(list(shelf.items.values()), "metadata_modified desc")[_window(given)]
    return _joined(item.written for item in found)


def package_show(shelf: Shelf, given: Parameters) -> str:
    """One dataset, by name or id (`id`)."""
    wanted = needed(given, "id")
    for item in shelf.items.values():
        if wanted in {item.dataset.code, item.package["id"]}:
            return item.written
    raise NotFound


def package_search(shelf: Shelf, given: Parameters) -> str:
    """Datasets by `q`, `fq`, `fq_list`, in the order `sort`; `rows`, `start`; counts by `facet.field`."""
    fq = " ".join([text(given, "fq"), *names(given, "fq_list")])
    found = find(shelf.items.values(), q=text(given, "q"), fq=fq)
    sort = text(given, "sort", "metadata_modified desc")
    start, rows = number(given, "start", 0, 10**9), number(given, "rows", 10, MOST_PACKAGES)
    shown = ordered(found, sort)[start : start + rows]
    fields = names(given, "facet.field") if flag(given, "facet", True) else []
    counts = facets(found, fields, number(given, "facet.limit", 50, 10_000))
    search_facets = {
        field: {"title": field, "items": [_facet(field, name, n) for name, n in most]} for field, most in counts.items()
    }
    return (
        f'{{"count": {len(found)}, "facets": {_json({field: dict(most) for field, most in counts.items()})},'
        f' "sort": {_json(sort)}, "search_facets": {_json(search_facets)},'
        f' "results": {_joined(item.written for item in shown)}}}'
    )


def _joined(written: Iterable[str]) -> str:
    return f"[{', '.join(written)}]"


def _facet(field: str, name: str, n: int) -> dict[str, Any]:
    titles: Mapping[str, Callable[[], str]] = {
        "organization": lambda: town().offices[name].name if name in town().offices else name,
        "groups": lambda: str(THEMES[name].name),
        "license_id": lambda: LICENCES.get(name, (name, ""))[0],
    }
    return {"name": name, "display_name": titles.get(field, lambda: name)(), "count": n}


def _offices(shelf: Shelf) -> dict[str, Named]:
    return {item.dataset.office: office_of(item.dataset) for item in shelf.items.values()}


def organization_list(shelf: Shelf, given: Parameters) -> str:
    """The offices that publish; `all_fields`, `limit`, `offset`."""
    found = [
        {**organization(office), "display_name": office.name,
         "package_count": len([1 for item in shelf.items.values() if item.dataset.office == code])}
        for code, office in sorted(_offices(shelf).items())
    ]  # fmt: skip
    return _listed(found, given)


def group_list(shelf: Shelf, given: Parameters) -> str:
    """The themes that have datasets; `all_fields`, `limit`, `offset`."""
    codes = sorted({item.dataset.theme for item in shelf.items.values()})
    found = [
        {**group(code), "is_organization": False, "type": "group", "state": "active",
         "package_count": len([1 for item in shelf.items.values() if item.dataset.theme == code])}
        for code in codes
    ]  # fmt: skip
    return _listed(found, given)


def _listed(found: list[dict[str, Any]], given: Parameters) -> str:
    window = found[_window(given)]
    return _json(window if flag(given, "all_fields") else [one["name"] for one in window])


def _shown(listed: str, shelf: Shelf, given: Parameters, has: Callable[[Item, str], bool]) -> str:
    wanted = needed(given, "id")
    for one in json.loads(listed):
        if wanted in {one["id"], one["name"]}:
            inside = [dict(item.package) for item in shelf.items.values() if has(item, one["name"])]
            if flag(given, "include_datasets"):
                one["packages"] = inside
            return _json({**one, "extras": [], "tags": [], "users": [], "groups": []})
    raise NotFound


def organization_show(shelf: Shelf, given: Parameters) -> str:
    """One office, by name or id (`id`); `include_datasets`."""
    listed = organization_list(shelf, {"all_fields": True})
    return _shown(listed, shelf, given, lambda item, name: item.dataset.office == name)


def group_show(shelf: Shelf, given: Parameters) -> str:
    """One theme, by name or id (`id`); `include_datasets`."""
    listed = group_list(shelf, {"all_fields": True})
    return _shown(listed, shelf, given, lambda item, name: item.dataset.theme == name)


def tag_list(shelf: Shelf, given: Parameters) -> str:
    """All tags, or those that hold `query`; `all_fields`."""
    query = fold(text(given, "query"))
    found = sorted({name for item in shelf.items.values() for name in item.dataset.tags if query in fold(name)})
    return _json([tag(name) for name in found] if flag(given, "all_fields") else found)


def license_list(shelf: Shelf, given: Parameters) -> str:
    """The licences that datasets may have."""
    return _json(
        [{"id": code, "title": title, "url": url, "status": "active"} for code, (title, url) in LICENCES.items()]
    )


def resource_show(shelf: Shelf, given: Parameters) -> str:
    """One resource, by `id`."""
    wanted = needed(given, "id")
    if wanted not in shelf.resources:
        raise NotFound
    return next(_json(one) for one in shelf.resources[wanted].package["resources"] if one["id"] == wanted)


def datastore_search(shelf: Shelf, given: Parameters) -> str:
    """Rows of `resource_id`: `filters`, `q`, `sort`, `fields`, `limit`, `offset`, `include_total`."""
    wanted = text(given, "resource_id") or needed(given, "id")
    item = shelf.resources.get(wanted)
    if item is None or item.dataset.current is None:
        raise NotFound
    if text(given, "records_format", "objects") != "objects":
        raise Invalid(records_format=[_("objectsだけが使えます。")])
    asked = Question(
        filters=_filters(given), q=_words(given), sort=text(given, "sort"), fields=names(given, "fields"),
        limit=number(given, "limit", 100, MOST_ROWS), offset=number(given, "offset", 0, 10**12),
    )  # fmt: skip
    answer = search(item.dataset.current, asked)
    told: dict[str, Any] = {
        "resource_id": wanted, "include_total": flag(given, "include_total", True), "limit": asked.limit,
        "offset": asked.offset, "records_format": "objects", "total_estimation_threshold": COUNTED,
        "fields": [{"id": one["name"], "type": CKAN_TYPES[one["type"]]} for one in answer.fields],
        "_links": _links(wanted, asked),
    }  # fmt: skip
    if told["include_total"]:
        told |= {"total": answer.total, "total_was_estimated": answer.is_estimated}
    return f'{_json(told)[:-1]}, "records": {answer.records}}}'


def _links(resource: str, asked: Question) -> dict[str, str]:
    start = f"/api/3/action/datastore_search?resource_id={resource}&limit={asked.limit}"
    return {"start": start, "next": f"{start}&offset={asked.offset + asked.limit}"}


def _filters(given: Parameters) -> dict[str, list[Any]]:
    value = given.get("filters") or {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (json.JSONDecodeError, RecursionError):
            raise Invalid(filters=[_("JSONとして読めません。")]) from None
    if not isinstance(value, dict):
        raise Invalid(filters=[_("列と値の組を書いてください。")])
    return {str(name): one if isinstance(one, list) else [one] for name, one in value.items()}


def _words(given: Parameters) -> str:
    value = given.get("q") or ""
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        return value
    raise Invalid(q=[_("文字で書いてください。")])


def help_show(shelf: Shelf, given: Parameters) -> str:
    """What an action does, by `name`."""
    action = ACTIONS.get(needed(given, "name"))
    if action is None:
        raise NotFound
    return _json((action.__doc__ or "").strip())


Action = Callable[[Shelf, Parameters], str]
ACTIONS: Final[Mapping[str, Action]] = {
    action.__name__: action
    for action in (
        site_read, status_show, help_show, package_list, package_show, package_search,
        current_package_list_with_resources, group_list, group_show, organization_list, organization_show, tag_list,
        license_list, resource_show, datastore_search,
    )
}  # fmt: skip
