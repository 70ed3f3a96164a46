"""Invented applicants. Surnames and given names are common ones put together by chance; companies say 架空."""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.judgement import Answers

SURNAMES: Final = (
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"), ("伊藤", "イトウ"),
    ("渡辺", "ワタナベ"), ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ"),
    ("吉田", "ヨシダ"), ("山田", "ヤマダ"), ("佐々木", "ササキ"), ("松本", "マツモト"), ("井上", "イノウエ"),
    ("木村", "キムラ"), ("清水", "シミズ"), ("林", "ハヤシ"), ("斎藤", "サイトウ"), ("阿部", "アベ"),
)  # fmt: skip
GIVEN: Final = (
    ("葵", "アオイ"), ("誠", "マコト"), ("結衣", "ユイ"), ("健", "ケン"), ("美咲", "ミサキ"), ("大輔", "ダイスケ"),
    ("陽子", "ヨウコ"), ("翔", "ショウ"), ("直子", "ナオコ"), ("隆", "タカシ"), ("恵", "メグミ"), ("悠", "ユウ"),
    ("千尋", "チヒロ"), ("一郎", "イチロウ"), ("さくら", "サクラ"), ("蓮", "レン"),
)  # fmt: skip
PLACES: Final = (
    ("みなと", "ミナト"), ("青空", "アオゾラ"), ("若葉", "ワカバ"), ("朝日", "アサヒ"), ("桜台", "サクラダイ"),
    ("緑丘", "ミドリオカ"), ("北浜", "キタハマ"), ("南町", "ミナミマチ"), ("光", "ヒカリ"), ("千歳", "チトセ"),
)  # fmt: skip
TRADES: Final = (
    ("商店", "ショウテン"), ("工業", "コウギョウ"), ("企画", "キカク"), ("産業", "サンギョウ"), ("興業", "コウギョウ"),
    ("サービス", "サービス"), ("食品", "ショクヒン"), ("建設", "ケンセツ"),
)  # fmt: skip


def person(chance: Random) -> tuple[str, str]:
    """Name and reading."""
    (surname, reading), (given, given_reading) = chance.choice(SURNAMES), chance.choice(GIVEN)
    return f"{surname} {given}", f"{reading} {given_reading}"


def company(chance: Random) -> tuple[str, str]:
    """Name and reading."""
    (place, reading), (trade, trade_reading) = chance.choice(PLACES), chance.choice(TRADES)
    return f"株式会社架空{place}{trade}", f"カブシキガイシャカクウ{reading}{trade_reading}"


def renamed(compiled: Compiled, answers: Answers, chance: Random) -> Answers:
    """The answers of somebody else: every party has another name, wherever the old one stands."""
    names: dict[str, str] = {}
    for party in compiled.parties_in(answers):
        names |= _another(party, chance)
    changed = _replaced(answers, names)
    assert isinstance(changed, dict)
    return changed


def _another(party: Mapping[str, Any], chance: Random) -> dict[str, str]:
    name, kana = person(chance) if party.get("kind") == "person" else company(chance)
    found = {str(party.get("name", "")): name, str(party.get("kana", "")): kana}
    if "representative" in party:
        found[str(party["representative"])] = person(chance)[0]
    found.pop("", None)
    return found


def _replaced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {key: _replaced(one, names) for key, one in value.items()}
    return [_replaced(one, names) for one in value] if isinstance(value, list) else value
