"""`docs/reference/cli.md` has every command of the parser; every `madoguchi` line of the documents can be typed."""

import argparse
import re
import shlex

import pytest

from madoguchi.config import cli
from tests.docs.reading import DOCS, ROOT, blocks, commands

PAGE = DOCS / "reference" / "cli.md"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
TYPED = sorted(
    {
        command.split(" > ")[0].removeprefix(".venv/bin/")
        for page in PAGES
        for block in blocks(page)
        if block.language == "console"
        for command, _answer in commands(block)
        if "madoguchi " in command
    }
)


def parsers():
    """The parser of each command, by name."""
    (choices,) = [one for one in cli.parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return choices.choices


def test_every_command_has_its_section_and_no_other_has():
    assert sorted(re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.M)) == sorted(parsers())


@pytest.mark.parametrize("name", parsers())
def test_every_option_is_shown(name):
    text = PAGE.read_text(encoding="utf-8")
    section = re.split(rf"^## {name}$", text, flags=re.M)[1].split("\n## ")[0]
    options = [option for one in parsers()[name]._actions for option in one.option_strings if option.startswith("--")]
    assert [option for option in options if option != "--help" and option not in section] == []


def test_the_documents_show_commands():
    assert len(TYPED) >= len(parsers())


@pytest.mark.parametrize("command", TYPED)
def test_every_command_line_can_be_typed(command):
    cli.parser().parse_args(shlex.split(command)[1:])
