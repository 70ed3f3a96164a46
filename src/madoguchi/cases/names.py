"""Names as they are searched: `fold` in the database's own words, so that an index holds it."""

from typing import Final

from django.db.models import F, Func, Value
from django.db.models.functions import Lower

from madoguchi.foundation.text import fold
from madoguchi.foundation.variants import PLAIN_FORM

_HIRAGANA: Final = (*range(0x3041, 0x3097), 0x309D, 0x309E)
_PLAIN: Final = {chr(code): fold(chr(code)) for code in (*_HIRAGANA, *PLAIN_FORM)}
_NOT_SEARCHED: Final = "[ \ufe00-\ufe0f\U000e0100-\U000e01ef]"  # spaces and variation selectors
_WIDTHS_MADE_ONE: Final = Func(F("title"), function="normalize", template="%(function)s(%(expressions)s, NFKC)")

NAME_KEY: Final = Func(
    Func(Lower(_WIDTHS_MADE_ONE), Value("".join(_PLAIN)), Value("".join(_PLAIN.values())), function="translate"),
    Value(_NOT_SEARCHED),
    Value(""),
    Value("g"),
    function="regexp_replace",
)
"""What PostgreSQL keeps beside `title`. Whoever changes the table of variants makes a migration (a test says so)."""


def name_key(typed: str) -> str:
    """What somebody typed, as it is compared with `Case.name_key`."""
    return fold(typed.replace("\0", "")).replace(" ", "")
