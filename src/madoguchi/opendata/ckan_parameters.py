"""The parameters of CKAN's actions: strings in an address, JSON in a body. A fault is told by the name."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

Parameters = Mapping[str, Any]


class NotFound(Exception):
    """There is no such public object."""


class Invalid(Exception):
    """The parameters are wrong: {parameter: [sentences]}."""

    def __init__(self, **faults: list[str]) -> None:
        super().__init__(faults)
        self.faults = faults


def text(given: Parameters, name: str, usual: str = "") -> str:
    """A word."""
    value = given.get(name, usual)
    if value is None:
        return usual
    if not isinstance(value, str | int | float):
        raise Invalid(**{name: [_("文字で書いてください。")]})
    return str(value)


def needed(given: Parameters, name: str) -> str:
    value = text(given, name)
    if not value:
        raise Invalid(**{name: ["Missing value"]})
    return value


def number(given: Parameters, name: str, usual: int, most: int) -> int:
    written = text(given, name, str(usual)).strip()
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise Invalid(**{name: [_("0以上の整数を書いてください。")]})
    return min(int(written), most)


def flag(given: Parameters, name: str, usual: bool = False) -> bool:
    """A yes or no."""
    return str(given.get(name, usual)).lower() in {"true", "1", "yes", "t"}


def names(given: Parameters, name: str) -> list[str]:
    """A list, as JSON in an address or as it is in a body; also separated by commas."""
    value = given.get(name) or []
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.lstrip().startswith("[") else value.split(",")
        except json.JSONDecodeError:
            raise Invalid(**{name: [_("JSONとして読めません。")]}) from None
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Invalid(**{name: [_("文字の一覧を書いてください。")]})
    return [one.strip() for one in value]
