"""The house in figures, as a table: `python -m tests.guards.code.figures [--at <commit>]`.

With `--at` the tree of that commit is unpacked beside (git archive) and read; nothing of it is run. Tests, migrations
and what is built are left out, but where a line says otherwise.
"""

import argparse
import ast
import io
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[3]
PLACES = ("src", "tests", "drills", "bench", "verify")
LONGEST_FILE, LONGEST_FUNCTION, FULLEST_FOLDER, LONGEST_LINE = 300, 50, 20, 160
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file and what was read of it."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def functions(self) -> list[Function]:
        """Every function and method."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @property
    def room(self) -> str:
        """The room of the package that it lies in; "" elsewhere."""
        parts = self.path.parts
        return parts[2].removesuffix(".py") if parts[:2] == ("src", "madoguchi") and len(parts) > 2 else ""


class House:
    """The tree under a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def everything(self) -> list[Module]:
        """All Python files but migrations, tests included."""
        paths = [path for place in PLACES for path in sorted((self.root / place).rglob("*.py"))]
        return [self._read(path) for path in paths if "migrations" not in path.parts]

    @cached_property
    def program(self) -> list[Module]:
        """The program alone."""
        return [one for one in self.everything if one.room and "tests" not in one.path.parts]

    @property
    def templates(self) -> list[Path]:
        """Django's templates of the program."""
        return sorted((self.root / "src/madoguchi").rglob("templates/**/*.html"))

    def _read(self, path: Path) -> Module:
        text = path.read_text("utf-8")
        return Module(path.relative_to(self.root), ast.parse(text), len(text.splitlines()))


def length(node: Function) -> int:
    """Lines of a function, its decorators apart."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def files(house: House) -> str:
    """Files: how many, median and longest, and how many are too long."""
    lines = [one.lines for one in house.everything]
    return f"{len(lines)} files; median {median(lines):.0f}, longest {max(lines)}; {over(lines, LONGEST_FILE)}"


def functions(house: House) -> str:
    """The same of functions."""
    lines = [length(node) for one in house.everything for node in one.functions]
    return f"{len(lines)}; median {median(lines):.0f}, longest {max(lines)}; {over(lines, LONGEST_FUNCTION)}"


def over(numbers: list[int], most: int) -> str:
    """How many of them are above."""
    return f"{sum(one > most for one in numbers)} over {most}"


def folders(house: House) -> str:
    """Files a folder: the fullest, and how many are too full."""
    held = Counter(one.path.parent for one in house.everything)
    ((fullest, many),) = held.most_common(1)
    return f"{many} in {fullest.as_posix()}; {over(list(held.values()), FULLEST_FOLDER)}"


def across(house: House) -> str:
    """Imports of another room, and by how many pairs of rooms."""
    pairs = Counter(
        (one.room, there) for one in house.program for _node, there in imported(one) if there not in {"", one.room}
    )
    return f"{pairs.total()} imports, {len(pairs)} pairs of rooms"


def imported(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Every import of the program's own, with the room that it names."""
    for node in ast.walk(module.tree):
        named = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        for name in named:
            if name == "madoguchi" and isinstance(node, ast.ImportFrom):
                yield from ((node, alias.name) for alias in node.names)
            elif name.startswith("madoguchi."):
                yield node, name.split(".")[1]


def late(house: House) -> str:
    """Imports inside functions, by what they bring."""
    found = [node for one in house.program for function in one.functions for node in ast.walk(function)]
    own = [node for node in found if isinstance(node, ast.ImportFrom | ast.Import)]
    ours = [node for node in own if isinstance(node, ast.ImportFrom) and is_ours(node)]
    return f"{len(own)}, {len(ours)} of the program's own"


def is_ours(node: ast.ImportFrom) -> bool:
    """Whether it imports a part of the program."""
    return bool(node.level) or (node.module or "").startswith("madoguchi")


