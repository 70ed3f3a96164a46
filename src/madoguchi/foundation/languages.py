"""The languages of the town: each is declared once, in `locale/<folder>/language.toml`, and read from here by all.

What a language does not say, it says in Japanese.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model

HOME: Final = Path(__file__).resolve().parents[1] / "locale"


@dataclass(frozen=True)
class Language:
    """One language.

    `code`: in addresses and files (`wording/<code>.yaml`). `name`: as its readers call it. `tag`, `hreflang` and
    `region`: what browsers, crawlers and previews call it. `key`: the ending of its names in `flows/` and `town.yaml`
    (`name_<key>`); `whole`: a flow's file without them is refused. `readings`: pages show how kanji are read.
    `grammar`: the language whose plural forms (`plurals`, as gettext writes them) it uses. `days` and `yen`: how they
    are written, with `months` where a month has a name; `{era}` is a Japanese year (令和8), `{year}` a Gregorian one.
    """

    order: int
    code: str
    name: str
    tag: str
    hreflang: str
    region: str
    grammar: str
    plurals: str
    yen: str
    days: Mapping[str, str]
    months: tuple[str, ...] = ()
    key: str = ""
    whole: bool = False
    readings: bool = False


def declared(home: Path) -> tuple[Language, ...]:
    """The languages that have a folder there, in the order in which pages offer them. Raises TypeError for a typo."""
    trees = [tomllib.loads(path.read_text("utf-8")) for path in home.glob("*/language.toml")]
    found = [Language(**{**tree, "months": tuple(tree.get("months", ()))}) for tree in trees]
    return tuple(sorted(found, key=lambda one: one.order))


LANGUAGES: Final = declared(HOME)
SOURCE: Final = LANGUAGES[0]
"""Japanese."""
TRANSLATIONS: Final = LANGUAGES[1:]
BY_CODE: Final[Mapping[str, Language]] = {one.code: one for one in LANGUAGES}


def language(code: str | None) -> Language:
    """The language of a reader; Japanese where it is unknown or none is chosen."""
    return BY_CODE.get(code or "", SOURCE)


def translated(base: type[BaseModel], *, longest: int, **texts: str) -> Any:
    """A model that has, beside Japanese texts of its own, the same in every other language (`name_en`, …).

    `texts` are the fields with what they are for; "" where a language does not say it.
    """
    fields: dict[str, Any] = {
        f"{field}_{one.key}": (str, Field("", max_length=longest, description=description))
        for field, description in texts.items()
        for one in TRANSLATIONS
    }
    return create_model("Translated", __base__=base, **fields)


def side_by_side(base: type[BaseModel], *, source: int, longest: int, by: Literal["code", "key"] = "code") -> Any:
    """A model of one text in every language, by their codes (`ja`, `en`, `ja-easy`) or keys (`easy`) in a file.

    `source` and `longest` are the most characters of the Japanese and of the others. By code, the languages that are
    whole must be there.
    """
    fields: dict[str, Any] = {SOURCE.code: (str, Field(min_length=1, max_length=source))}
    for one in TRANSLATIONS:
        must = one.whole and by == "code"
        alias = one.code if by == "code" and one.code != one.key else None
        known = Field(... if must else "", alias=alias, min_length=int(must), max_length=longest)
        fields[one.key] = (str, known)
    return create_model("SideBySide", __base__=base, **fields)


def in_language(text: object, code: str) -> str:
    """What such a text says in a language; Japanese where it says nothing there."""
    return str(getattr(text, language(code).key or SOURCE.code) or getattr(text, SOURCE.code))


def said(row: object, field: str, code: str) -> str:
    """What a row's field says in a language; "" where it says nothing there."""
    found = language(code)
    return str(getattr(row, f"{field}_{found.key}" if found.key else field))
