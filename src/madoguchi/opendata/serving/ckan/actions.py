"""CKAN's Action API, reading only: each action with all its parameters, and what each gives, as JSON text.

Names, parameters and shapes are those of CKAN 2.11's documentation (docs.ckan.org, API guide and DataStore extension),
so that `ckanapi` and those who read other catalogues work unchanged. A parameter that is not listed here is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from madoguchi.town.offices import town

from ..shelf import LICENCES, Shelf
from .groups import (  # fmt: skip
    OF_A_LIST,
    OF_ONE,
    group_list,
    group_package_show,
    group_show,
    organization_list,
    organization_show,
    tag_autocomplete,
    tag_list,
    tag_show,
)
from .packages import (  # fmt: skip
    as_json,
    current_package_list_with_resources,
    package_autocomplete,
    package_list,
    package_search,
    package_show,
    resource_search,
    resource_show,
)
from .parameters import NotFound, Parameters, needed, only
from .rows import OF_A_QUESTION, datastore_info, datastore_search

COMPATIBLE_WITH: Final = "2.11"


@dataclass(frozen=True, slots=True)
class Action:
    """What is done, and every parameter it looks at."""

    does: Callable[[Shelf, Parameters], str]
    parameters: tuple[str, ...] = ()

    def __call__(self, shelf: Shelf, given: Parameters) -> str:
        """The result. Raises `Invalid` for a parameter that it does not know."""
        only(given, self.parameters)
        return self.does(shelf, given)


def site_read(shelf: Shelf, given: Parameters) -> str:
    """Whether the catalogue may be read: always."""
    return "true"


def status_show(shelf: Shelf, given: Parameters) -> str:
    """What this catalogue is."""
    told = {
        "ckan_version": COMPATIBLE_WITH, "site_url": settings.PUBLIC_URL, "site_title": town().name,
        "site_description": "", "error_emails_to": None, "locale_default": "ja", "extensions": ["datastore"],
    }  # fmt: skip
    return as_json(told)


def license_list(shelf: Shelf, given: Parameters) -> str:
    """The licences that datasets may have."""
    return as_json(
        [{"id": code, "title": title, "url": url, "status": "active"} for code, (title, url) in LICENCES.items()]
    )


def help_show(shelf: Shelf, given: Parameters) -> str:
    """What an action does, by `name`."""
    action = ACTIONS.get(needed(given, "name"))
    if action is None:
        raise NotFound
    return as_json((action.does.__doc__ or "").strip())


ACTIONS: Final[Mapping[str, Action]] = {
    action.does.__name__: action
    for action in (
        Action(site_read),
        Action(status_show),
        Action(help_show, ("name",)),
        Action(license_list),
        Action(package_list, ("limit", "offset")),
        Action(current_package_list_with_resources, ("limit", "offset")),
        Action(package_show, ("id", "use_default_schema")),
        Action(package_autocomplete, ("q", "limit")),
        Action(package_search, (
            "q", "fq", "fq_list", "sort", "rows", "start", "fl", "facet", "facet.field", "facet.limit",
            "facet.mincount", "include_private", "include_drafts", "use_default_schema",
        )),
        Action(resource_show, ("id",)),
        Action(resource_search, ("query", "order_by", "limit", "offset")),
        Action(group_list, ("groups", *OF_A_LIST)),
        Action(group_show, OF_ONE),
        Action(group_package_show, ("id", "limit")),
        Action(organization_list, ("organizations", *OF_A_LIST)),
        Action(organization_show, OF_ONE),
        Action(tag_list, ("query", "vocabulary_id", "all_fields")),
        Action(tag_show, ("id", "vocabulary_id", "include_datasets")),
        Action(tag_autocomplete, ("query", "q", "vocabulary_id", "limit", "offset")),
        Action(datastore_search, (
            "resource_id", "id", *OF_A_QUESTION, "limit", "offset", "include_total", "total_estimation_threshold",
            "records_format",
        )),
        Action(datastore_info, ("id", "resource_id")),
    )
}  # fmt: skip
"""What only says what is true here anyhow (`include_private` of a visitor, `use_default_schema`) is taken as read."""
