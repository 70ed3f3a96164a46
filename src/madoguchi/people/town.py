"""The town: its names, bureaus, offices and life events, from one file (`MADOGUCHI_TOWN`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from ruamel.yaml import YAML


@dataclass(frozen=True)
class Named:
    """Something with a code and a name in three languages."""

    code: str
    name: str
    name_en: str
    name_easy: str
    bureau: str = ""
    mark: str = ""

    def in_language(self, language: str) -> str:
        """The name in ja, en or ja-easy."""
        return {"en": self.name_en, "ja-easy": self.name_easy}.get(language) or self.name


@dataclass(frozen=True)
class Town:
    """The installation's government."""

    name: str
    name_en: str
    name_easy: str
    head: str
    head_en: str
    address: str
    phone: str
    demo: bool
    bureaus: Mapping[str, Named]
    offices: Mapping[str, Named]
    life_events: Mapping[str, Named]
    treasury: str = ""
    """The office (会計課) that sees the payments of every office."""

    def in_language(self, language: str) -> str:
        """The town's name."""
        return {"en": self.name_en, "ja-easy": self.name_easy}.get(language, self.name)


def raw_town() -> Mapping[str, Any]:
    """The file as it stands."""
    tree: Mapping[str, Any] = YAML(typ="safe").load(settings.TOWN_FILE.read_text(encoding="utf-8"))
    return tree


def _named(rows: list[dict[str, str]]) -> dict[str, Named]:
    filled = ({"name_easy": row["name"], **row} for row in rows)
    return {row["code"]: Named(**row) for row in filled}


@cache
def town() -> Town:
    """The town, read once."""
    tree = raw_town()
    plain = {key: tree[key] for key in ("name", "name_en", "name_easy", "head", "head_en", "address", "phone", "demo")}
    lists = (_named(tree[key]) for key in ("bureaus", "offices", "life_events"))
    bureaus, offices, life_events = lists
    return Town(**plain, bureaus=bureaus, offices=offices, life_events=life_events, treasury=tree.get("treasury", ""))


def office_name(code: str) -> str:
    """An office's name in the reader's language; the code where the town has it no more."""
    found = town().offices.get(code)
    return found.in_language(get_language() or "ja") if found else code
