"""The parts of an address: as typed, cleaned, filled from the postal code, examined and on one line."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from madoguchi.foundation import text
from madoguchi.foundation.postal import (
    PREFECTURES,
    Place,
    lies_in_municipality,
    lies_in_prefecture,
    places,
    prefecture_of,
    shared,
)

from ...problems import Path, Problem, Refused, clean_parts
from ..base import Answer, FormData, Schema, cleaned_code, cleaned_text

LIMITS = {"postal_code": 8, "prefecture": 10, "town": 100, "street": 120, "building": 120}
BLANK = dict.fromkeys(LIMITS, "")
CHOSEN = "place"
"""The field in which a form offers the places of a code; it is no part of the answer."""
NEEDED = ("postal_code", "prefecture", "town", "street")


def places_of(postal_code: str) -> tuple[Place, ...]:
    """The places of a postal code as it is stored or typed; none when it is not in use."""
    return places(postal_code.replace("-", ""))


def cleaned_postal_code(value: Answer) -> str | None:
    """`123-4567`, from any width, with or without the hyphen. Raises Refused("not-a-postal-code")."""
    cleaned = cleaned_code(value, maximum=12)
    if cleaned is None:
        return None
    digits = re.sub(r"[ -]", "", cleaned.lstrip("〒"))
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise Refused("not-a-postal-code")
    return f"{digits[:3]}-{digits[3:]}"


def cleaned_prefecture(value: Answer) -> str | None:
    """One of the 47, also from 東京 or Tokyo. Raises Refused("not-a-prefecture")."""
    cleaned = cleaned_text(value, maximum=LIMITS["prefecture"])
    if cleaned is None:
        return None
    if (prefecture := prefecture_of(cleaned)) is None:
        raise Refused("not-a-prefecture")
    return prefecture


def cleaned_address(value: Answer) -> dict[str, str] | None:
    """The parts cleaned, prefecture and town filled from the postal code where they are empty. Raises Refused."""
    if not isinstance(value, Mapping):
        raise Refused("wrong-type", expected="address")
    if unknown := set(value) - set(LIMITS):
        raise Refused("unknown-part", sub=(min(map(str, unknown))[:40],))
    return _filled(clean_parts(LIMITS, value, _cleaned_part)) or None


def _cleaned_part(part: str, given: Answer) -> str | None:
    cleaner = {"postal_code": cleaned_postal_code, "prefecture": cleaned_prefecture}.get(part)
    return cleaner(given) if cleaner else cleaned_text(given, maximum=LIMITS[part])


def _filled(parts: dict[str, str]) -> dict[str, str]:
    """Only what all places of the code share is filled in, and only where nothing was written."""
    if "postal_code" not in parts or {"prefecture", "town"} <= set(parts):
        return parts
    found = places_of(parts["postal_code"])
    within = tuple(place for place in found if parts.get("prefecture", place.prefecture) == place.prefecture)
    for part, value in zip(("prefecture", "town"), shared(within or found), strict=True):
        if value:
            parts.setdefault(part, value)
    return parts


def address_schema() -> Schema:
    """JSON Schema of an address."""
    properties: Schema = {
        part: {"type": "string", "minLength": 1, "maxLength": limit} for part, limit in LIMITS.items()
    }
    properties["postal_code"] = {"type": "string", "pattern": r"^[0-9]{3}-[0-9]{4}$"}
    properties["prefecture"] = {"enum": list(PREFECTURES)}
    return {"type": "object", "properties": properties, "required": list(NEEDED), "additionalProperties": False}


_MEET = re.compile("[A-Za-z].|.[A-Za-z]")
"""Where Latin letters meet something else, an address that is written in them needs a space: Naka-ku 1-2."""


def shown_address(value: Mapping[str, str]) -> str:
    """The address on one line, as on an envelope."""
    line = ""
    for part in ("prefecture", "town", "street"):
        piece = value.get(part, "")
        line += f" {piece}" if _MEET.search(line[-1:] + piece[:1]) else piece
    building, code = value.get("building", ""), value.get("postal_code", "")
    return (f"〒{code} " if code else "") + line + (f" {building}" if building else "")


def examine_address(value: Mapping[str, str], path: Path) -> Iterator[Problem]:
    """A postal code that nobody uses, or one that lies elsewhere than the place beside it."""
    found = places_of(value["postal_code"])
    if not found:
        yield Problem((*path, "postal_code"), "unknown-postal-code")
    elif not lies_in_prefecture(found, value["prefecture"]):
        named = "・".join(dict.fromkeys(place.prefecture for place in found))
        yield Problem((*path, "prefecture"), "prefecture-elsewhere", {"place": named})
    elif not lies_in_municipality(found, value["town"]):
        named = "・".join(dict.fromkeys(place.municipality for place in found))
        yield Problem((*path, "town"), "town-elsewhere", {"place": named})


_ON_ONE_LINE: Final = re.compile(
    r"(?:〒?\s*(?P<postal_code>[0-9]{3}-?[0-9]{4}))?\s*(?P<prefecture>東京都|北海道|大阪府|京都府|.{2,3}?県)?"
    r"(?P<town>.*?[市区町村郡](?:.*?[区町村](?=[^0-9]))?[^0-9]*)?(?P<street>.*)"
)


def split_address(line: str) -> dict[str, str]:
    """An address on one line, as lists have it, in its parts: what cannot be told apart stands in `street`.

    >>> split_address("〒231-0023 神奈川県横浜市中区山下町1番地")["street"]
    '1番地'
    """
    found = _ON_ONE_LINE.fullmatch(text.as_code(line).strip())
    parts = {part: (value or "").strip() for part, value in found.groupdict().items()} if found else {"street": line}
    return {part: value for part, value in parts.items() if value}


def written_address(value: Mapping[str, str], path: Path) -> Iterator[tuple[Path, str]]:
    """The parts in words, each with its place."""
    yield from (((*path, part), value[part]) for part in ("town", "street", "building") if part in value)


def read_address(form: FormData, name: str) -> dict[str, str] | None:
    """The five fields as typed; None when all are empty. A place chosen from the code's list fills what is empty."""
    typed = {part: (form.get(f"{name}.{part}") or "") for part in LIMITS}
    prefecture, _bar, town = (form.get(f"{name}.{CHOSEN}") or "").partition("|")
    for part, value in {"prefecture": prefecture, "town": town}.items():
        typed[part] = value if text.is_blank(typed[part]) else typed[part]
    return {part: value for part, value in typed.items() if not text.is_blank(value)} or None
