"""Names of persons and dates of birth: by the column's title and by what stands in the cell. Pure, without Django."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from madoguchi.foundation.folding import unify
from madoguchi.foundation.text import katakana
from madoguchi.foundation.variants import PLAIN_FORM

from .latin_names import finder, is_name
from .values import Hit, plain

_NAME_TITLE: Final = re.compile(
    r"氏名|姓名|お?名前|(^|[^a-z])name$|full ?name|surname|苗字|名字|^[姓名氏]$|"
    r"(申請|届出|代表|担当|責任|所有|利用|保護|受給|受診|請求|契約|応募|当選|参加|来庁|相談)者名?$|世帯主|本人|児童名?$|生徒名?$|患者名?$|職員名?$|住民名?$",
    re.I,
)
_NOT_A_PERSONS: Final = re.compile(
    r"施設|団体|法人|会社|企業|事業所|店舗|屋号|商号|館名|公園|駅|学校|園名|道路|橋|商品|作品|部署|機関|組織|"
    r"ファイル|列|項目|データ|サ[ーイ]|地域|町名|facility|office|company|place",
    re.I,
)
_ORGANISATION: Final = re.compile(
    r"会社|法人|組合|協会|連合|[課係局署院館]$|センタ|役場|役所|[市県]$|学校|商店|支店|本店|営業所|事務所|工場|病院|クリニック|"
    r"\(株\)|\(有\)|株式|公園|広場|ホ.ル|プラザ|"
    r"非公開|該当なし|不明|未定|同上|^なし$|未記入|合計"
)
_KANA_TITLE: Final = re.compile(
    r"フリガナ|ふりがな|(氏名|名前|[者主人]名?)[_ (]*(カナ|かな|ヨミ|よみ)|読み仮名|^(カナ|セイ|メイ)$|kana", re.I
)
_KANA_OF_A_PLACE: Final = re.compile(
    r"カン$|センタ|コウエン|ガッコウ|ショ$|ジョ$|ヤクバ|ヒロバ|ホール|ホイクエン|ヨウチエン|プラザ|ビョウイン|クリニック|エキ$|カイシャ|グラウンド|ドーム"
)
_HONORIFIC: Final = re.compile(r"(様|さま|さん|殿|氏|君|くん|ちゃん|先生)?(ほか.*|外\d*名)?$")
_PLACE_END: Final = re.compile(
    r"[町村市区県駅橋川館園校課係局部署所店会寺社線号台丘港湾岳峠坂通場院堂塔池沼湖滝島郡州国式形系用的性]$|神社|公園|海岸|温泉|団地|地区|学区|記念|通り$|山$"
)
_GIVEN: Final = re.compile("[一-龥々ぁ-ゖァ-ヺー]{1,4}")
_BIRTH_TITLE: Final = re.compile(r"生年月日|誕生日|出生(日|年月日)|birth|^dob$", re.I)
_DATE: Final = re.compile(
    r"(?:(?:令和|平成|昭和|大正|明治|[RHSTM令平昭大明])\.? ?(?:元|\d{1,2})|(?:19|20|18)\d{2})"
    r" ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?"
    r"|(?<!\d)(?:19|20)\d{2}[01]\d[0-3]\d(?!\d)",
    re.I,
)
_BORN: Final = re.compile(
    rf"(?:生年月日|誕生日|生まれ|born|DOB)[^\d]{{0,6}}(?:{_DATE.pattern})|(?:{_DATE.pattern}) ?(?:生|うまれ|出生|born)",
    re.I,
)
KANA_SURNAMES: Final = frozenset(
    """
    サトウ スズキ タカハシ タナカ イトウ ワタナベ ヤマモト ナカムラ コバヤシ カトウ ヨシダ ヤマダ
    ササキ ヤマグチ マツモト イノウエ キムラ ハヤシ シミズ ヤマザキ モリ イケダ ハシモト アベ
    イシカワ ヤマシタ ナカジマ イシイ オガワ マエダ オカダ ハセガワ フジタ ゴトウ コンドウ ムラカミ
    エンドウ アオキ サカモト サイトウ フクダ オオタ ニシムラ フジイ フジワラ オカモト ミウラ カネコ
    ナカノ ナカガワ ハラダ マツダ タケウチ オノ タムラ ナカヤマ ワダ イシダ モリタ ウエダ ハラ
    シバタ サカイ クドウ ヨコヤマ ミヤザキ ミヤモト ウチダ タカギ アンドウ タニグチ オオノ マルヤマ
    イマイ コウノ フジモト ムラタ タケダ ウエノ スギヤマ マスダ スガワラ ヒラノ オオツカ コジマ チバ
    クボ マツイ イワサキ サクライ キノシタ ノグチ マツオ ノムラ キクチ サノ オオニシ スギモト アライ
    ハマダ イチカワ フルカワ ミズノ コマツ シマダ コヤマ カワムラ ホンマ カワサキ クマガイ ヒロセ
    ツチヤ ナガイ ヤスダ
    """.split()  # noqa: SIM905 - a list of words is read more easily
)


LATIN_SURNAMES: Final = finder(KANA_SURNAMES)


def names(title: str, text: str, tokenizer: Any) -> Iterator[Hit]:
    """Names of persons. Found by the content alone they may be mistaken (an author, a place named after somebody)."""
    one = unify(text).strip()
    if not one or (one.isascii() and not _NAME_TITLE.search(title)):
        return
    if _of_persons(title) and _can_be_a_name(one):
        yield Hit("name", one, False)
    elif _KANA_TITLE.search(title) and not re.search(r"名称|ビル", title) and not _NOT_A_PERSONS.search(title):
        reading = katakana(one)
        if re.fullmatch(r"[ァ-ヺー・ ]{2,24}", reading) and not _KANA_OF_A_PLACE.search(reading):
            yield Hit("name", one, False)
    elif found := _kana_name(one) or _name_within(one, tokenizer):
        yield Hit("name", found, True)


def looks_like_a_name(text: str, tokenizer: Any) -> bool:
    """Whether the text alone is taken for a person's name."""
    one = unify(text).strip()
    return is_name(one, LATIN_SURNAMES) if one.isascii() else bool(_kana_name(one) or _name_within(one, tokenizer))


