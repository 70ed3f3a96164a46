"""The town, for every template."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from .offices import contact, town


def here(request: HttpRequest) -> dict[str, Any]:
    """`town` and its name in the reader's language."""
    return {"town": town(), "town_name": town().in_language(get_language() or "ja"), "hall": contact()}
