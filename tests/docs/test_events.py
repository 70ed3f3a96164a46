"""`docs/reference/events.md` names every kind of event with the data that the program writes."""

import ast
import re

import pytest

from madoguchi.cases.kinds import KINDS, on_timeline
from madoguchi.figures import rollup
from madoguchi.sequence import FOLLOWERS
from tests.docs.reading import DOCS, ROOT

PAGE = (DOCS / "reference" / "events.md").read_text(encoding="utf-8")
CELLS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| `")]
ROWS = {
    kind.strip("`"): (meaning, set(re.findall(r"`([a-z0-9_]+)`", data)), shown.split())
    for kind, meaning, data, shown in (row for row in CELLS if len(row) == 4)
}
PACKAGE = ROOT / "src" / "madoguchi"


def row(code, kind):
    """The row of the page that a declaration asks for."""
    data = ", ".join(f"`{key}`" + f" ({holds})" * bool(holds) for key, holds in kind.data.items())
    shown = {"T": kind.applicant, "R": code == "read", "F": kind.measure, "L": kind.letter}
    cells = (f"`{code}`", kind.meaning, data, " ".join(mark for mark, is_so in shown.items() if is_so))
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)


def unlike(page):
    """The rows that the declarations ask for and the page lacks, and those that it has beyond them."""
    there = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 5]
    asked = [row(code, kind) for code, kind in KINDS.items()]
    return [f"add: {one}" for one in asked if one not in there] + [f"drop: {one}" for one in there if one not in asked]


def written():
    """(kind, keys of its data) for every event that the program appends."""
    for file in PACKAGE.rglob("*.py"):
        if "tests" not in file.parts:
            for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef):
                    yield from written_by(function)


def written_by(function):
    """The same for one function; data may be a name that stands for a dictionary there."""
    named = {
        ast.unparse(node.targets[0]): node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"events.append", "events.next_row", "tell_case"}:
            if isinstance(node.args[1], ast.Name):
                continue  # `tell_case` passes on what its callers say
            data = next((one.value for one in node.keywords if one.arg == "data"), ast.Dict([], []))
            data = named.get(ast.unparse(data), data)
            assert isinstance(data, ast.Dict), f"line {node.lineno}: write the data of an event as a dictionary here"
            yield node.args[1].value, {key.value for key in data.keys if key}


WRITTEN = sorted((kind, tuple(sorted(keys))) for kind, keys in written())


def test_every_kind_is_listed_and_no_other():
    assert ROWS.keys() == KINDS.keys()


def test_every_row_says_what_its_declaration_says():
    assert unlike(PAGE) == []


def test_every_kind_has_a_meaning():
    assert all(len(meaning) > 9 for meaning, _data, _shown in ROWS.values())


@pytest.mark.parametrize(("kind", "keys"), WRITTEN)
def test_the_data_that_is_written_is_explained(kind, keys):
    assert set(keys) <= ROWS[kind][1]
    assert set(keys) <= KINDS[kind].data.keys()


def test_what_nothing_writes_yet_is_said_so():
    not_yet = KINDS.keys() - {kind for kind, _keys in WRITTEN}
    assert [kind for kind in not_yet if f"Nothing writes `{kind}`" not in PAGE] == []
    assert [kind for kind in KINDS if f"Nothing writes `{kind}`" in PAGE and kind not in not_yet] == []


@pytest.mark.parametrize("kind", KINDS)
def test_where_it_is_shown_is_true(kind):
    shown = ROWS[kind][2]
    assert ("T" in shown) == (kind in on_timeline())
    assert ("L" in shown) == (kind in FOLLOWERS)
    assert ("R" in shown) == (kind == "read")
    assert ("F" in shown) == (f"'{kind}'" in rollup._COUNT)
