"""A row of a form, or a file, does not go by one touch."""

import re
from pathlib import Path

import pytest

from .test_controls import KINDS, shown

SCRIPTS = Path(__file__).parents[1] / "static_src" / "js" / "form"


@pytest.mark.parametrize("name", KINDS)
def test_what_takes_something_away_lies_behind_a_first_press(name):
    for button in shown(name).xpath("//button[starts-with(@value, 'remove:')]"):
        assert button.xpath("ancestor::details[not(@open)]/summary"), button.get("value")


def test_a_group_has_such_a_button():
    """The control of the test above: there is something to look at."""
    assert shown("staff").xpath("//button[starts-with(@value, 'remove:')]")


def test_a_file_that_was_left_out_can_be_put_back():
    script = (SCRIPTS / "uploads.js").read_text("utf-8")
    attached = re.search(r"function attached\(.*?\n}", script, re.DOTALL)[0]
    assert "leaves(item)" in attached
    assert "goes(item" not in attached
