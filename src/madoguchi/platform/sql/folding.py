"""`fold` in the words of PostgreSQL, so that a kept column and its index hold the folded text."""

from collections.abc import Mapping
from typing import Final

from madoguchi.foundation.folding import INVISIBLE, LOOKS, MEANS, NO_LONG_MARK


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _translated(table: Mapping[int, str]) -> str:
    """Only where one of the characters is there: `translate` compares each with the whole table."""
    one = {chr(code): to for code, to in table.items() if len(to) == 1 and chr(code) != to}
    held = _quoted("[" + "".join(character for character in one if character != "-") + "-]")
    return f"IF t ~ {held} THEN t := translate(t, {_quoted(''.join(one))}, {_quoted(''.join(one.values()))}); END IF;"


FOLD_IN_SQL: Final = f"""
CREATE OR REPLACE FUNCTION madoguchi_fold(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE t text := given;
BEGIN
  IF octet_length(t) > char_length(t) THEN
    t := regexp_replace(t, {_quoted(f"[{INVISIBLE}]")}, '', 'g');
    {_translated(LOOKS)}
    IF t IS NOT NFKC NORMALIZED THEN t := normalize(t, NFKC); END IF;
    {_translated(LOOKS)}
    t := replace(lower(t), 'ß', 'ss');
    {_translated(MEANS)}
    IF t IS NOT NFKC NORMALIZED THEN t := normalize(t, NFKC); END IF;
  ELSE
    t := translate(lower(t), '-', 'ー');
  END IF;
  RETURN regexp_replace(regexp_replace(t, {_quoted(NO_LONG_MARK.pattern)}, '-', 'g'), 'ー+', 'ー', 'g');
END $$;
"""
"""What a migration runs; whoever changes the tables makes another one (a test says so)."""
