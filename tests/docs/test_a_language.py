"""A language is one folder, as CONTRIBUTING shows it: a copy of the project with a fourth one is opened and read."""

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from madoguchi.foundation.languages import HOME, declared
from tests.docs.reading import ROOT, blocks, commands, typed
from tests.town import RESTAURANT

LOOK = "tests/docs/children/look_at_a_fourth_language.py"
PARTS = (
    "src",
    "tests",
    f"procedures/{RESTAURANT}",
    "flows",
    "facilities",
    "projects",
    "indicators",
    "usecases",
    "search",
)
FILES = ("conftest.py", "pyproject.toml", "town.yaml", "README.md")


def ran(*command, folder):
    """A program in the copy: it is imported from there, not from here."""
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "MADOGUCHI_HOME"}}
    paths = [str(folder / "src"), *filter(None, [own.get("PYTHONPATH")])]  # where a shifted clock puts its own
    environment = {**own, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path):
    """The project, and in it what the page tells its reader to type."""
    for name in PARTS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "build").symlink_to(ROOT / "build")
    for block in blocks(ROOT / "CONTRIBUTING.md"):
        if "madoguchi/locale/" in block.file:
            typed(block, tmp_path)
        for command, _answer in commands(block) if "design.locales" in block.text else ():
            if command.endswith("compile"):
                translate_one(tmp_path / "src/madoguchi/locale/tok/LC_MESSAGES/django.po")
            ran(*command.split()[1:], folder=tmp_path)
    return tmp_path


def translate_one(catalogue):
    """The first text of every page, told in the new language."""
    text, many = re.subn(r'(msgid "本文へ移動"\nmsgstr )""', r'\1"o tawa insa"', catalogue.read_text("utf-8"))
    assert many == 1
    catalogue.write_text(text, "utf-8")


def test_a_fourth_language_is_one_folder(copy):
    file = copy / "town.yaml"
    file.write_text(file.read_text("utf-8").replace("\nname_en:", "\nname_tok: ma Minatono\nname_en:", 1), "utf-8")
    ran("-m", "pytest", "-p", "no:cacheprovider", LOOK, folder=copy)


def test_without_its_folder_nobody_offers_it():
    assert [one.code for one in declared(HOME)] == ["ja", "en", "ja-easy"]


def test_a_misspelt_key_is_a_fault(tmp_path):
    (tmp_path / "tok").mkdir()
    (block,) = [one for one in blocks(ROOT / "CONTRIBUTING.md") if "madoguchi/locale/" in one.file]
    assert tomllib.loads(block.text)["code"] == "tok"
    (tmp_path / "tok/language.toml").write_text(block.text.replace("plurals", "plural", 1), "utf-8")
    with pytest.raises(TypeError, match="plural"):
        declared(tmp_path)
