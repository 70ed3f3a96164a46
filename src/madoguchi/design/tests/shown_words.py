"""The words that the pages in やさしい日本語 show, with the readings that they get, the most shown first."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from madoguchi.design import locales
from madoguchi.design.furigana import ruby
from madoguchi.foundation import yaml12

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
WORD = re.compile(r"<ruby>(.*?)<rp>（</rp><rt>(.*?)</rt>")
EASY = ("ja-easy", "name_easy", "title_easy", "text_easy", "help_easy")


def texts() -> Iterator[str]:
    """Every text in やさしい日本語: of the interface, of the procedures, flows, facilities, the town and the reform."""
    for message in locales.load("ja-easy"):
        if message.id:
            yield from [message.string] if isinstance(message.string, str) else message.string
    for folder in (settings.PROCEDURES_DIR, settings.FLOWS_DIR, settings.FACILITIES_DIR, settings.PROJECTS_DIR,
                   settings.INDICATORS_DIR, settings.SEARCH_DIR):  # fmt: skip
        for file in sorted(folder.rglob("*.yaml")):
            is_easy = file.name == "ja-easy.yaml"
            yield from _strings(yaml12.load(file.read_text("utf-8")), is_easy)
    yield from _strings(yaml12.load(settings.TOWN_FILE.read_text("utf-8")), False)


def _strings(tree: Any, is_easy: bool) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _strings(value, is_easy or key in EASY)
    elif isinstance(tree, list):
        for value in tree:
            yield from _strings(value, is_easy)
    elif is_easy and isinstance(tree, str):
        yield tree


def shown() -> Counter[tuple[str, str]]:
    """(word, reading) → how often."""
    counted: Counter[tuple[str, str]] = Counter()
    for text in texts():
        counted.update(WORD.findall(ruby(PLACEHOLDER.sub("12", text))))
    return counted
