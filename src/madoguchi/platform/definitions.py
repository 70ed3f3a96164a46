"""Definition files: YAML read with the line of every node, and faults that say where they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from madoguchi.foundation.yaml12 import YamlRefused, load_with_lines


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
        return Source(file, *load_with_lines(file.read_text(encoding="utf-8")))
    except (YamlRefused, UnicodeDecodeError, OSError) as fault:
        raise DefinitionRefused([_unreadable(file, fault)]) from fault


def _unreadable(file: Path, fault: Exception) -> Fault:
    if isinstance(fault, OSError):
        return Fault(file, 1, "the file cannot be read", "create it, or correct its name.")
    if isinstance(fault, YamlRefused):
        remedy = "check the indentation, colons and quotes here."
        return Fault(file, fault.line, f"not valid YAML: {fault.problem}", remedy)
    return Fault(file, 1, "not UTF-8 text", "save the file as UTF-8.")
