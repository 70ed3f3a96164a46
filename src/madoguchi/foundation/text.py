"""Text as people in Japan type it: cleaned for storing, narrowed for numbers.

What a person writes as a name is stored as given; only invisible differences are removed. What is a number in
disguise (phone, postal code) becomes half-width. What is searched is compared by a folded key (`folding`).
"""

import re
import unicodedata
from typing import Final

from stdnum.jp import in_ as my_number


class TextRefused(ValueError):
    """The text holds a character that cannot be stored or read; ``code`` says which kind, ``place`` which (from 1)."""

    def __init__(self, code: str, place: int = 0) -> None:
        super().__init__(code)
        self.code, self.place = code, place


DIRECTION_CONTROLS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
DOTS: Final = "・\uff65\u00b7\u2022\u2027\u2219\u22c5\u0387"
DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\u30fc\uff0d\uff70"

_SPACES: Final = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_FORMAT: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What is never drawn by itself: Default_Ignorable_Code_Point (Unicode 16, DerivedCoreProperties.txt), and U+FFF9-B."""
_NOTHING_SEEN: Final = re.compile(rf"[\s{_FORMAT}\u2800\U00013441\U00013442\U00016fe4\U0001d159]*")
"""Spaces, format characters, and signs whose picture is empty: braille without dots, fillers, a null note head."""
_FORMAT_CHARACTERS: Final = re.compile(f"[{_FORMAT}]+")
_OUTSIDE: Final = f"[\t\r\n{_SPACES}\u00ad\u200b\u2060\ufeff]+"
_OUTER: Final = re.compile(rf"\A{_OUTSIDE}|{_OUTSIDE}\Z")
_LINE_END: Final = re.compile("\r\n|[\r\u2028\u2029]")
_DIRECTION: Final = re.compile(f"[{DIRECTION_CONTROLS}]")
_NOT_IN_A_LINE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_NOT_IN_LINES: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STANDS_FOR_NOTHING: Final = frozenset("\ufffc\ufffd")
"""What a program writes where it could not read a character, or where a picture stood."""
_IDEOGRAPHS: Final = range(0x20000, 0x3FFFE)
"""Planes that Unicode gives to ideographs alone: one that is newer than this Python's table is a character already."""
# Compatibility ideographs (神, 福, 都 as U+FA19 …): NFC would silently replace the shape a person writes in the name.
_BUT_COMPATIBILITY_IDEOGRAPHS: Final = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
_HALF_WIDTH_KANA: Final = re.compile("[\uff61-\uff9f]+")
_KATAKANA: Final = re.compile("[ \u3000・ー＝]*[ァ-ヺヽヾㇰ-ㇿ][ァ-ヺヽヾㇰ-ㇿー・＝ \u3000]*")
_ANY_DIGIT: Final = re.compile(r"\d")
_TWELVE_DIGITS: Final = re.compile(
    r"(?<![0-9])(?<![0-9]-)[0-9]{12}(?!-?[0-9])"
    r"|(?<![0-9])(?<![0-9][ -])[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}(?![ -]?[0-9])"
)

_TO_HYPHEN: Final = dict.fromkeys(map(ord, DASHES), "-")
_TO_CODE: Final = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    ord("￥"): "¥",
    **_TO_HYPHEN,
}
_TO_LONG_MARK: Final = dict.fromkeys(map(ord, DASHES), "ー")
_TO_MARKS: Final = {
    **dict.fromkeys(map(ord, "=\u30a0\uff1d"), "＝"),
    **dict.fromkeys(map(ord, DOTS), "・"),
    **dict.fromkeys(map(ord, "\u309b\uff9e"), "\u3099"),
    **dict.fromkeys(map(ord, "\u309c\uff9f"), "\u309a"),
}
"""Between the names of a reading ・ and ＝ (as JIS X 0208 has it), and ゛ ゜ as marks that join the kana before."""
_TO_KATAKANA: Final = {code: chr(code + 0x60) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}


def is_blank(value: str) -> bool:
    """Whether the eye sees nothing: spaces, format characters and signs whose picture is empty, or no text at all."""
    return _NOTHING_SEEN.fullmatch(value) is not None


