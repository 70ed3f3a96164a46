"""The parameters of CKAN's actions: strings in an address, JSON in a body. A fault is told by the name."""

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

Parameters = Mapping[str, Any]
YES: Final = frozenset({"true", "yes", "t", "y", "1"})
NO: Final = frozenset({"false", "no", "f", "n", "0", ""})
MOST: Final = 10**12


class NotFound(Exception):
    """There is no such public object."""


class Invalid(Exception):
    """The parameters are wrong: {parameter: [sentences]}."""

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        super().__init__(faults)
        self.faults = faults


def invalid(name: str, sentence: str) -> Invalid:
    """What is raised for one parameter."""
    return Invalid({name[:100]: [sentence]})


def only(given: Parameters, known: Collection[str]) -> None:
    """Refuse every parameter that nobody would look at: an answer to another question is worse than none."""
    if unknown := sorted(set(given) - set(known)):
        raise Invalid({name[:100]: [_("この操作では使えません。")] for name in unknown[:20]})


def text(given: Parameters, name: str, usual: str = "") -> str:
    """A word."""
    value = given.get(name, usual)
    if value is None:
        return usual
    if not isinstance(value, str | int | float):
        raise invalid(name, _("文字で書いてください。"))
    return str(value)


def needed(given: Parameters, name: str) -> str:
    """A word that must be there."""
    value = text(given, name)
    if not value:
        raise invalid(name, "Missing value")
    return value


def number(given: Parameters, name: str, usual: int, most: int = MOST) -> int:
    """A whole number; more than the most is the most, as in CKAN."""
    written = text(given, name, str(usual)).strip()
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise invalid(name, _("0以上の整数を書いてください。"))
    return min(int(written), most)


def flag(given: Parameters, name: str, usual: bool = False) -> bool:
    """A yes or no."""
    written = text(given, name, str(usual)).strip().lower()
    if written not in YES | NO:
        raise invalid(name, _("trueかfalseを書いてください。"))
    return written in YES


def names(given: Parameters, name: str) -> list[str]:
    """A list, as JSON in an address or as it is in a body; also separated by commas."""
    value = given.get(name)
    if isinstance(value, str) and not value.lstrip().startswith("["):
        value = [one for one in value.split(",") if one.strip()]
    return [one.strip() for one in _texts(name, value)]


def texts(given: Parameters, name: str) -> list[str]:
    """A list, as JSON or as a name that stands twice; a text that is no list stands for itself, commas and all."""
    value = given.get(name)
    if isinstance(value, str) and not value.lstrip().startswith("["):
        value = [value]
    return _texts(name, value)


def _texts(name: str, value: Any) -> list[str]:
    value = as_json(name, value) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise invalid(name, _("文字の一覧を書いてください。"))
    return value


def as_json(name: str, value: Any) -> Any:
    """What stands as JSON in an address; in a body it is there already."""
    try:
        return json.loads(value) if isinstance(value, str) and value.strip() else value
    except (json.JSONDecodeError, RecursionError):
        raise invalid(name, _("JSONとして読めません。")) from None
