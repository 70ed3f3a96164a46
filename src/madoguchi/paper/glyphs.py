"""Which characters the document fonts can draw: a name is printed as it is written, or told where it is typed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Final

from madoguchi.foundation.folding import INVISIBLE
from madoguchi.foundation.variants import PLAIN_FORM

from .cmap import coverage

DIRECTORY: Final = Path(__file__).resolve().parents[3] / "build" / "fonts"
"""Where the asset step puts the fonts."""
FAMILIES: Final = {
    "BIZ UDPGothic": "BIZUDPGothic",
    "Noto Sans JP": "NotoSansJP",
    "Noto Sans": "NotoSans",
    "Noto Sans KR": "NotoSansKR",
    "Noto Sans SC": "NotoSansSC",
}
"""Name in typst → how its files begin, in this order: what the first has, it draws. All are OFL."""
NEEDED: Final = 2
"""So many of them every installation has; what only the others draw is told at the form where they are left out."""
_VARIATION: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_IDEOGRAPHIC: Final = re.compile(r"CJK|HIRAGANA|KATAKANA|IDEOGRAPH|HANGUL")
_UNSEEN: Final = re.compile(f"[\0-\x1f\x7f-\x9f{INVISIBLE}]")
"""Some fonts map these to an empty picture; a document holds nothing that nobody sees."""

Cluster = tuple[int, int]  # code point, variation selector or 0


class MissingGlyph(Exception):
    """No font has these characters, so the document would show a blank; `characters` lists each once."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(f"The document fonts cannot draw: {', '.join(map(named, characters))}.")
        self.characters = characters


class FontsMissing(Exception):
    """The fonts are not in the directory; the remedy is in the sentence."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"No document fonts in {directory}: run `python -m madoguchi.design.assets`.")


class Points:
    """A set of code points as bits: 25 kB where a `frozenset` takes 3 MB in every process."""

    def __init__(self, points: frozenset[int]) -> None:
        bits = bytearray(max(points, default=0) // 8 + 1)
        for point in points:
            bits[point >> 3] |= 1 << (point & 7)
        self._bits = bytes(bits)

    def __contains__(self, point: int) -> bool:
        return point >> 3 < len(self._bits) and bool(self._bits[point >> 3] >> (point & 7) & 1)


@dataclass(frozen=True)
class Face:
    """One family by its name in typst: what all its files have. They are read when they are first asked."""

    name: str
    files: tuple[Path, ...]

    def has(self, cluster: Cluster) -> bool:
        """Whether the family draws this character, in this variant if one is asked for."""
        point, selector = cluster
        return point in (self.sequences.get(selector, ()) if selector else self.characters)

    @property
    def characters(self) -> Points:
        """The characters that regular and bold both have."""
        return self._coverage[0]

    @property
    def sequences(self) -> dict[int, Points]:
        """Variation selector → the characters that it may follow."""
        return self._coverage[1]

    @cached_property
    def _coverage(self) -> tuple[Points, dict[int, Points]]:
        read = [coverage(path) for path in self.files]
        selectors = set.intersection(*(set(variants) for _plain, variants in read))
        return (
            Points(frozenset.intersection(*(plain for plain, _variants in read))),
            {one: Points(frozenset.intersection(*(variants[one] for _plain, variants in read))) for one in selectors},
        )


@cache
def faces(directory: Path) -> tuple[Face, ...]:
    """The families in `directory`, in typst's order. Raises `FontsMissing`."""
    files = {name: tuple(sorted(directory.glob(f"{start}_*.ttf"))) for name, start in FAMILIES.items()}
    if not all(list(files.values())[:NEEDED]):
        raise FontsMissing(directory)
    return tuple(Face(name, paths) for name, paths in files.items() if paths)


def missing(text: str, known: tuple[Face, ...]) -> list[str]:
    """The characters, each with its variation selector, that no family draws; each once, in the order written."""
    clusters = dict.fromkeys(_clusters(text))
    return [_text(cluster) for cluster in clusters if not _is_drawn(cluster, known)]


def _is_drawn(cluster: Cluster, known: tuple[Face, ...]) -> bool:
    return not _UNSEEN.match(chr(cluster[0])) and any(face.has(cluster) for face in known)


def plain(text: str, known: tuple[Face, ...]) -> str:
    """The text in the plain forms of what cannot be drawn (葛󠄂城 → 葛城); "" where a character has none."""
    for cluster in missing(text, known):
        base = _UNSEEN.sub("", cluster)
        forms = (base, base.translate(PLAIN_FORM), unicodedata.normalize("NFKC", base))
        form = next((form for form in forms if not missing(form, known)), None)
        if form is None:
            return ""
        text = text.replace(cluster, form)
    return text


def named(character: str) -> str:
    """A character with its code points, for who cannot see it: `葛󠄂 (U+845B U+E0102)`."""
    return f"{character} ({' '.join(f'U+{ord(one):04X}' for one in character)})"


def typesetting(texts: Iterable[str], known: tuple[Face, ...]) -> dict[str, list[list[str]] | list[str]]:
    """For a template: `fonts` in order, and `later`: (font, regular expression) of what goes to a later one.

    That is a variant of which the first font has only the plain character, and a word of which it has some letters:
    no name is set half in one font and half in another. Raises `MissingGlyph` with all that no family has.
    """
    texts = list(texts)
    if lost := sorted({character for text in texts for character in missing(text, known)}):
        raise MissingGlyph(lost)
    wanted: dict[str, set[str]] = {}
    for unit in {unit for text in texts for unit in _units(text)}:
        place = _place(unit, known)
        if place and any(point in face.characters for face in known[:place] for point, _selector in unit):
            wanted.setdefault(known[place].name, set()).add("".join(map(_text, unit)))
    later = [[name, _pattern(parts)] for name, parts in sorted(wanted.items())]
    return {"fonts": [face.name for face in known], "later": later}


def _place(unit: tuple[Cluster, ...], known: tuple[Face, ...]) -> int:
    return next((index for index, face in enumerate(known) if all(map(face.has, unit))), 0)


def _units(text: str) -> Iterator[tuple[Cluster, ...]]:
    """Words of letters, and every other character alone."""
    for is_word, run in groupby(_clusters(text), _is_spelt):
        if is_word:
            yield tuple(run)
        else:
            yield from ((cluster,) for cluster in run)


def _is_spelt(cluster: Cluster) -> bool:
    character = chr(cluster[0])
    return unicodedata.category(character)[0] in "LM" and not _IDEOGRAPHIC.match(unicodedata.name(character, "CJK"))


def _pattern(parts: Iterable[str]) -> str:
    longest_first = sorted(parts, key=lambda part: (-len(part), part))
    return "|".join("".join(f"\\x{{{ord(one):X}}}" for one in part) for part in longest_first)


def _clusters(text: str) -> Iterator[Cluster]:
    points = [ord(character) for character in text if character != "\n"]
    for index, point in enumerate(points):
        after = points[index + 1] if index + 1 < len(points) else 0
        if not _selects(point) or index == 0:
            yield (point, after if _selects(after) else 0)


def _selects(point: int) -> bool:
    return point >= 0xFE00 and any(point in block for block in _VARIATION)


def _text(cluster: Cluster) -> str:
    return chr(cluster[0]) + (chr(cluster[1]) if cluster[1] else "")
