"""What people say and what the hall calls it, from `search/synonyms.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from madoguchi.foundation import yaml12

from .words import all_words, is_kana, key, reading, words

SHORTEST_READING = 4
"""Kana; shorter readings stand by chance in other words."""


@dataclass(frozen=True)
class Synonyms:
    """`phrases`: the words of something said → the words that are meant. `closing`: words that speak of an end.

    `common` are words that tell little of what is asked.
    """

    phrases: Mapping[frozenset[str], tuple[str, ...]]
    closing: frozenset[str]
    common: frozenset[str]
    by_word: Mapping[str, tuple[frozenset[str], ...]]
    by_reading: Mapping[str, frozenset[str]]

    def meant(self, question: str) -> tuple[list[str], set[str]]:
        """The words that are meant beside those said, and which of those said are thereby explained."""
        there = set(all_words(question))
        matching = {phrase for word in there for phrase in self.by_word.get(word, ()) if phrase <= there}
        matching |= self._read_in(key(question))
        largest = [phrase for phrase in matching if not any(phrase < other for other in matching)]
        meant = [word for phrase in sorted(largest, key=sorted) for word in self.phrases[phrase]]
        explained = {word for phrase in largest for word in phrase}
        return [word for word in dict.fromkeys(meant) if word not in there], explained - set(meant)

    def _read_in(self, whole: str) -> set[frozenset[str]]:
        """The phrases whose reading stands in a question that is written in kana alone (かみを きる みせ)."""
        if not is_kana(whole):
            return set()
        return {
            phrase
            for kana, phrase in self.by_reading.items()
            if kana == whole or (len(kana) >= SHORTEST_READING and kana in whole)
        }


def read(file: Path) -> Synonyms:
    """The synonyms of a file."""
    tree: dict[str, Any] = yaml12.load(file.read_text("utf-8"))
    phrases: dict[frozenset[str], tuple[str, ...]] = {}
    by_reading: dict[str, frozenset[str]] = {}
    for group in tree["synonyms"]:
        meant = tuple(words(group["means"]))
        for said in group["say"]:
            phrase = frozenset(all_words(said))
            phrases.setdefault(phrase, meant)
            if kana := reading(said):
                by_reading.setdefault(kana, phrase)
    by_word: dict[str, list[frozenset[str]]] = {}
    for phrase in phrases:
        for word in phrase:
            by_word.setdefault(word, []).append(phrase)
    closing, common = (frozenset(word for said in tree[key] for word in words(said)) for key in ("closing", "common"))
    return Synonyms(phrases, closing, common, {word: tuple(found) for word, found in by_word.items()}, by_reading)


@cache
def synonyms() -> Synonyms:
    """Those of this installation, read once in a process."""
    return read(settings.SEARCH_DIR / "synonyms.yaml")
