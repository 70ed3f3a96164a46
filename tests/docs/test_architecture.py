"""ARCHITECTURE.md and the slices' READMEs describe the house as it stands."""

import re
import tomllib

import pytest

from tests.docs.reading import ROOT

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = next(contract["layers"] for contract in CONTRACTS if contract["type"] == "layers")
PACKAGE = ROOT / "src" / "madoguchi"
TABLE = re.findall(r"^\| `(\w+)` \| .+ \| ([^|]+) \|$", TEXT, re.M)
MOST_LINES = 14


def test_the_packages_stand_in_the_order_of_the_import_rule():
    assert [name for name, _django in TABLE] == LAYERS[::-1]


@pytest.mark.parametrize(("name", "django"), TABLE)
def test_what_may_not_use_django_is_held_by_the_import_rule(name, django):
    (forbidden,) = [one["source_modules"] for one in CONTRACTS if one.get("forbidden_modules") == ["django"]]
    named = {f"madoguchi.{name}.{module}" for module in re.findall(r"`([\w.]+)`", django)}
    held = {module for module in forbidden if module.split(".")[1] == name}
    assert held == ({f"madoguchi.{name}"} if django.strip() == "no" else named)


def test_every_decision_is_listed():
    files = {file.name for file in (ROOT / "docs" / "decisions").glob("0*.md")}
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert {name for name in files if f"]({name})" in index} == files


@pytest.mark.parametrize("name", [layer for layer in LAYERS if (PACKAGE / layer).is_dir()])
def test_every_slice_says_in_a_few_lines_what_it_is(name):
    text = (PACKAGE / name / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("readme", sorted(PACKAGE.glob("*/README.md")), ids=lambda readme: readme.parent.name)
def test_the_modules_that_a_slice_names_exist(readme):
    bullets = [line for line in readme.read_text(encoding="utf-8").splitlines() if line.startswith("- `")]
    for name in re.findall(r"(?:- |, |· )`(\w+)(?:\.\w+)?`", "\n".join(bullets)):
        there = any(file.stem == name for file in readme.parent.rglob("*"))
        code = "\n".join(file.read_text(encoding="utf-8") for file in readme.parent.rglob("*.py"))
        assert there or re.search(rf"\b{name}\b", code), name
