"""Options, attributes and texts of the parts of fields."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from madoguchi.foundation.postal import PREFECTURES, prefecture_of

from ..compiled import LanguageOf
from ..questions import Question
from ..questions.address import CHOSEN, places_of
from .field import Field, OptionField

KIND_NAMES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG"}
ERAS = ("西暦", "令和", "平成", "昭和", "大正", "明治")
KANA_HELP = marked("カタカナで（John Smith は ジョン スミス）。")


def known(part: str, value: Any) -> Any:
    """A prefecture as its list has it; anything else as it is."""
    return prefecture_of(value) or value if part == "prefecture" and isinstance(value, str) else value


@cache
def prefectures(language: str) -> tuple[OptionField, ...]:
    shown = PREFECTURES.items()
    return tuple(OptionField(name, f"{name} {latin}" if language == "en" else name) for name, latin in shown)


def places(name: str, value: Mapping[str, str]) -> Field:
    """The places of a code that has several; the form's script shows it as soon as the code is typed."""
    found = places_of(str(value.get("postal_code", "")))
    several = found if len(found) > 1 and not (value.get("prefecture") and value.get("town")) else ()
    options = [OptionField(f"{one.prefecture}|{one.name}", f"{one.prefecture}{one.name}") for one in several]
    label = _("郵便番号にあてはまる場所")
    return Field(f"{name}.{CHOSEN}", label, "places", required=False, options=options)


ADDRESS_ATTRS: Mapping[str, Mapping[str, str]] = {
    "postal_code": {"inputmode": "numeric", "autocomplete": "postal-code"},
    "prefecture": {"autocomplete": "address-level1"},
    "town": {"autocomplete": "address-level2"},
    "street": {"autocomplete": "address-line1"},
    "building": {"autocomplete": "address-line2"},
}
PARTY_ATTRS: Mapping[str, Mapping[str, str]] = {
    "name": {"autocomplete": "name"},
    "corporate_number": {"inputmode": "numeric"},
    "phone": {"inputmode": "tel", "autocomplete": "tel"},
    "email": {"inputmode": "email", "autocomplete": "email", "type": "email"},
}


def parts(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def eras() -> list[OptionField]:
    # The first says what a year alone must be, because it is what a page shows before anybody has chosen.
    return [OptionField(ERAS[0], _("西暦（4桁）")), *(OptionField(era, _(era)) for era in ERAS[1:])]


def control(question: Question) -> str:
    return "select" if question.type == "choice" and len(question.choices()) > 7 else question.control


def options(question: Question, words: LanguageOf) -> list[OptionField]:
    if question.type == "yes-no":
        return [OptionField("yes", _("はい")), OptionField("no", _("いいえ"))]
    return [
        OptionField(
            option.id,
            words.text(f"options.{option.id}", option.label),
            words.text(f"option_help.{option.id}", option.help),
        )
        for option in question.choices()
    ]


def attrs(question: Question) -> Mapping[str, str]:
    # No maxlength: a browser would cut pasted text silently; the server says what is too long.
    by_type: Mapping[str, Mapping[str, str]] = {
        "number": {"inputmode": "decimal" if getattr(question, "decimals", 0) else "numeric"},
        "money": {"inputmode": "numeric"},
        "email": {"inputmode": "email", "autocomplete": "email", "type": "email"},
        "phone": {"inputmode": "tel", "autocomplete": "tel"},
        "long-text": {"rows": "5"},
        "file": {
            "accept": ",".join(f".{kind}" for kind in getattr(question, "accept", ())).replace(".jpeg", ".jpg,.jpeg"),
            "takes": " ".join(getattr(question, "accept", ())),
            "kinds": "・".join(KIND_NAMES[kind] for kind in getattr(question, "accept", ())),
            "max_files": str(getattr(question, "max_files", "")),
            "max_mb": str(getattr(question, "max_mb", "")),
        },
    }
    return by_type.get(question.type, {})
