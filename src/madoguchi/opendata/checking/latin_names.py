"""Japanese names of persons in Latin letters (Taro Yamada): pure, without Django."""

import re
from collections.abc import Iterable
from typing import Final

_KANA: Final = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
    "ガギグゲゴザジズゼゾダデドバビブベボパピプペポ"
)
_LATIN: Final = """
    a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo ya yu yo
    ra ri ru re ro wa n ga gi gu ge go za ji zu ze zo da de do ba bi bu be bo pa pi pu pe po
    """.split()  # noqa: SIM905 - a list of sounds is read more easily
_SOUNDS: Final = dict(zip(_KANA, _LATIN, strict=True))
_SMALL: Final = {"ャ": "a", "ュ": "u", "ョ": "o"}
_WORDS: Final = re.compile(r"[a-z]+(?:-[a-z]+)?[ ,.]+(?:[a-z]+[ .]+)?[a-z]+(?:-[a-z]+)?")
_THINGS: Final = re.compile(
    r"\b(?:park|hall|library|school|cent(?:er|re)|station|hospital|clinic|museum|bridge|street|road|city|town|ward|plaza"
    r"|house|building|garden|shop|office|nursery|kindergarten|elementary|junior|high|beach|hotel|gallery|ground|gym|club)\b"
)


def letters(kana: str) -> str:
    """A reading in Latin letters, long vowels short: サトウ → sato, キョウコ → kyoko."""
    spelled = ""
    for sound in kana:
        if sound in _SMALL:
            stem = spelled[:-1]
            spelled = stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _SMALL[sound]
        else:
            spelled += _SOUNDS.get(sound, "")
    return _short(spelled)


def _short(spelled: str) -> str:
    return re.sub(r"ou|oo|oh(?![aeiou])", "o", spelled.replace("uu", "u"))


def finder(surnames: Iterable[str]) -> frozenset[str]:
    """The surnames, given as readings, in Latin letters."""
    return frozenset(letters(kana) for kana in surnames)


def is_name(text: str, surnames: frozenset[str]) -> bool:
    """Whether the text is a surname and one or two other words, in any order, and no place or thing."""
    one = text.strip().lower()
    if not _WORDS.fullmatch(one) or _THINGS.search(one):
        return False
    return any(_short(word) in surnames for word in re.split(r"[ ,.]+", one))
