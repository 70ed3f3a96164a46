"""Whether what a page counts was made up, for the pages that count cases."""

from typing import Any, Final

from django.http import HttpRequest

from .past import InventedPast

BOARDS: Final = frozenset({"figures", "reform"})
LISTS: Final = frozenset({"desk:inbox"})


def past(request: HttpRequest) -> dict[str, Any]:
    """`invented_past` on boards and the officers' list: the past that was made up; None elsewhere and in real towns."""
    match = request.resolver_match
    counts = match is not None and (match.app_name in BOARDS or match.view_name in LISTS)
    return {"invented_past": InventedPast.known if counts else None}  # a template asks, an error page does not