def clean(value: str, *, multiline: bool = False) -> str:
    """The text as it is stored: NFC, without outer whitespace, with ``\\n`` as the only line end.

    A text in which the eye sees nothing is empty.

    Names keep their shape: 髙, 﨑, 𠮷, compatibility ideographs and variation selectors stay exactly as given.
    Line ends and tabs are allowed inside only when ``multiline``.

    Raises ``TextRefused`` with "control-character" (control characters, lone surrogates, a line end in one line),
    "direction-control" (bidirectional controls, which can make a line read as something else: Unicode TR 36, 2.5) or
    "unreadable-character" (private use, which is another character on every computer; unassigned; U+FFFD).
    """
    if is_blank(value):
        return ""
    value = _OUTER.sub("", value)
    if multiline:
        value = _LINE_END.sub("\n", value)
    if value.isascii() and value.isprintable():
        return value
    _refuse_unsafe(value, _NOT_IN_LINES if multiline else _NOT_IN_A_LINE)
    return _BUT_COMPATIBILITY_IDEOGRAPHS.sub(lambda run: unicodedata.normalize("NFC", run[0]), value)


def _refuse_unsafe(value: str, controls: re.Pattern[str]) -> None:
    if controls.search(value):
        raise TextRefused("control-character")
    if _DIRECTION.search(value):
        raise TextRefused("direction-control")
    if unreadable := {one for one in set(value) if _is_unreadable(one)}:
        raise TextRefused("unreadable-character", min(map(value.index, unreadable)) + 1)


def _is_unreadable(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind == "Cn":
        return ord(character) not in _IDEOGRAPHS or ord(character) & 0xFFFE == 0xFFFE
    return kind == "Co" or character in _STANDS_FOR_NOTHING


def as_code(value: str) -> str:
    """A number, code or address for mail as typed: half-width, every dash ``-``, every space plain, none outside.

    Format characters, which come along when a code is pasted, fall out. Digits in another guise (², ①, ½, ٣) stay
    what they are, so that none is silently read as a digit. Never for a name.
    """
    if value.isascii():
        return value.strip(" \t\r\n")
    return _FORMAT_CHARACTERS.sub("", value).translate(_TO_CODE).strip(" \t\r\n")


def sought(value: str, most: int) -> str:
    """What somebody looks for, as it is looked for: cleaned, its first `most` characters, "" where it can be nowhere.

    Nothing of it is kept; the page shows in its field what was looked for.
    """
    try:
        return clean(value)[:most]
    except TextRefused:
        return ""


def narrow(value: str) -> str:
    """Full-width digits and letters made half-width (NFKC) and every dash, ー too, made ``-``.

    For finding what looks like a code inside any text; what is read as one goes through `as_code`. Never for a name.
    """
    if value.isascii():
        return value
    return unicodedata.normalize("NFKC", value).translate(_TO_HYPHEN)


def katakana(value: str) -> str:
    """A reading in its one form: full-width katakana, ー for every dash, ・ for every dot, ＝ for every equals sign.

    ハ゛ and か゛ with the mark written after them are バ and ガ. The rest is left alone.
    """
    wide = _HALF_WIDTH_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), value.translate(_TO_MARKS))
    kana = unicodedata.normalize("NFC", wide).translate(_TO_KATAKANA).translate(_TO_LONG_MARK)
    return unicodedata.normalize("NFC", kana)


def is_katakana(value: str) -> bool:
    """Whether the text is a reading: full-width katakana with ー, ・ and spaces, and at least one kana."""
    return _KATAKANA.fullmatch(value) is not None


def has_my_number(value: str) -> bool:
    """Whether the text seems to hold an Individual Number (個人番号), which may be kept only where the law allows it.

    Any run of exactly 12 digits, full-width too, solid or as 4-4-4 with spaces or hyphens, whose check digit is right
    (番号法 第19条・第20条; the check digit: 平成26年総務省令第85号 第5条). Longer runs, such as the 13 digits of a
    corporate number (法人番号), do not count.
    """
    if len(_ANY_DIGIT.findall(value)) < 12:
        return False
    return any(my_number.is_valid(run) for run in _TWELVE_DIGITS.findall(narrow(value)))
