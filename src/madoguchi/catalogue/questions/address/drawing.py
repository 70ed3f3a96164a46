"""An address in five fields, and the list of places where its postal code has several."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from madoguchi.foundation.messages import marked
from madoguchi.foundation.postal import PREFECTURES, prefecture_of

from ..drawing import SELECT, TEXT, Control, FormField, OptionField, Pen
from .reading import CHOSEN, LIMITS, places_of

PLACES = Control("questions/address/places.html", "alone")
LABELS = {
    "postal_code": marked("郵便番号"),
    "prefecture": marked("都道府県"),
    "town": marked("市区町村・町名"),
    "street": marked("番地"),
    "building": marked("建物名・部屋番号"),
}
ATTRS: Mapping[str, Mapping[str, str]] = {
    "postal_code": {"inputmode": "numeric", "autocomplete": "postal-code"},
    "prefecture": {"autocomplete": "address-level1"},
    "town": {"autocomplete": "address-level2"},
    "street": {"autocomplete": "address-line1"},
    "building": {"autocomplete": "address-line2"},
}


def draw_address(name: str, value: Any, required: bool, pen: Pen) -> list[FormField]:
    """The fields of an address, stored or as typed."""
    given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    fields = [
        pen.part(
            f"{name}.{part}",
            pen.say(LABELS[part]),
            SELECT if part == "prefecture" else TEXT,
            value=_known(part, given.get(part, "")),
            required=required and part != "building",
            options=prefectures(pen.language) if part == "prefecture" else (),
            attrs=ATTRS[part],
        )
        for part in LIMITS
    ]
    return [fields[0], _places(name, given, pen), *fields[1:]]


def _known(part: str, value: Any) -> Any:
    """A prefecture as its list has it; anything else as it is."""
    return prefecture_of(value) or value if part == "prefecture" and isinstance(value, str) else value


@cache
def prefectures(language: str) -> tuple[OptionField, ...]:
    """The 47, in English with their Latin names."""
    shown = PREFECTURES.items()
    return tuple(OptionField(name, f"{name} {latin}" if language == "en" else name) for name, latin in shown)


def _places(name: str, value: Mapping[str, Any], pen: Pen) -> FormField:
    """The places of a code that has several; the form's script shows it as soon as the code is typed."""
    found = places_of(str(value.get("postal_code", "")))
    several = found if len(found) > 1 and not (value.get("prefecture") and value.get("town")) else ()
    options = [OptionField(f"{one.prefecture}|{one.name}", f"{one.prefecture}{one.name}") for one in several]
    label = pen.say(marked("郵便番号にあてはまる場所"))
    return FormField(f"{name}.{CHOSEN}", label, PLACES, required=False, options=options)
