"""A person or a corporation: who applies, who manages, who owns. Asked once across bundled procedures."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from madoguchi.foundation import dates
from madoguchi.foundation.identifiers import is_corporate_number

from ..problems import Path, Problem, Refused, clean_parts
from .address import (
    BLANK,
    address_schema,
    cleaned_address,
    examine_address,
    read_address,
    shown_address,
    written_address,
)
from .base import Answer, FormData, Question, Schema, Words, cleaned_code, cleaned_text, on_one_line
from .contact import cleaned_email, cleaned_phone, phone_again, shown_phone
from .date import cleaned_date, examine_birth, read_parts, written_day
from .kana import cleaned_kana

Part = Literal["kana", "corporate_number", "representative", "birth_date", "address", "phone", "email"]
Kind = Literal["person", "corporation"]
ORDER = ("kind", "name", "kana", "corporate_number", "representative", "birth_date", "address", "phone", "email")
ONLY = {"corporate_number": "corporation", "representative": "corporation", "birth_date": "person"}
OPTIONAL = frozenset({"email", "corporate_number"})


def cleaned_corporate_number(value: Answer) -> str | None:
    """The 13 digits of 法人番号 (番号法第39条), also from the number of an invoice, which is T and the same digits.

    Raises Refused when the check digit is wrong. The T: 適格請求書発行事業者の登録番号, 消費税法第57条の2.
    """
    cleaned = cleaned_code(value, maximum=20)
    if cleaned is None:
        return None
    digits = re.sub("[ -]", "", cleaned).upper().removeprefix("T")
    if not is_corporate_number(digits):
        raise Refused("not-a-corporate-number")
    return digits


CLEANERS: dict[str, Any] = {
    "name": lambda value: cleaned_text(value, maximum=120),
    "kana": lambda value: cleaned_kana(value, 120),
    "corporate_number": cleaned_corporate_number,
    "representative": lambda value: cleaned_text(value, maximum=120),
    "birth_date": cleaned_date,
    "address": cleaned_address,
    "phone": cleaned_phone,
    "email": cleaned_email,
}


class Party(Question):
    """`kinds` who it may be; `ask` which parts are asked beside the name; corporate number and e-mail are optional."""

    control: ClassVar[str] = "party"
    empty: ClassVar[Answer] = {**dict.fromkeys(ORDER, ""), "address": BLANK}
    type: Literal["party"]
    kinds: tuple[Kind, ...] = ("person", "corporation")
    ask: tuple[Part, ...] = ("kana", "corporate_number", "representative", "address", "phone")

    def asked(self, kind: str) -> list[str]:
        """The parts asked of this kind, in order."""
        wanted = {"kind", "name", *self.ask}
        return [part for part in ORDER if part in wanted and ONLY.get(part, kind) == kind]

    def asked_of_any(self) -> list[str]:
        """The parts asked of at least one kind, in order, the kind itself left out."""
        wanted = {part for kind in self.kinds for part in self.asked(kind)}
        return [part for part in ORDER[1:] if part in wanted]

    def schema(self) -> Schema:  # type: ignore[override]
        shapes = [self._shape(kind) for kind in self.kinds]
        return shapes[0] if len(shapes) == 1 else {"oneOf": shapes}

    def _shape(self, kind: str) -> Schema:
        properties: Schema = {part: {"type": "string", "minLength": 1, "maxLength": 254} for part in self.asked(kind)}
        properties["kind"] = {"const": kind}
        if "address" in properties:
            properties["address"] = address_schema()
        if "corporate_number" in properties:
            properties["corporate_number"] = {"type": "string", "pattern": "^[1-9][0-9]{12}$"}
        if "birth_date" in properties:
            properties["birth_date"] = {"type": "string", "format": "date"}
        needed = [part for part in properties if part not in OPTIONAL]
        return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}

    def read(self, form: FormData, name: str) -> Answer | None:
        kind = form.get(f"{name}.kind") or (self.kinds[0] if len(self.kinds) == 1 else "")
        readers: dict[str, Any] = {"address": read_address, "birth_date": read_parts}
        typed: dict[str, Any] = {}
        for part in ORDER[1:]:
            value = readers.get(part, read_field)(form, f"{name}.{part}")
            if value and part in {"name", *self.ask} and (not kind or ONLY.get(part, kind) == kind):
                typed[part] = value
        if not typed and len(self.kinds) == 1:
            return None
        return {"kind": kind, **typed} if kind or typed else None

    def clean(self, value: Answer) -> Answer | None:
        if not isinstance(value, Mapping):
            raise Refused("wrong-type", expected="party")
        kind = value.get("kind") or (self.kinds[0] if len(self.kinds) == 1 else None)
        if kind not in self.kinds:
            raise Refused("no-kind", sub=("kind",))
        asked = self.asked(kind)
        if unknown := [part for part in value if part not in asked and value[part] not in (None, "")]:
            raise Refused("unknown-part", sub=(str(unknown[0])[:40],))
        try:
            return {"kind": kind, **clean_parts(asked[1:], value, _cleaned_part)}
        except Refused as refused:
            refused.partial = {"kind": kind, **(refused.partial or {})}
            raise

    def free_texts(self, value: Answer, path: Path) -> Iterator[tuple[Path, str]]:
        for part in ("name", "kana", "representative", "email"):
            if part in value:
                yield (*path, part), value[part]
        yield from written_address(value.get("address", {}), (*path, "address"))

    def in_rules(self, value: Answer | None) -> Answer:
        given = value or {}
        return {**self.empty, **given, "address": {**BLANK, **given.get("address", {})}}

    def examine(self, value: Answer, path: Path) -> Iterator[Problem]:
        if "address" in value:
            yield from examine_address(value["address"], (*path, "address"))
        if "birth_date" in value:
            yield from examine_birth(value["birth_date"], (*path, "birth_date"))

    def fields(self, value: Answer) -> Mapping[str, Any]:
        return dict(value or {})

    def show(self, value: Answer, words: Words) -> str:
        return " / ".join(shown for _, shown in self.show_parts(value, words))

    def written_parts(self, typed: Mapping[str, Any], words: Words) -> dict[str, str]:
        """Part → what was typed, where the answer as shown does not say it."""
        return {
            part: written_day(value, words) if part == "birth_date" else on_one_line(value)
            for part, value in typed.items()
        }

    def show_parts(self, value: Answer, words: Words) -> list[tuple[str, str]]:
        """(part, text) pairs in order, the kind left out."""
        return [(part, _shown(part, value[part], words)) for part in ORDER[1:] if value.get(part)]


def _cleaned_part(part: str, given: Answer) -> Answer | None:
    return CLEANERS[part](given) if given else None


def _shown(part: str, value: Any, words: Words) -> str:
    from datetime import date

    if part == "address":
        return shown_address(value)
    if part == "phone":
        return shown_phone(value)
    if part == "birth_date":
        return dates.format_date(date.fromisoformat(value), words.language)
    return str(value)


def shown_again(part: str, value: Any) -> Any:
    """The field of a part: a stored phone as it is dialled here, all else as it is."""
    return phone_again(value) if part == "phone" else value


def read_field(form: FormData, name: str) -> str:
    """One field as typed."""
    return form.get(name) or ""
