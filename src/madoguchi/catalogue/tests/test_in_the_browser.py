"""What a condition reads of a filled-in form in the browser is what it reads on the server, type by type."""

import json
import re

import pytest

from madoguchi.catalogue.questions import TYPES
from madoguchi.design import assets
from tests.node import says

from .test_hostile_answers import KEYS, KINDS

READ = """
const form = new FormData();
for (const [name, value] of given.fields) form.append(name, value);
console.log(JSON.stringify((script.default[given.type] ?? (() => null))(form, "q")));
"""
NAMED = "console.log(JSON.stringify(Object.keys(script.default)));"
FOLDERS = {kind.model_fields["type"].annotation.__args__[0]: kind.__module__.rpartition(".")[2] for kind in TYPES}
ANSWERS = [
    ("choices", ["well", "tap"]),
    ("choices", None),
    ("yes-no", True),
    ("yes-no", False),
    ("declaration", True),
    ("declaration", None),
    ("number", 12.5),
    ("money", 1200),
    ("money", None),
    ("date", "2026-04-01"),
    ("date", None),
    ("address", {"postal_code": "100-0001", "prefecture": "東京都", "town": "千代田区", "street": "1"}),
    ("file", ["a" * 32]),
    ("group", [{"name": "甲"}, {"name": "乙"}]),
]


def typed(fields, name="q"):
    """(name, value) of each field of a form in which this stands."""
    for part, value in fields.items():
        here = f"{name}.{part}" if part else name
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            yield from typed(one, f"{here}.{number}") if isinstance(one, dict) else [(here, str(one))]


@pytest.mark.parametrize(("kind", "answer"), ANSWERS, ids=json.dumps)
def test_a_rule_reads_the_same_in_the_browser(kind, answer, question):
    asked = question(kind, **KEYS.get(kind, {}))
    script = assets.QUESTIONS / FOLDERS[kind] / "browser.js"
    read = says(script, READ, type=kind, fields=list(typed(asked.fields(answer))))
    assert read == asked.in_rules(answer)


def test_each_script_reads_types_of_its_folder():
    scripts = {path.parent.name: says(path, NAMED) for path in assets.readers()}
    assert set(scripts) < set(FOLDERS.values())
    for folder, names in scripts.items():
        assert {FOLDERS[name] for name in names} == {folder}


def test_what_reads_as_something_else_than_its_text_has_a_script(question):
    told = {name for path in assets.readers() for name in says(path, NAMED)}
    asked = {kind: question(kind, **KEYS.get(kind, {})) for kind in KINDS}
    assert {kind for kind, one in asked.items() if one.asks and one.in_rules(None) != ""} <= told


def test_the_register_names_them_all(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    made = assets.register().read_text("utf-8")
    assert len(re.findall(r"^import one\d+ from ", made, re.M)) == made.count("...one") == len(assets.readers())
