"""Readings (furigana) over the kanji of a page: Sudachi reads, a table corrects, `translate="no"` is left alone."""

import re
from functools import cache, lru_cache
from typing import Any

from madoguchi.foundation.text import katakana

KANJI = re.compile(r"[々〆ヶ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
PARTS = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
PLAIN = frozenset({"title", "script", "style", "textarea", "option", "ruby", "svg", "select"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# Readings that the dictionary gets wrong, or that the town wants read its own way.
OVERRIDES = {"窓口": "まどぐち", "県": "けん", "何": "なに", "方": "かた", "一日": "いちにち", "今日": "きょう"}


@cache
def _tokenizer() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small").tokenizer()


def hiragana(reading: str) -> str:
    """A katakana reading in hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in reading)


@lru_cache(maxsize=20_000)
def ruby(text: str) -> str:
    """One run of HTML text with `<ruby>` around the words that contain kanji."""
    from sudachipy import SplitMode

    if not KANJI.search(text):
        return text
    words = _tokenizer().tokenize(text, SplitMode.C)
    return "".join(_word(word.surface(), word.reading_form()) for word in words)


def _word(surface: str, reading: str) -> str:
    if not KANJI.search(surface):
        return surface
    kana = OVERRIDES.get(surface) or hiragana(reading)
    # 送り仮名 stay outside the ruby: 始める → 始(はじ)める.
    tail = 0
    while tail < min(len(surface), len(kana)) and not KANJI.match(surface[-1 - tail]) and _same(surface, kana, tail):
        tail += 1
    stem, ending = (surface[: len(surface) - tail], surface[len(surface) - tail :]) if tail else (surface, "")
    reading_stem = kana[: len(kana) - tail] if tail else kana
    if not reading_stem or KANJI.search(reading_stem):
        return surface
    return f"<ruby>{stem}<rp>（</rp><rt>{reading_stem}</rt><rp>）</rp></ruby>{ending}"


def _same(surface: str, kana: str, tail: int) -> bool:
    return hiragana(katakana(surface[-1 - tail])) == kana[-1 - tail]


def with_readings(html: str) -> str:
    """The page with readings in its body. Attributes, scripts, options and `translate="no"` stay untouched."""
    head, body, rest = html.partition("<body")
    return head + body + "".join(_parts(rest)) if body else html


def _parts(html: str) -> list[str]:
    done: list[str] = []
    closed_by: list[str] = []  # the open elements inside (and including) one that is left alone
    for part in PARTS.split(html):
        if not part.startswith("<"):
            done.append(part if closed_by else ruby(part))
            continue
        done.append(part)
        _follow(part, closed_by)
    return done


def _follow(tag: str, inside: list[str]) -> None:
    found = TAG.match(tag)
    if not found or tag.endswith("/>"):
        return
    closing, name = found.group(1), found.group(2).lower()
    if closing and inside and inside[-1] == name:
        inside.pop()
    elif not closing and name not in VOID and (inside or name in PLAIN or 'translate="no"' in tag):
        inside.append(name)
