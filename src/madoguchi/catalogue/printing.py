"""Whether the documents' fonts can draw what a person wrote: told where it is typed, never to who approves it."""

from collections.abc import Iterator

from madoguchi.paper import glyphs

from .problems import Path, Problem
from .questions import Question


def unprintable(question: Question, value: object, path: Path) -> Iterator[Problem]:
    """The texts of an answer that no document can show, each with the characters and, where there is one, a way out."""
    for at, text in question.free_texts(value, path):
        if characters := missing(text):
            named = "、".join(map(glyphs.named, characters))
            plain = glyphs.plain(text, glyphs.faces(glyphs.DIRECTORY))
            code = "unprintable-variant" if plain else "unprintable"
            yield Problem(at, code, {"characters": named, "plain": plain})


def missing(text: str) -> list[str]:
    """The characters that no font draws. None while the fonts are not there: then no document is made either."""
    if text.isascii():
        return []
    try:
        return glyphs.missing(text, glyphs.faces(glyphs.DIRECTORY))
    except glyphs.FontsMissing:
        return []
