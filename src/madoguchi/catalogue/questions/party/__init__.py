"""A person or a corporation: who applies, who manages, who owns. Asked once across bundled procedures."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from madoguchi.foundation import dates
from madoguchi.foundation.messages import marked

from ...problems import Path, Problem, Refused, clean_parts
from ..address import (
    BLANK,
    LIMITS,
    SOMEWHERE,
    address_schema,
    examine_address,
    read_address,
    split_address,
    written_address,
)
from ..base import Answer, Finding, FormData, Question, Schema, Shown, Words, on_one_line
from ..date import as_in_lists, examine_birth, read_parts, written_day
from ..drawing import PARTS, Control, FormField, Pen
from ..telling import Landmarks, days, texts, with_parts
from .drawing import draw_kind, draw_part, only_for
from .parts import LABELS, ONLY, OPTIONAL, ORDER, Kind, Part, cleaned_part, read_field, shown_part

NEVER = frozenset({"birth_date", "phone", "email"})
"""What of a party is never published."""
TRIED = {"birth_date": "1990-01-01", "address": SOMEWHERE}
"""Parts to try rules with."""


CORPORATE = re.compile(
    "株式会社|有限会社|合同会社|合名会社|合資会社|[社財]団法人|[学医宗].{1,2}法人|社会福祉法人|特定非営利活動法人|組合"
    "|[（(][株有同]|㈱|㈲"
)
"""By which a name in a list is known for a corporation's."""


class Party(Question):
    """`kinds` who it may be; `ask` which parts are asked beside the name; corporate number and e-mail are optional."""

    is_name: ClassVar[bool] = True
    control: ClassVar[Control] = PARTS
    empty: ClassVar[Answer] = {**dict.fromkeys(ORDER, ""), "address": BLANK}
    sentences: ClassVar[Mapping[str, str]] = {
        "not-a-corporate-number": marked("法人番号が正しくありません。13桁の数字を確かめてください。"),
        "no-kind": marked("個人か法人かを選んでください。"),
    }
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
            return {"kind": kind, **clean_parts(asked[1:], value, cleaned_part)}
        except Refused as refused:
            refused.partial = {"kind": kind, **(refused.partial or {})}
            raise

    def cell_parts(self) -> Mapping[str, str]:
        return {part: LABELS[part] for part in self.asked_of_any()}

    def from_cells(self, whole: str, parts: Mapping[str, str]) -> Answer:
        given = {"name": whole} | {part: text for part, text in parts.items() if text}
        is_body = "corporate_number" in given or CORPORATE.search(given["name"])
        kind = "corporation" if is_body and "corporation" in self.kinds else self.kinds[0]
        readers = {"address": split_address, "birth_date": as_in_lists}
        told = {part: readers.get(part, str)(text) for part, text in given.items()}
        return {"kind": kind, **{part: value for part, value in told.items() if part in self.asked(kind)}}

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
        return dict(value) if isinstance(value, Mapping) else {}

    def show(self, value: Answer, words: Words) -> str:
        return " / ".join(shown_part(part, value[part], words) for part in ORDER[1:] if value.get(part))

    def show_parts(self, value: Answer, words: Words, typed: Answer = None) -> list[Shown] | None:
        written = {part: self._written(part, one, words) for part, one in (typed or {}).items()}
        return [
            Shown(part, LABELS[part], shown_part(part, value[part], words), written.get(part, ""))
            for part in ORDER[1:]
            if value.get(part)
        ]

    @staticmethod
    def _written(part: str, typed: Answer, words: Words) -> str:
        return written_day(typed, words) if part == "birth_date" else on_one_line(typed)

    def draw(self, field: FormField, value: Answer, words: Words, pen: Pen) -> None:
        given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        field.children = parts = []
        if len(self.kinds) > 1:
            parts.append(draw_kind(field.name, self.kinds, given.get("kind", ""), pen))
        for part in self.asked_of_any():
            drawn = draw_part(part, f"{field.name}.{part}", given.get(part), pen)
            if len(self.kinds) > 1:
                only_for(drawn, part, self.id, pen)
            parts.append(drawn)

    def parties(self, value: Answer) -> Sequence[Mapping[str, Any]]:
        return (value,)

    def secret(self, inside: Sequence[str]) -> str:
        if not inside:
            return "all that is known of the applicant: name a part"
        if inside[0] in NEVER:
            return "how old a person is" if inside[0] == "birth_date" else "how to reach a person"
        return "a person's home address" if inside[0] == "address" and "person" in self.kinds else ""

    def faults(self) -> Iterator[Finding]:
        if len(set(self.kinds)) != len(self.kinds) or not self.kinds:
            yield "kinds", "kinds are named once each, and at least one", "write person, corporation, or both."
        for part in self.ask:
            if part in ONLY and ONLY[part] not in self.kinds:
                yield "ask", f"{part} is asked of a {ONLY[part]} only", f"remove {part}, or add {ONLY[part]} to kinds."

    def parts(self) -> set[tuple[str, ...]]:
        asked = {(part,) for part in ("kind", *self.asked_of_any())}
        return asked | ({("address", part) for part in LIMITS} if ("address",) in asked else set())

    def possible(self, inside: Sequence[str]) -> list[str] | None:
        return list(self.kinds) if tuple(inside) == ("kind",) else None

    def telling_values(self, marks: Landmarks) -> list[Answer]:
        return [answer for kind in self.kinds for answer in self._telling(kind, marks)]

    def _telling(self, kind: str, marks: Landmarks) -> Iterator[Answer]:
        asked = self.asked(kind)
        whole = {part: TRIED.get(part, "甲") for part in asked} | {"kind": kind}
        read = {path for path in marks.parts_of(self.id) if path[0] in asked and path not in {("kind",), ("address",)}}
        return with_parts(whole, {path: _values(path, marks) for path in sorted(read)})


def _values(path: tuple[str, ...], marks: Landmarks) -> list[str]:
    if path == ("birth_date",):
        found = [day.isoformat() for day in days(marks, ()) if day <= dates.today()]
    else:
        found = list(texts(marks, 254))
    return ["", *found] if path[0] in OPTIONAL else found
