"""The words of a text, in the form in which they are compared: Sudachi for Japanese, Snowball for English."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Final

from madoguchi.foundation.folding import fold, unify

LONGEST: Final = 40_000  # Sudachi takes 49 kB at a time
EMPTY_CLASSES: Final = frozenset({"空白", "補助記号", "助詞", "助動詞", "接頭辞"})
HELPER_CLASS: Final = "非自立可能"
"""Verbs and adjectives that mostly help another word (する, 始める, ほしい): left out unless nothing else is said."""
SUFFIX_CLASS: Final = "接尾辞"
"""What ends a word (書 of 領収書, 方 of 出し方) says little without it: left out likewise."""
ENGLISH_HELPERS: Final = frozenset(
    """
    a about am an and any are as at be by can could do does for from get have how i if in into is it its like make me
    my need of on or our please should so some start that the their there these they this to up us want was we what
    when where which who will with would you your
    """.split()  # noqa: SIM905 - a list of words is read more easily so
)
_ENGLISH: Final = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
_NOT_ENGLISH: Final = re.compile(r"[^\x00-\x7f]+")
_ACCENTED: Final = re.compile("[\u00c0-\u024f]")
_NO_WORD: Final = re.compile(r"\W")
_KANA: Final = re.compile("[ァ-ヺー]{2,}")


@cache
def _tokenizer() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small").tokenizer()


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def _morphemes(sentence: str) -> list[Any]:
    from sudachipy import SplitMode

    return list(_tokenizer().tokenize(sentence[:LONGEST], SplitMode.A))


def words(sentence: str) -> list[str]:
    """The meaningful words in their order: dictionary forms in short units, English stems, folded; none twice."""
    every = dict(_words(unify(sentence[:LONGEST])))
    return [word for word, is_helper in every.items() if not is_helper] or list(every)


def all_words(sentence: str) -> list[str]:
    """The same with those that only help another one: 営業を終える is more than 営業."""
    return list(dict(_words(unify(sentence[:LONGEST]))))


def _words(sentence: str) -> Iterator[tuple[str, bool]]:
    """Each word with whether it only helps another one. Sudachi cuts what is not ASCII."""
    sentence = _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], sentence)  # café
    for run in _NOT_ENGLISH.findall(sentence):
        for morpheme in _morphemes(run):
            classes = morpheme.part_of_speech()
            form = _NO_WORD.sub("", fold(morpheme.normalized_form()))
            if form and classes[0] not in EMPTY_CLASSES:
                yield form, classes[1] == HELPER_CLASS or classes[0] == SUFFIX_CLASS
    for word in _ENGLISH.findall(sentence.lower()):
        yield _stem(word), word in ENGLISH_HELPERS


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    stem: str = _stemmer().stemWord(word.replace("’", "'"))
    return _NO_WORD.sub("", stem)


def key(phrase: str) -> str:
    """A whole phrase as it is compared with another: folded, without spaces and marks."""
    return _NO_WORD.sub("", fold(phrase))


def reading(phrase: str) -> str:
    """How a phrase is read, as a key in katakana; "" where that cannot be told (Latin letters, unknown kanji)."""
    kana = key("".join(morpheme.reading_form() for morpheme in _morphemes(phrase)))
    return kana if _KANA.fullmatch(kana) else ""


def is_kana(phrase: str) -> bool:
    """Whether a key holds kana only, so that it may be a reading."""
    return _KANA.fullmatch(phrase) is not None