def asked_for_its_type(house: House) -> str:
    """`isinstance` on a question's type outside the folder of the types."""
    found: Counter[Path] = Counter()
    for one in house.program:
        if "questions" in one.path.parts:
            continue
        types = {alias.asname or alias.name for node in ast.walk(one.tree) if names_types(node) for alias in node.names}
        found[one.path] = sum(bool(types & set(tested(node))) for node in ast.walk(one.tree))
    return f"{found.total()} in {sum(many > 0 for many in found.values())} files"


def names_types(node: ast.AST) -> bool:
    """Whether it imports from the folder of the question types."""
    return isinstance(node, ast.ImportFrom) and "questions" in (node.module or "").split(".")


def tested(node: ast.AST) -> Iterator[str]:
    """The types that a call of isinstance names."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
        yield from (part.id for part in ast.walk(node.args[1]) if isinstance(part, ast.Name))


def kinds_of_events(house: House) -> list[str]:
    """The codes that `KINDS` declares; only those with a hyphen, which are no words of anything else."""
    for one in house.program:
        if one.path.name in {"kinds.py", "events.py"} and one.room == "cases":
            for node in ast.walk(one.tree):
                target = getattr(node, "target", None)
                if isinstance(target, ast.Name) and target.id == "KINDS" and isinstance(value := node.value, ast.Dict):
                    return [key.value for key in value.keys if isinstance(key, ast.Constant) and "-" in key.value]
    return []


def named(house: House) -> str:
    """In how many files an event kind stands."""
    kinds = set(kinds_of_events(house))
    places = defaultdict(set)
    for one in house.program:
        for node in ast.walk(one.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in kinds:
                places[node.value].add(one.path)
    many = [len(found) for found in places.values()]
    return f"{sum(many) / max(len(kinds), 1):.1f} files a kind, most {max(many, default=0)}"


def wide(house: House) -> str:
    """Lines of templates that no diff shows whole."""
    lines = [len(line) for path in house.templates for line in path.read_text("utf-8").splitlines()]
    return over(lines, LONGEST_LINE)


def verbs(house: House) -> str:
    """Public functions of `*actions.py`: how many take what they are given by place, and how many name no actor."""
    public = [
        node
        for one in house.program
        if one.path.stem.endswith("actions")
        for node in one.tree.body
        if isinstance(node, Function) and not node.name.startswith("_")
    ]
    placed = sum(bool(node.args.args or node.args.posonlyargs) for node in public)
    unnamed = sum("by" not in {given.arg for given in (*node.args.args, *node.args.kwonlyargs)} for node in public)
    return f"{len(public)}; {placed} by place, {unnamed} without `by`"


def asked_of_the_database(house: House) -> str:
    """`….objects` in views and in the API."""
    found = Counter(
        one.room
        for one in house.program
        if {"views", "api"} & {part.removesuffix(".py").rpartition("_")[2] for part in one.path.parts}
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    )
    return f"{found.total()} ({', '.join(f'{room} {many}' for room, many in sorted(found.items()))})"


FIGURES: dict[str, Callable[[House], str]] = {
    "Python files, tests included": files,
    "Functions, tests included": functions,
    "The fullest folder": folders,
    "Imports across rooms": across,
    "Imports inside functions": late,
    "`isinstance` on a question's type outside `questions/`": asked_for_its_type,
    "Places that name an event kind": named,
    "Lines of templates": wide,
    "Public functions of `*actions.py`": verbs,
    "`.objects` in views and the API": asked_of_the_database,
}


def measured(root: Path) -> dict[str, str]:
    """Every figure of the tree under a folder."""
    house = House(root)
    return {name: figure(house) for name, figure in FIGURES.items()}


def unpacked(commit: str, folder: Path) -> Path:
    """The tree of a commit, in a folder."""
    packed = subprocess.run(["git", "archive", commit, *PLACES], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def table(figures: dict[str, str]) -> str:
    """As the reference has it."""
    return "\n".join(["| figure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in figures.items())])


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--at", default="", metavar="commit", help="of an older tree instead of the one here")
    at = parser.parse_args(arguments).at
    with tempfile.TemporaryDirectory() as folder:
        print(table(measured(unpacked(at, Path(folder)) if at else ROOT)))


if __name__ == "__main__":
    main(sys.argv[1:])
