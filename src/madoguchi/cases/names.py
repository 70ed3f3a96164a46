"""Names as they are searched: `fold` in the database, so that an index holds it."""

from typing import Final

from django.db.models import F, Func, TextField, Value

from madoguchi.foundation.folding import fold

NAME_KEY: Final = Func(
    Func(F("title"), function="madoguchi_fold", output_field=TextField()),
    Value(" "),
    Value(""),
    function="replace",
    output_field=TextField(),
)
"""What PostgreSQL keeps beside `title`. Whoever changes the folding makes a migration (a test says so)."""


def name_key(typed: str) -> str:
    """What somebody typed, as it is compared with `Case.name_key`."""
    return fold(typed.replace("\0", "")).replace(" ", "")
