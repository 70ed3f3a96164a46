"""Nobody outside its folder asks which type a question is: what differs between types is a method of theirs."""

import ast
import re
from pathlib import Path

from madoguchi.catalogue.questions import TYPES

SOURCE = Path(__file__).parents[3] / "src" / "madoguchi"
HOME = SOURCE / "catalogue" / "questions"
CLASSES = {kind.__name__ for kind in TYPES}
NAMES = {kind.model_fields["type"].annotation.__args__[0] for kind in TYPES}
ASKED = ("type", "control")
"""Attributes of a question and of its field that say which type it is."""
OTHERS = {"opendata/publishing/columns.py"}
"""What has types of its own: a column of a table."""
IN_A_PAGE = re.compile(r"\{%[^%]*\bfield\.(?:type|control)\s*(?:==|!=|in\b)[^%]*%\}")
IN_A_SCRIPT = re.compile(r"""\btype\s*[!=]==\s*["']([a-z-]+)["']""")


def modules():
    """Every module outside the folders of the types, tests left out."""
    for path in sorted(SOURCE.rglob("*.py")):
        is_ours = not {"tests", "migrations"} & set(path.parts) and HOME not in path.parents
        if is_ours and str(path.relative_to(SOURCE)) not in OTHERS:
            yield path


def package_of(path):
    return ["madoguchi", *path.relative_to(SOURCE).parts[:-1]]


def imported(tree, package):
    """(module, name, line) of all that a module imports by name, relative imports resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *((node.module or "").split(".") if node.module else [])])
            yield from ((module, one.name, node.lineno) for one in node.names)


def texts(node):
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def is_asked(node):
    return isinstance(node, ast.Attribute) and node.attr in ASKED


def of_types(node):
    """Lines that compare a type's name, or look something up by it."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        return any(map(is_asked, sides)) and any(texts(side) & NAMES for side in sides)
    if isinstance(node, ast.Match):
        return is_asked(node.subject) and any(texts(case.pattern) & NAMES for case in node.cases)
    return False


def faults(text, package):
    """What asks for a type in one module: (line, what)."""
    tree = ast.parse(text)
    for module, name, line in imported(tree, package):
        if module.startswith("madoguchi.catalogue.questions") and name in CLASSES:
            yield line, name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLASSES and "questions" in ast.unparse(node.value):
            yield node.lineno, ast.unparse(node)
        if of_types(node):
            yield node.lineno, ast.unparse(node).splitlines()[0]
        if isinstance(node, ast.Dict) and len({k.value for k in node.keys if isinstance(k, ast.Constant)} & NAMES) > 3:
            yield node.lineno, "a table by type"


def test_no_module_asks_for_a_type():
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {what}"
        for path in modules()
        for line, what in faults(path.read_text("utf-8"), package_of(path))
    ]
    assert found == []


PLANTED = {
    "from ..questions import Party": "Party",
    "from madoguchi.catalogue.questions.number import Money as M": "Money",
    "from .. import questions\nisinstance(one, questions.Group)": "questions.Group",
    "if question.type == 'group': pass": "question.type == 'group'",
    "x = question.type in ('party', 'address')": "question.type in ('party', 'address')",
    "match question.type:\n case 'file' | 'group': pass": "match question.type:",
    "DOMAINS = {'text': 1, 'number': 2, 'party': 3, 'group': 4}": "a table by type",
}


def test_a_planted_line_is_found():
    package = ["madoguchi", "catalogue", "checking"]
    assert {text: [what for _line, what in faults(text, package)] for text in PLANTED} == {
        text: [what] for text, what in PLANTED.items()
    }
    harmless = "from ..questions import Question\nfrom .sending import File\nif column.type == 'boolean': File()"
    assert list(faults(harmless, package)) == []


def pages():
    return [path for path in sorted(SOURCE.rglob("*.html")) if HOME not in path.parents]


def scripts():
    return sorted((SOURCE / "design" / "static_src").rglob("*.js"))


def in_pages(text):
    return IN_A_PAGE.findall(text)


def in_scripts(text):
    return [name for name in IN_A_SCRIPT.findall(text) if name in NAMES]


def test_no_page_and_no_script_asks_either():
    assert pages() and scripts()
    assert [path.name for path in pages() if in_pages(path.read_text("utf-8"))] == []
    assert [path.name for path in scripts() if in_scripts(path.read_text("utf-8"))] == []


def test_nor_is_a_planted_one_overlooked():
    assert in_pages('{% if field.control == "date" %}') and in_pages('{% if x or field.type in "ab" %}')
    assert in_pages('{% if field.control.frame == "set" %}') == []
    assert in_scripts('if (type === "choices") return 1;') == ["choices"]
    assert in_scripts('if (answer.type === "opaqueredirect") return;') == []
