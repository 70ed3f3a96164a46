"""Definition files: YAML read with the line of every node, and faults that say where they are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError


@dataclass(frozen=True)
class Fault:
    """Something wrong with a definition: where it stands, what it is, and how to mend it."""

    file: Path
    line: int
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}\n    → {self.remedy}"


class DefinitionRefused(Exception):
    """A definition that cannot be used; `faults` say why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Source:
    """One file as read: its tree, and the line of each key path."""

    file: Path
    tree: Any
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)

    def line(self, path: Iterable[str | int]) -> int:
        """The line of a key path, or of the nearest key above it."""
        place = tuple(path)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(file: Path) -> Source:
    """Parse one YAML file. Raises DefinitionRefused with the line of a syntax fault."""
    try:
        tree = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, OSError) as fault:
        raise DefinitionRefused([_unreadable(file, fault)]) from fault
    return Source(file, _plain(tree), dict(_lines(tree, ())))


def _unreadable(file: Path, fault: Exception) -> Fault:
    if isinstance(fault, OSError):
        return Fault(file, 1, "the file cannot be read", "create it, or correct its name.")
    if isinstance(fault, UnicodeDecodeError):
        return Fault(file, 1, "not UTF-8 text", "save the file as UTF-8.")
    mark, problem = getattr(fault, "problem_mark", None), getattr(fault, "problem", "") or fault
    remedy = "check the indentation, colons and quotes here."
    return Fault(file, mark.line + 1 if mark else 1, f"not valid YAML: {problem}", remedy)


def _plain(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {str(key): _plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_plain(value) for value in tree]
    for kind in (bool, int, float, str):
        if isinstance(tree, kind):
            return kind(tree)
    return tree


def _lines(tree: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], int]]:
    keys = tree.keys() if isinstance(tree, CommentedMap) else range(len(tree)) if isinstance(tree, CommentedSeq) else ()
    for key in keys:
        if key in tree.lc.data:  # not where the key comes from an alias
            yield (*path, key), tree.lc.data[key][0] + 1
        yield from _lines(tree[key], (*path, key))
