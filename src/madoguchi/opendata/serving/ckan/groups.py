"""CKAN's actions about what datasets belong to: organizations (offices), groups (themes) and tags."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from madoguchi.foundation.folding import fold

from ..shelf import Item, Shelf, group, office_of, organization, tag
from .packages import MOST_PACKAGES, as_json, joined, window
from .parameters import NotFound, Parameters, flag, invalid, names, needed, number, text

OF_A_LIST: Final = ("all_fields", "sort", "limit", "offset", "include_dataset_count")
OF_ONE: Final = (
    "id", "include_datasets", "include_dataset_count", "include_extras", "include_users", "include_groups",
    "include_tags",
)  # fmt: skip
_ORDERS: Final[Mapping[str, Callable[[dict[str, Any]], Any]]] = {
    "name": lambda one: one["name"],
    "title": lambda one: one["title"],
    "package_count": lambda one: one["package_count"],
}
Kind = Callable[[Item], str]


def _office(item: Item) -> str:
    return item.dataset.office


def _theme(item: Item) -> str:
    return item.dataset.theme


def _offices(shelf: Shelf) -> list[dict[str, Any]]:
    offices = {item.dataset.office: office_of(item.dataset) for item in shelf.items.values()}
    return [
        {**organization(office), "display_name": office.name, "package_count": len(_inside(shelf, _office, code))}
        for code, office in sorted(offices.items())
    ]


def _themes(shelf: Shelf) -> list[dict[str, Any]]:
    return [
        {**group(code), "is_organization": False, "type": "group", "state": "active",
         "package_count": len(_inside(shelf, _theme, code))}
        for code in sorted({item.dataset.theme for item in shelf.items.values()})
    ]  # fmt: skip


def _inside(shelf: Shelf, kind: Kind, name: str) -> list[Item]:
    return [item for item in shelf.items.values() if kind(item) == name]


def organization_list(shelf: Shelf, given: Parameters) -> str:
    """The offices that publish, or those of `organizations`; `all_fields`, `sort`, `limit`, `offset`."""
    return _listed(_offices(shelf), "organizations", given)


def group_list(shelf: Shelf, given: Parameters) -> str:
    """The themes that have datasets, or those of `groups`; `all_fields`, `sort`, `limit`, `offset`."""
    return _listed(_themes(shelf), "groups", given)


def _listed(found: list[dict[str, Any]], kind: str, given: Parameters) -> str:
    wanted, (order, _space, direction) = names(given, kind), text(given, "sort", "name").partition(" ")
    if order not in _ORDERS or direction not in {"", "asc", "desc"}:
        raise invalid("sort", _("「%(name)s」では並べ替えられません。") % {"name": text(given, "sort")[:50]})
    some = [one for one in found if not wanted or one["name"] in wanted]
    some.sort(key=_ORDERS[order], reverse=direction == "desc")
    shown = some[window(given)]
    if not flag(given, "all_fields"):
        return as_json([one["name"] for one in shown])
    return as_json([_counted(one, given) for one in shown])


def _counted(one: dict[str, Any], given: Parameters) -> dict[str, Any]:
    left_out = set() if flag(given, "include_dataset_count", True) else {"package_count"}
    return {key: value for key, value in one.items() if key not in left_out}


def _one(found: list[dict[str, Any]], given: Parameters) -> dict[str, Any]:
    wanted = needed(given, "id")
    for one in found:
        if wanted in {one["id"], one["name"]}:
            return one
    raise NotFound


def _shown(found: list[dict[str, Any]], shelf: Shelf, kind: Kind, given: Parameters) -> str:
    one = _one(found, given)
    told = _counted(one, given)
    if flag(given, "include_datasets"):
        told["packages"] = [dict(item.package) for item in _inside(shelf, kind, one["name"])[:MOST_PACKAGES]]
    none_here = ("extras", "users", "groups", "tags")
    return as_json(told | {name: [] for name in none_here if flag(given, f"include_{name}", True)})


def organization_show(shelf: Shelf, given: Parameters) -> str:
    """One office, by name or id (`id`); `include_datasets`."""
    return _shown(_offices(shelf), shelf, _office, given)


def group_show(shelf: Shelf, given: Parameters) -> str:
    """One theme, by name or id (`id`); `include_datasets`."""
    return _shown(_themes(shelf), shelf, _theme, given)


def group_package_show(shelf: Shelf, given: Parameters) -> str:
    """The datasets of one theme (`id`: name or id); `limit`."""
    inside = _inside(shelf, _theme, _one(_themes(shelf), given)["name"])
    return joined(inside[: number(given, "limit", MOST_PACKAGES, MOST_PACKAGES)])


def _tagged(shelf: Shelf) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in shelf.items.values():
        for name in item.dataset.tags:
            found.setdefault(name, []).append(item)
    return dict(sorted(found.items()))


def _free(given: Parameters) -> None:
    """Tags are free here: no vocabulary is there."""
    if text(given, "vocabulary_id"):
        raise NotFound


def tag_list(shelf: Shelf, given: Parameters) -> str:
    """All tags, or those that hold `query`; `all_fields`."""
    _free(given)
    query = fold(text(given, "query"))
    found = [name for name in _tagged(shelf) if query in fold(name)]
    return as_json([tag(name) for name in found] if flag(given, "all_fields") else found)


def tag_autocomplete(shelf: Shelf, given: Parameters) -> str:
    """The tags that hold `query` (or `q`); `limit`, `offset`."""
    _free(given)
    query = fold(text(given, "query") or needed(given, "q"))
    found = [name for name in _tagged(shelf) if query in fold(name)]
    return as_json(found[window({"limit": 10, **given})])


def tag_show(shelf: Shelf, given: Parameters) -> str:
    """One tag, by name or id (`id`); `include_datasets`."""
    _free(given)
    wanted = needed(given, "id")
    for name, items in _tagged(shelf).items():
        if wanted in {name, tag(name)["id"]}:
            inside = [dict(item.package) for item in items]
            return as_json(tag(name) | ({"packages": inside} if flag(given, "include_datasets") else {}))
    raise NotFound
