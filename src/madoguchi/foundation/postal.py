"""The places of a postal code, from Japan Post's table as the asset step has written it (`japan_post.py`).

One code may lie in several prefectures (618-0000), municipalities (131 codes) or towns (1,339): what is filled in is
what all its places share, and the person chooses the rest.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from madoguchi.foundation.folding import fold

TABLE: Final = Path(__file__).resolve().parents[3] / "build" / "postal.sqlite"
"""What `japan_post.write` made of it."""
_PLACES: Final = """
SELECT prefecture, name, town FROM place JOIN municipality ON municipality.id = municipality
WHERE code = ? ORDER BY number
"""

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
DISTRICT: Final = re.compile("^[^市]+?郡(?=.+[町村]$)")


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
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 7):
        return ()
    with closing(sqlite3.connect(f"{TABLE.as_uri()}?mode=ro", uri=True)) as table:
        return tuple(map(Place._make, table.execute(_PLACES, [int(digits)])))


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
    for municipality in (place.municipality, DISTRICT.sub("", place.municipality)):
        yield fold(municipality)
        yield fold(place.prefecture + municipality)
