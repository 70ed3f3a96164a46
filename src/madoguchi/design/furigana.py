"""Readings (furigana) over the kanji of a page.

Sudachi reads, `readings.yaml` corrects. What stands in `translate="no"` (names, answers, numbers) is left alone.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import local
from typing import Any, NamedTuple

from madoguchi.foundation import yaml12

READINGS = Path(__file__).parent / "readings.yaml"
ROOM = 20_000  # texts that are kept

HAN = r"々〆ヶ\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
KANJI = re.compile(f"[{HAN}]")
# Sudachi takes 49 kB at a time.
RUN = re.compile(f"[{HAN}\u3041-\u3096\u30a1-\u30fa\u30fc\ufe00-\ufe0f\U000e0100-\U000e01ef]{{1,2000}}")
LONGER = re.compile(f"[{HAN}\u30a1-\u30fa\u30fc]")  # behind one of these, kanji are the rest of a longer word
SEGMENT = re.compile(f"[{HAN}]+|[^{HAN}]+")

# What the text of a page is cut at: comments, elements whose content is not markup, tags (a quoted value may hold ">").
RAW = r"<(?P<raw>script|style|textarea|title)\b[^>]*+>.*?</(?P=raw)\s*>"
PARTS = re.compile(rf"<!--.*?-->|{RAW}|</?[a-z!](?:[^\"'>]|\"[^\"]*\"|'[^']*')*+>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
LEFT_ALONE = re.compile(r"\stranslate\s*=\s*[\"']?no\b", re.IGNORECASE)
PLAIN = frozenset({"option", "select", "datalist", "ruby", "svg", "math"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})

DAYS = {2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか", 9: "ここのか"}
DAYS |= {10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか"}
PEOPLE = {1: "ひとり", 2: "ふたり"}
TOGETHER = {"日": DAYS, "日間": {n: f"{days}かん" for n, days in DAYS.items()}, "人": PEOPLE}
"""Where a number is read with its counter as one word."""


class Readings(NamedTuple):
    """The corrections: of words as Sudachi cuts them, of phrases anywhere in a text, of what follows a number."""

    words: dict[str, str]
    phrases: dict[str, str]
    phrase: re.Pattern[str]
    counters: dict[str, str]
    counted: re.Pattern[str]


@cache
def readings() -> Readings:
    """The corrections of `readings.yaml`, longest first."""
    data = yaml12.load(READINGS.read_text("utf-8"))
    phrases, counters = data["phrases"], data["counters"]
    counter = "|".join(sorted(map(re.escape, counters), key=len, reverse=True))
    counted = re.compile(rf"(?<![A-Za-z\d,.])(?P<number>\d[\d,.]*)(?P<counter>{counter})")
    phrase = re.compile("(" + "|".join(sorted(map(re.escape, phrases), key=len, reverse=True)) + ")")
    return Readings(data["words"], phrases, phrase, counters, counted)


_thread = local()


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small")


def _tokenize(text: str) -> Any:
    # A tokenizer serves one thread at a time, the dictionary all of them.
    from sudachipy import SplitMode

    if not hasattr(_thread, "tokenizer"):
        _thread.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return _thread.tokenizer.tokenize(text)


def hiragana(reading: str) -> str:
    """A katakana reading in hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in reading)


_kept: dict[str, str] = {}


def ruby(text: str, *, keep: bool = False) -> str:
    """One run of HTML text with `<ruby>` around the words that contain kanji. `keep` remembers the answer."""
    if not KANJI.search(text):
        return text
    known = _kept.get(text)
    if known is None:
        known = _together("".join(_annotated(text)))
        if keep and len(_kept) < ROOM:
            _kept[text] = known
    return known


def _together(text: str) -> str:
    """A label stays one item of its row (flex, grid): without this, every word with a reading became an item."""
    bare = text.strip()
    return text.replace(bare, f'<span class="kana">{bare}</span>') if "<ruby>" in bare else text


def _annotated(text: str) -> Iterator[str]:
    for n, part in enumerate(readings().phrase.split(text)):
        yield _over(part, readings().phrases[part]) if n % 2 else _numbers(part)


