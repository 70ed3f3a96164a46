"""How text is compared: one spelling of what looks the same (`unify`), one key of what means the same (`fold`).

Nothing here is ever stored in place of what a person wrote. Whoever compares or searches text uses these two (a guard
says so), and the database the function `madoguchi_fold`, which `folding_sql` writes from the same tables.
"""

import re
import unicodedata
from typing import Final

from madoguchi.foundation.text import DOTS
from madoguchi.foundation.variants import KANJI_OF_RADICAL, PLAIN_FORM

INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters of which the eye sees nothing (Unicode's default ignorable code points and the empty Braille cell)."""

_DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\ufe58\ufe63\uff0d\uff70\u30fc"
_WAVES: Final = "~\u301c\u3030\uff5e\u223c\u223f\u223e"
_QUOTES: Final = "'\u2018\u2019\u201b\u2032\u02bc\u02b9\uff07"
_DOUBLE_QUOTES: Final = '"\u201c\u201d\u201f\u2033\uff02'
_KANA: Final = "ァ-ヺヽヾㇰ-ㇿぁ-ゖゝゞ"
LOOKS: Final = {
    **KANJI_OF_RADICAL,
    **dict.fromkeys(map(ord, _DASHES), "ー"),
    **dict.fromkeys(map(ord, _WAVES), "~"),
    **dict.fromkeys(map(ord, DOTS), "・"),
    **dict.fromkeys(map(ord, _QUOTES), "'"),
    **dict.fromkeys(map(ord, _DOUBLE_QUOTES), '"'),
    0x309B: "\u3099",  # ゛ and ゜ written after their kana
    0x309C: "\u309a",
    0x30A0: "=",
}
MEANS: Final = {
    **{code: chr(code + 0x60) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)},
    **PLAIN_FORM,
    ord("ゕ"): "カ",
    ord("ゖ"): "ケ",
    ord("ß"): "ss",
    ord("ς"): "σ",
}
_KANGXI: Final = re.compile("[\u2e80-\u2fdf]")
_UNSEEN: Final = re.compile(f"[{INVISIBLE}]")
NO_LONG_MARK: Final = re.compile(f"(?<![{_KANA}ー])ー+")
_LONG_MARKS: Final = re.compile("ー+")
_LOOKING: Final = re.compile(f"[{''.join(map(re.escape, map(chr, LOOKS)))}]")
_MEANING: Final = re.compile(f"[{''.join(map(chr, MEANS))}]")


def without_radicals(value: str) -> str:
    """CJK radicals as the kanji that they look like (⻑⾕川 → 長谷川), and nothing else changed."""
    plain = value.translate(KANJI_OF_RADICAL)
    return _KANGXI.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain)


def unify(value: str) -> str:
    """What looks the same made the same: width, radicals (⻑⾕川), dashes, waves, quotes, ハ゛; the unseen left out.

    A dash after kana is ー, elsewhere ``-``. Kana, case and variants of kanji stay apart. Twice changes nothing.
    """
    if value.isascii() and "-" not in value:
        return value
    seen = _looked_at(_UNSEEN.sub("", value))
    if not unicodedata.is_normalized("NFKC", seen):
        seen = unicodedata.normalize("NFKC", _looked_at(unicodedata.normalize("NFKC", seen)))
    return _LONG_MARKS.sub("ー", NO_LONG_MARK.sub("-", seen))


def _looked_at(value: str) -> str:
    return value.translate(LOOKS) if _LOOKING.search(value) else value


def fold(value: str) -> str:
    """The key under which text is searched, never shown: 髙橋, 高橋 and "ﾀｶﾊｼ", "たかはし" fall together.

    `unify`, then lower case, hiragana as katakana, variant kanji of names to their plain form. Twice changes nothing.
    """
    key = unify(value)
    if (lower := key.lower()) != key:
        key = unify(lower)
    return unify(key.translate(MEANS)) if _MEANING.search(key) else key
