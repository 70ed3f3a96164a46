"""Which characters the document fonts can draw: a name is printed as it is written or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .cmap import coverage

# In this order; typst takes the first that has the character. Both are OFL (README.md).
FAMILIES = ("BIZUDPGothic", "NotoSansJP")
_VARIATION = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))

Cluster = tuple[int, int]  # code point, variation selector or 0


class MissingGlyph(Exception):
    """No font has these characters, so the document would show a blank; `characters` lists each once."""

    def __init__(self, characters: list[str]) -> None:
        codes = ", ".join(f"{text!r} ({' '.join(f'U+{ord(one):04X}' for one in text)})" for text in characters)
        super().__init__(f"The document fonts cannot draw: {codes}.")
        self.characters = characters


class FontsMissing(Exception):
    """The fonts are not in the directory; the remedy is in the sentence."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"No document fonts in {directory}: run `python -m madoguchi.design.assets`.")


@dataclass(frozen=True, slots=True)
class Face:
    """One family: the characters and the variation sequences that its regular and its bold both have."""

    characters: frozenset[int]
    sequences: dict[int, frozenset[int]]

    def has(self, cluster: Cluster) -> bool:
        """Whether the family draws this character, in this variant if one is asked for."""
        point, selector = cluster
        return point in (self.sequences.get(selector, ()) if selector else self.characters)


@cache
def faces(directory: Path) -> tuple[Face, ...]:
    """The families in `directory`, in typst's order. Raises `FontsMissing`."""
    files = [sorted(directory.glob(f"{family}*.ttf")) for family in FAMILIES]
    if not all(files):
        raise FontsMissing(directory)
    return tuple(_face(paths) for paths in files)


def second_choice(texts: Iterable[str], known: tuple[Face, ...]) -> list[str]:
    """Check every character; give those that only a later family draws although the first has the plain character.

    typst would draw these in the first family, losing the variant. Raises `MissingGlyph` with all that no family has.
    """
    missing: list[str] = []
    later: list[str] = []
    for cluster in sorted({cluster for text in texts for cluster in _clusters(text)}):
        place = next((index for index, face in enumerate(known) if face.has(cluster)), None)
        if place is None:
            missing.append(_text(cluster))
        elif any(cluster[0] in face.characters for face in known[:place]):
            later.append(_text(cluster))
    if missing:
        raise MissingGlyph(missing)
    return later


def _clusters(text: str) -> Iterator[Cluster]:
    points = [ord(character) for character in text if character != "\n"]
    for index, point in enumerate(points):
        after = points[index + 1] if index + 1 < len(points) else 0
        if not _selects(point) or index == 0:
            yield (point, after if _selects(after) else 0)


def _selects(point: int) -> bool:
    return any(point in block for block in _VARIATION)


def _text(cluster: Cluster) -> str:
    return chr(cluster[0]) + (chr(cluster[1]) if cluster[1] else "")


def _face(paths: list[Path]) -> Face:
    found = [coverage(path) for path in paths]
    selectors = set.intersection(*(set(variants) for _, variants in found))
    return Face(
        frozenset.intersection(*(plain for plain, _ in found)),
        {one: frozenset.intersection(*(variants[one] for _, variants in found)) for one in selectors},
    )