def _numbers(text: str) -> str:
    done, at = [], 0
    for found in readings().counted.finditer(text):
        done += [RUN.sub(_run, text[at : found.start()]), _counted(found, text)]
        at = found.end()
    return "".join(done) + RUN.sub(_run, text[at:])


def _counted(found: re.Match[str], text: str) -> str:
    """3日(みっか), 1人(ひとり): there the number is read with its counter; else the counter alone has a reading."""
    number, counter = found["number"], found["counter"]
    value = int(number) if number.isdecimal() else 0
    together = TOGETHER.get(counter, {}).get(value, "")
    if counter == "日" and value == 1 and text[: found.start()].endswith("月"):
        together = "ついたち"
    return _tagged(number + counter, together) if together else number + _over(counter, readings().counters[counter])


def _run(found: re.Match[str]) -> str:
    run = found[0]
    if not KANJI.search(run) or SELECTORS.search(run):
        return run
    return "".join(_over(word, reading) for word, reading in _read(run))


def _read(run: str) -> Iterator[tuple[str, str]]:
    """The words of a run with their readings: 店 is みせ where it stands alone, and てん in 飲食店."""
    at = 0
    for token in _tokenize(run):
        word = token.surface()
        end = at + len(word)
        alone = not (LONGER.match(run[at - 1 : at]) or KANJI.match(run[end : end + 1]))
        yield word, (readings().words.get(word) if alone else None) or hiragana(token.reading_form())
        at = end


def _over(word: str, reading: str) -> str:
    """The word with its reading over the kanji only: 食(た)べ物(もの)."""
    if not KANJI.search(word) or not word.strip("々〆ヶ") or not reading or KANJI.search(reading):
        return word
    pieces = _aligned(SEGMENT.findall(word), reading)
    return "".join(_tagged(*piece) for piece in pieces) if pieces else _tagged(word, reading)


def _aligned(segments: list[str], reading: str) -> list[tuple[str, str]] | None:
    """Which part of the reading belongs to which run of kanji; None, where the kana do not fit."""
    if not segments:
        return None if reading else []
    first, rest = segments[0], segments[1:]
    if not KANJI.search(first):
        after = _aligned(rest, reading[len(first) :]) if hiragana(first) == reading[: len(first)] else None
        return None if after is None else [(first, ""), *after]
    for length in range(len(first) if rest else len(reading), len(reading) + 1):
        if length and (after := _aligned(rest, reading[length:])) is not None:
            return [(first, reading[:length]), *after]
    return None


def _tagged(text: str, reading: str) -> str:
    return f"<ruby>{text}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>" if reading else text


def with_readings(html: str, *, keep: bool = False) -> str:
    """The page with readings in its body. Attributes, scripts, options and `translate="no"` stay untouched.

    `keep` remembers the texts of this page for the next one: only for pages that show nobody's data.
    """
    body = BODY.search(html)
    return html[: body.end()] + "".join(_parts(html[body.end() :], keep)) if body else html


def _parts(html: str, keep: bool) -> Iterator[str]:
    inside: list[str] = []  # the open elements inside (and including) one that is left alone
    at = 0
    for tag in PARTS.finditer(html):
        text = html[at : tag.start()]
        yield text if inside else ruby(text, keep=keep)
        yield tag[0]
        at = tag.end()
        if not tag["raw"]:
            _follow(tag[0], inside)
    yield html[at:] if inside else ruby(html[at:], keep=keep)


def _follow(tag: str, inside: list[str]) -> None:
    found = TAG.match(tag)
    if not found:
        return
    closing, name = found[1], found[2].lower()
    if closing:
        if name in inside:  # also closes what HTML lets one leave open (li, p, option)
            del inside[len(inside) - 1 - inside[::-1].index(name) :]
    elif name not in VOID and (inside or name in PLAIN or LEFT_ALONE.search(tag)) and not _closed(tag, name, inside):
        inside.append(name)


def _closed(tag: str, name: str, inside: list[str]) -> bool:
    return tag.endswith("/>") and (name in {"svg", "math"} or "svg" in inside or "math" in inside)
