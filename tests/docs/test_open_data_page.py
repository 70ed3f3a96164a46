"""The page about open data lists every action with every parameter, and nothing that is not there."""

import re

from madoguchi.opendata.serving.ckan.actions import ACTIONS
from tests.docs.reading import DOCS

ROW = re.compile(r"^\| `([a-z_]+)` \|(.*)\|$", re.M)


def test_the_table_of_actions_is_complete():
    page = (DOCS / "reference" / "open-data.md").read_text("utf-8")
    told = {name: tuple(re.findall(r"`([\w.]+)`", given)) for name, given in ROW.findall(page)}
    assert told == {name: action.parameters for name, action in ACTIONS.items()}
