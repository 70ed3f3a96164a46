"""The town: its names, bureaus, offices and life events, from one file (`MADOGUCHI_TOWN`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from madoguchi.foundation import yaml12
from madoguchi.foundation.languages import TRANSLATIONS

from .contact import ENDINGS, KEYS, Contact, Said, contact_of

_NAMES = frozenset(f"name_{one.key}" for one in TRANSLATIONS)
_OF_CONTACTS = frozenset(key + ending for key in KEYS for ending in ENDINGS)


@dataclass(frozen=True)
class Named:
    """Something with a code and a name; `names` are those in other languages, by their code."""

    code: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    bureau: str = ""
    mark: str = ""
    contact: Contact | None = None

    def in_language(self, language: str) -> str:
        """The name for a reader of a language; Japanese where it has no other."""
        return self.names.get(language) or self.name


@dataclass(frozen=True)
class Town:
    """The installation's government."""

    name: str
    names: Mapping[str, str]
    head: str
    address: str
    phone: str
    demo: bool
    bureaus: Mapping[str, Named]
    offices: Mapping[str, Named]
    life_events: Mapping[str, Named]
    contact: Contact
    treasury: str = ""
    """The office (会計課) that sees the payments of every office."""

    def in_language(self, language: str) -> str:
        """The town's name."""
        return self.names.get(language) or self.name


def raw_town() -> Mapping[str, Any]:
    """The file as it stands."""
    tree: Mapping[str, Any] = yaml12.load(settings.TOWN_FILE.read_text(encoding="utf-8"))
    return tree


def _named(rows: list[dict[str, Any]]) -> dict[str, Named]:
    return {row["code"]: Named(**{**_without(row, _NAMES), "names": _names(row)}) for row in rows}


def _names(row: Mapping[str, Any]) -> dict[str, str]:
    """The names in other languages, by their code."""
    return {one.code: row[key] for one in TRANSLATIONS if (key := f"name_{one.key}") in row}


def _without(row: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _offices(rows: list[dict[str, str]], hall: Contact) -> dict[str, Named]:
    """Offices, each with its own contact or the hall's."""
    named = _named([_without(row, _OF_CONTACTS) for row in rows])
    return {row["code"]: replace(named[row["code"]], contact=contact_of(row, hall)) for row in rows}


@cache
def town() -> Town:
    """The town, read once."""
    tree = raw_town()
    plain = {key: tree[key] for key in ("name", "head", "address", "phone", "demo")}
    hall = contact_of(tree)
    return Town(
        **plain,
        names=_names(tree),
        contact=hall,
        bureaus=_named(tree["bureaus"]),
        offices=_offices(tree["offices"], hall),
        life_events=_named(tree["life_events"]),
        treasury=tree.get("treasury", ""),
    )


def contact(office: str = "") -> Said:
    """Where an office is and when, in the reader's language; the hall itself without one, or where there is none."""
    language, found = get_language() or "ja", town().offices.get(office)
    if found is None or found.contact is None:
        return town().contact.said(town().in_language(language), language)
    return found.contact.said(found.in_language(language), language)


def mail_address(office: str = "") -> str:
    """Where an office reads mail, else the hall; "" where the town's file says nothing."""
    found = town().offices.get(office)
    return ((found and found.contact) or town().contact).email


def office_name(code: str) -> str:
    """An office's name in the reader's language; the code where the town has it no more."""
    found = town().offices.get(code)
    return found.in_language(get_language() or "ja") if found else code


def contact_lines(office: str) -> tuple[str, ...]:
    """What a document prints of an office's contact, in Japanese."""
    found = town().offices.get(office)
    said = ((found and found.contact) or town().contact).said("", "ja")
    return tuple(line for line in (said.address, f"電話 {said.phone}", said.hours) if line)
