"""The house in figures: what the script counts is there to be counted, and rooms that were put in order stay so."""

import ast

import pytest

from tests.docs.reading import DOCS
from tests.guards.code import figures

HERE = figures.House(figures.ROOT)
IN_ORDER = ("bookings", "payments", "opendata")
"""Rooms whose views ask nobody for a method and nothing of the database; added to, never taken from."""
APART = {"requests", "ckan"}
"""Requests for data become cases; what CKAN's clients send by POST they read."""
SMALL = {
    "src/madoguchi/cases/kinds.py": 'KINDS: dict = {"place-visited": 1, "read": 2, "never-named": 3}\n',
    "src/madoguchi/cases/actions.py": (
        "from madoguchi.people.actor import Actor\n"
        "def take(case, *, by): ...\ndef give(*, case): ...\ndef _own(case): ...\n"
    ),
    "src/madoguchi/desk/views/case.py": (
        "from madoguchi.cases import kinds\nfrom madoguchi.catalogue.questions import Party as P\nimport json\n"
        "def page(question):\n    from .more import late\n    import io\n"
        '    return Case.objects.get(), isinstance(question, P), isinstance(question, str), "place-visited"\n'
    ),
    "src/madoguchi/desk/tests/test_case.py": 'def test():\n    assert "place-visited"\n',
    "src/madoguchi/desk/templates/desk/case.html": f"{'x' * 160}\n{'x' * 161}\n",
    "tests/long.py": "def long():\n" + "    pass\n" * 50 + "\n" * 260,
}


@pytest.fixture
def small(tmp_path):
    for name, text in SMALL.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_every_figure_counts_what_it_says(small):
    told = figures.measured(small)
    assert told == {
        "Python files, tests included": "5 files; median 4, longest 311; 1 over 300",
        "Functions, tests included": "6; median 2, longest 51; 1 over 50",
        "The fullest folder": "2 in src/madoguchi/cases; 0 over 20",
        "Imports across rooms": "3 imports, 3 pairs of rooms",
        "Imports inside functions": "2, 1 of the program's own",
        "`isinstance` on a question's type outside `questions/`": "1 in 1 files",
        "Places that name an event kind": "1.5 files a kind, most 2",
        "Lines of templates": "1 over 160",
        "Public functions of `*actions.py`": "2; 1 by place, 1 without `by`",
        "`.objects` in views and the API": "1 (desk 1)",
    }


def test_the_reference_has_every_figure_before_and_after():
    page = (DOCS / "reference" / "house.md").read_text("utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    assert [row[0].removeprefix("| ") for row in rows[1:]] == list(figures.FIGURES)
    assert {len(row) for row in rows} == {3}


@pytest.mark.parametrize("room", IN_ORDER)
def test_no_view_serves_several_verbs_or_asks_the_database(room):
    asked = {
        f"{one.path.as_posix()}: {ast.unparse(node)}"
        for one in HERE.program
        if one.room == room and {"views", "views.py"} & set(one.path.parts) and not APART & set(one.path.parts)
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Attribute)
        and (ast.unparse(node) == "request.method" or node.attr == "objects")
        and ast.unparse(node) != "Case.objects"  # `for_actor`, by which objects are loaded
    }
    assert asked == set()


@pytest.mark.parametrize("room", IN_ORDER)
def test_a_verb_names_what_it_is_given(room):
    """Whatever takes an actor is a verb, or asks whether one may."""
    placed = {
        f"{one.path.as_posix()}:{node.name}"
        for one in HERE.program
        if one.room == room and one.path.stem.endswith("actions") and not APART & set(one.path.parts)
        for node in one.tree.body
        if isinstance(node, figures.Function) and "by" in {given.arg for given in node.args.kwonlyargs}
        if node.args.args and not node.name.startswith("_")
    }
    assert placed == set()
