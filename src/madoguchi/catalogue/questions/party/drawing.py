"""A party in the fields of its parts; those of one kind only appear when it is chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from madoguchi.foundation.messages import marked

from ..address.drawing import draw_address
from ..contact import phone_again
from ..date.drawing import DAY, draw_date
from ..drawing import PARTS, RADIOS, TEXT, FormField, OptionField, Pen
from .parts import LABELS, ONLY, OPTIONAL

KINDS = {"person": marked("個人"), "corporation": marked("法人")}
WHEN = {"person": marked("個人の場合"), "corporation": marked("法人の場合")}
CONTROLS = {"birth_date": DAY, "address": PARTS}
HELP = {"kana": marked("カタカナで（John Smith は ジョン スミス）。")}
ATTRS: Mapping[str, Mapping[str, str]] = {
    "name": {"autocomplete": "name"},
    "corporate_number": {"inputmode": "numeric"},
    "phone": {"inputmode": "tel", "autocomplete": "tel"},
    "email": {"inputmode": "email", "autocomplete": "email", "type": "email"},
}


def draw_kind(name: str, kinds: Sequence[str], value: str, pen: Pen) -> FormField:
    """Whether it is a person or a corporation."""
    options = [OptionField(kind, pen.say(KINDS[kind])) for kind in kinds]
    return pen.part(f"{name}.kind", pen.say(marked("個人・法人の別")), RADIOS, value=value, options=options)


def draw_part(part: str, name: str, value: Any, pen: Pen) -> FormField:
    """One part, stored or as typed."""
    field = pen.part(
        name,
        pen.say(LABELS[part]),
        CONTROLS.get(part, TEXT),
        help=pen.say(HELP[part]) if part in HELP else "",
        value=phone_again(value or "") if part == "phone" else value or "",
        required=part not in OPTIONAL,
        attrs=ATTRS.get(part, {}),
    )
    if part == "birth_date":
        field.children = draw_date(name, value, pen)
    if part == "address":
        field.children = draw_address(name, value, True, pen)
    return field


def only_for(field: FormField, part: str, party: str, pen: Pen) -> None:
    """Let the field of a part appear for the kind that has it."""
    if part in ONLY:
        field.when = f"{party}.kind == '{ONLY[part]}'"
        field.when_text = pen.say(WHEN[ONLY[part]])
        field.off = pen.is_off(field.when)
