"""A day in four fields: era, year, month, day."""

from madoguchi.foundation.messages import marked

from ..base import Answer
from ..drawing import SELECT, TEXT, Control, FormField, OptionField, Pen
from .reading import PARTS, date_fields

DAY = Control("questions/date/control.html", "set")
ERAS = ("西暦", "令和", "平成", "昭和", "大正", "明治")
LABELS = {"era": marked("元号"), "year": marked("年"), "month": marked("月"), "day": marked("日")}


def draw_date(name: str, value: Answer, pen: Pen) -> list[FormField]:
    """The fields of a day, stored or as typed."""
    shown = date_fields(value) if value else {"era": ERAS[0]}
    return [
        pen.part(
            f"{name}.{part}",
            pen.say(LABELS[part]),
            SELECT if part == "era" else TEXT,
            value=shown.get(part, ""),
            options=_eras(pen) if part == "era" else (),
            attrs={} if part == "era" else {"inputmode": "numeric"},
        )
        for part in PARTS
    ]


def _eras(pen: Pen) -> list[OptionField]:
    # The first says what a year alone must be, because it is what a page shows before anybody has chosen.
    first = OptionField(ERAS[0], pen.say(marked("西暦（4桁）")))
    return [first, *(OptionField(era, pen.say(era)) for era in ERAS[1:])]