def _of_persons(title: str) -> bool:
    return bool(_NAME_TITLE.search(title)) and not _NOT_A_PERSONS.search(title)


def _can_be_a_name(text: str) -> bool:
    return 1 < len(text) <= 40 and not re.search(r"\d{2}|[%@:/]", text) and not _ORGANISATION.search(text)


def _kana_name(text: str) -> str:
    words = katakana(text).replace("・", " ").split()
    return text if len(words) == 2 and words[0] in KANA_SURNAMES and len(words[1]) <= 6 else ""


@cache
def _is_surname(pos: tuple[str, ...]) -> bool:
    return pos[2:4] == ("人名", "姓")


def _name_within(text: str, tokenizer: Any) -> str:
    """A surname and what follows as a given name: anywhere, if the dictionary knows both; else as the whole cell."""
    simple = text.translate(PLAIN_FORM)
    tokens = [(one.surface(), one.part_of_speech()) for one in tokenizer.tokenize(simple)]
    for place, (surname, pos) in enumerate(tokens):
        if pos[2] != "人名" and not (pos[2] == "地名" and place == 0):
            continue
        rest = tokens[place + 1 :]
        spaced = bool(rest) and not rest[0][0].strip()
        rest = rest[1:] if spaced else rest
        if not rest:
            continue
        given, given_pos = rest[0]
        ends = "".join(token[0] for token in rest[:3])
        known = _is_surname(pos) and given_pos[2:4] == ("人名", "名") and len(surname + given) > 2
        if known and not _PLACE_END.search(ends):
            return f"{surname}{given}"
        if spaced and _is_whole(place, simple, surname):
            return simple
    return ""


def _is_whole(place: int, text: str, surname: str) -> bool:
    """Whether the cell is nothing but a surname, a space and what can be a given name."""
    if place != 0:
        return False
    given = _HONORIFIC.sub("", text[len(surname) :].strip(), count=1)
    return bool(_GIVEN.fullmatch(given)) and not _PLACE_END.search(given)


def births(title: str, text: str) -> Iterator[Hit]:
    """Dates of birth, in eras too: by the column's title or a word beside them."""
    one = plain(text)
    asked = _BIRTH_TITLE.search(title)
    found = (_DATE.search(one) or re.search(r"\d{1,2}[-/月]\d{1,2}|^\d{6,8}$", one)) if asked else None
    found = found or _BORN.search(one)
    if found and one[found.end() - 1 : found.end() + 1] not in ("生産", "生物", "生徒"):
        yield Hit("birth-date", found[0], False)
