"""What a question asks of each row, as conditions of SQL: equal values by column, words anywhere or in one column.

Texts of the question only ever become parameters; names of columns are known ones, quoted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from madoguchi.foundation.folding import fold

from ..models.datasets import Version
from ..publishing.columns import identifier
from ..publishing.datastore import TYPES

MOST_WORDS, LONGEST_WORD = 10, 100
MOST_CHOICES: Final = 100
ID: Final[Mapping[str, Any]] = {"name": "_id", "type": "integer"}
SEARCHED: Final = {"string", "integer"}
Condition = tuple[str, list[Any]]


class SearchRefused(ValueError):
    """The question cannot be answered; `field` is the parameter at fault."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def quoted(name: str) -> str:
    """A column's name in a statement that has parameters."""
    return '"' + identifier(name).replace('"', '""').replace("%", "%%") + '"'


def known_columns(version: Version) -> dict[str, Mapping[str, Any]]:
    """The columns that can be asked about, by name."""
    return {one["name"]: one for one in [ID, *version.fields]}


def no_such(field: str, name: str) -> SearchRefused:
    """What is raised for a column that is not there."""
    return SearchRefused(field, _("列「%(name)s」はありません。") % {"name": name[:100]})


def filtered(version: Version, filters: Mapping[str, Sequence[Any]]) -> Iterator[Condition]:
    """One condition for each column; a value of None asks for what is empty. Raises `SearchRefused`."""
    known = known_columns(version)
    for name, values in filters.items():
        if name not in known:
            raise no_such("filters", name)
        if not 0 < len(values) <= MOST_CHOICES:
            told = {"name": name, "most": MOST_CHOICES}
            raise SearchRefused("filters", _("列「%(name)s」には、値を1個から%(most)s個まで書いてください。") % told)
        type_ = known[name]["type"]
        given = [_comparable(name, type_, value) for value in values if value is not None]
        yield _among(quoted(name), TYPES[type_], given, is_empty_too=None in values)


def _among(column: str, type_: str, given: list[str], *, is_empty_too: bool) -> Condition:
    parts, parameters = [], list[Any]()
    if len(given) == 1:
        parts, parameters = [f"{column} = %s::{type_}"], list(given)
    elif given:
        parts, parameters = [f"{column} = ANY (%s::{type_}[])"], [given]
    if is_empty_too:
        parts.append(f"{column} IS NULL")
    return (f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0]), parameters


def holding(version: Version, q: str, by_column: Mapping[str, str]) -> list[tuple[str, Condition]]:
    """(word, condition): every word of `q` stands in the row, those of `by_column` in their column.

    Raises `SearchRefused` also for a column that is not searched by words.
    """
    found = [(word, contains("_text", word)) for word in words(q)]
    known = known_columns(version)
    for name, text in by_column.items():
        if name not in known:
            raise no_such("q", name)
        if known[name]["type"] not in SEARCHED:
            sentence = _("列「%(name)s」は言葉で探せません。filtersを使ってください。")
            raise SearchRefused("q", sentence % {"name": name[:100]})
        found += [(word, contains(f"madoguchi_fold({quoted(name)}::text)", word)) for word in words(text)]
    return found


def _comparable(name: str, type_: str, value: Any) -> str:
    """The value as PostgreSQL reads it, refused here where it would be an error there."""
    if isinstance(value, dict | list):
        told = {"name": name}
        raise SearchRefused("filters", _("列「%(name)s」には、値か値の一覧だけを書いてください。") % told)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        {"integer": _bigint, "number": _finite, "boolean": _boolean, "date": date.fromisoformat,
         "datetime": datetime.fromisoformat}.get(type_, _storable)(text)  # fmt: skip
    except ValueError as fault:
        told = {"name": name, "value": text[:50], "type": type_}
        raise SearchRefused(
            "filters", _("列「%(name)s」の値「%(value)s」は、%(type)sとして読めません。") % told
        ) from fault
    return text


def _bigint(text: str) -> None:
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -(2**63) <= int(text) < 2**63:
        raise ValueError(text)


def _finite(text: str) -> None:
    if not re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,2})?", text):
        raise ValueError(text)


def _boolean(text: str) -> None:
    if text not in {"true", "false"}:
        raise ValueError(text)


def _storable(text: str) -> None:
    if "\0" in text:
        raise ValueError(text)
    text.encode()


def words(q: str) -> list[str]:
    """The words of a search, in the form in which rows are searched (`fold`). All must be there."""
    found = fold(q).split()
    if len(found) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in found):
        raise SearchRefused("q", _("検索語が多すぎるか、長すぎます。"))
    try:
        for word in found:
            _storable(word)
    except ValueError as fault:
        raise SearchRefused("q", _("検索語に使えない文字があります。")) from fault
    return found


def as_tsquery(word: str) -> str:
    """Every pair of neighbouring characters of the word; a single character as the beginning of a pair."""
    if len(word) == 1:
        return f"{_lexeme(word)}:*"
    return " & ".join(_lexeme(word[place : place + 2]) for place in range(len(word) - 1))


def _lexeme(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def contains(folded: str, word: str) -> Condition:
    """That a folded text of SQL has the word in it."""
    pattern = re.sub(r"([\\%_])", r"\\\1", word)
    return f"{folded} LIKE %s", [f"%{pattern}%"]
