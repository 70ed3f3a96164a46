"""What tells that a column is about things and not about persons: pure, without Django.

`name` is the heading of a person in one table and of a park in another: what stands below decides. Numbers that count
on from one another are a numbering of things, even where one of them meets the check digit of a person's number.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final

from madoguchi.foundation.text import narrow

_NEUTRAL_TITLE: Final = re.compile(r"(^|[^a-z])(?:display|original|short|official|common)?name$|^名前$", re.I)
_PERSONS_TITLE: Final = re.compile(
    r"(?:full|first|last|family|given|middle|maiden|user|customer|applicant|person|contact|owner|author|guardian|parent"
    r"|child|student|patient|employee|staff|resident|member|player|representative|holder)s?[ _-]*name$",
    re.I,
)
PERSONS_SHARE: Final = 0.3
"""From this share of names of persons on, a neutral column is one of persons."""
OF_NUMBERS: Final = frozenset({"my-number", "driving-licence", "payment-card"})
_ASKS_NUMBER: Final = re.compile(r"個人番号|マイナン|免許|口座|カード|記号|被保険|年金|旅券|card|licen[cs]e", re.I)
_LONG_NUMBER: Final = re.compile(r"\d{11,16}")
_STANDARD_HEAD: Final = frozenset({"全国地方公共団体コード", "都道府県コード又は市区町村コード", "市区町村コード"})
_OF_A_THING: Final = re.compile(r"名称$|^イベント名$|^種別$")
_OF_A_PERSON: Final = re.compile(r"氏名|生年月日|本人|世帯主|保護者|受給者")
_STANDARD_CONTACT: Final = re.compile(
    r"(?:所在地|住所)(?:_.+)?|町字|番地以下|建物名等\(方書\)|(?:連絡先)?電話番号|(?:連絡先)?メールアドレス|連絡先FAX番号|FAX番号"
)


def is_neutral(title: str) -> bool:
    """Whether the title names a thing or a person."""
    return bool(_NEUTRAL_TITLE.search(title)) and not _PERSONS_TITLE.search(title)


def telling_title(title: str, cells: Collection[str], is_person: Callable[[str], bool]) -> str:
    """The title, or for a neutral one what stands below: 氏名 or 名称."""
    if not is_neutral(title):
        return title
    filled = [text for text in cells if text]
    return "氏名" if filled and sum(map(is_person, filled)) >= PERSONS_SHARE * len(filled) else "名称"


def serial_numbers(title: str, cells: Sequence[str]) -> frozenset[str]:
    """The long numbers of a column that only count on: three or more, and half of all, differ in the last five digits.

    Numbers of persons have nothing in common in front. A title that asks for such a number is believed.
    """
    if _ASKS_NUMBER.search(title):
        return frozenset()
    numbers = {text: one for text in cells if text and _LONG_NUMBER.fullmatch(one := narrow(text).strip())}
    heads = Counter(one[:-5] for one in numbers.values())
    return frozenset(
        text for text, one in numbers.items() if one.startswith("000000") or heads[one[:-5]] >= max(3, len(numbers) / 2)
    )


def standard_contacts(titles: Sequence[str]) -> frozenset[str]:
    """The columns in which 自治体標準オープンデータセット tells how a facility is reached; none in another table."""
    is_standard = bool(_STANDARD_HEAD & set(titles)) and any(map(_OF_A_THING.search, titles))
    if not is_standard or any(map(_OF_A_PERSON.search, titles)):
        return frozenset()
    return frozenset(title for title in titles if _STANDARD_CONTACT.fullmatch(title))
