"""The five lesses (5つのレス): a text that demands a seal, a fax, paper, cash or a visit is a fault."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.platform.definitions import Fault, Source

from .subject import Place

DEMANDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "a seal": (
        re.compile("押印|捺印|実印|認印|印鑑|はんこ|ハンコ|判子|割印|契印"),
        "remove it; who applies is known by the contact, and what matters is confirmed by a declaration.",
    ),
    "a fax": (re.compile("FAX|ＦＡＸ|Fax|ファックス|ファクシミリ|ファクス"), "name e-mail or this form instead."),
    "paper": (
        re.compile(
            "(紙|書面)(の書類)?で(の)?(提出|申請|届出|出し)|原本を?(の)?(郵送|持参|提出|添付)|正副|正本|副本"
            "|(?<!第)[0-9０-９一二三四五]部(を|ずつ)?(提出|添付|郵送)|郵送して|郵送で(提出|申請|届出)"
        ),
        "ask for a file (a photograph or a PDF) instead; the officer sees the original on site where it is needed.",
    ),
    "cash": (re.compile("現金|収入証紙|収入印紙|証紙|印紙"), "say only the amount; payment is electronic."),
    "a visit": (
        re.compile("来庁して|(窓口|庁舎|保健所|センター)(に|へ|まで)?(お越し|お?持ち|持参|来て|来所|取りに)|持参して"),
        "let it be sent and received here; the real counter stays open for those who want it.",
    ),
}
LESS: Mapping[str, str] = {"a seal": "seal", "a fax": "fax", "paper": "paper", "cash": "cash", "a visit": "touch"}
"""The less that each demand stands against."""
ALLOWED = re.compile(
    "(押印|捺印|印鑑|はんこ|ハンコ|原本|現金|収入証紙|ファクス|FAX)(の提出|の郵送|の持参)?(は|も|や[^。]{1,10}は)?"
    "(不要|必要ありません|必要は?ない|要りません|いりません|求めません|使いません|省略)"
    "|(現金|紙)を?使わず|現金[及お]?[びよ]?び?・?預金|現金を除く"
)
"""Phrases that name the thing without demanding it: 「押印は不要」, and 「現金預金」 in a balance sheet."""


UNREAD = frozenset({"when", "rule", "amount", "keywords"})
"""Keys whose texts demand nothing of the applicant."""


def lesses(source: Source) -> Iterator[Fault]:
    """What the texts of one file demand and must not."""
    for place, what, words in _demands(source.tree):
        yield Fault(source.file, source.line(place), f"demands {what}: 「{words}」", DEMANDS[what][1])


def demanded(definition: Mapping[str, Any]) -> frozenset[str]:
    """Which of paper, seal, fax, cash and touch a definition demands."""
    return frozenset(LESS[what] for _place, what, _words in _demands(definition))


def _demands(tree: Any) -> Iterator[tuple[Place, str, str]]:
    for place, text in _texts(tree, ()):
        rest = ALLOWED.sub("", text)
        for what, (pattern, _remedy) in DEMANDS.items():
            if found := pattern.search(rest):
                yield place, what, found[0]


def _texts(tree: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(tree, str):
        yield place, tree
    items = tree.items() if isinstance(tree, Mapping) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        if key not in UNREAD:
            yield from _texts(value, (*place, key))
