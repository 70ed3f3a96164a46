"""YAML 1.2 with lines: what is a text stays one, what would change a value silently is refused."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from madoguchi.foundation.yaml12 import YamlRefused, load, load_with_lines


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("no", "no"), ("yes", "yes"), ("true", True), ("FALSE", False), ("~", None), ("", None),
        ("12:30", "12:30"), ("1_000", "1_000"), ("052", 52), ("0o17", 15), ("0x1F", 31), ("-3", -3), ("1.5", 1.5),
        ("1e3", 1000.0), (".5", 0.5), ("2026-04-01", date(2026, 4, 1)), ("'2026-04-01'", "2026-04-01"), ("'1'", "1"),
        ("2026-04-01T10:00:00Z", "2026-04-01T10:00:00Z"), ("!!str 5", "5"), ("8中保第1号", "8中保第1号"),
    ],
)  # fmt: skip
def test_a_plain_word_is_what_the_core_schema_says(text, value):
    assert load(f"key: {text}") == {"key": value}
    assert type(load(f"key: {text}")["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: 1\nb: 2\na: 3", 3, "'a' stands twice"),
        ("a: 1\nb: [", 3, "did not find"),
        ("a: b: c", 1, "mapping values"),
        ("a: !secret x", 1, "a tag that is not known"),
        ("a: 2026-02-30", 1, "is no timestamp"),
        ("a: &x [*x]", 1, "holds itself"),
        ("a:\n  ? [1, 2]\n  : b", 2, "a key that is no text"),
        ("a: \x07", 1, "not allowed"),
    ],
)
def test_what_is_refused_is_told_with_its_line(text, line, problem):
    with pytest.raises(YamlRefused) as told:
        load(text)
    assert told.value.line == line and problem in told.value.problem


def test_every_key_and_item_has_its_line():
    _tree, lines = load_with_lines("a:\n  b: 1\n  c:\n    - x\n    - {d: 2,\n       e: 3}\n")
    wanted = {("a",): 1, ("a", "b"): 2, ("a", "c"): 3, ("a", "c", 0): 4, ("a", "c", 1): 5, ("a", "c", 1, "d"): 5}
    assert lines == {**wanted, ("a", "c", 1, "e"): 6}


def test_what_an_anchor_names_is_read_wherever_it_is_meant():
    assert load("a: &x [1, 2]\nb: *x") == {"a": [1, 2], "b": [1, 2]}


WORDS = some.text(some.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20)
SIMPLE = some.recursive(
    some.none() | some.booleans() | some.integers(-(10**9), 10**9) | WORDS,
    lambda inside: some.lists(inside, max_size=4) | some.dictionaries(WORDS, inside, max_size=4),
    max_leaves=12,
)


@given(SIMPLE)
def test_json_is_yaml_too(tree):
    assert load(json.dumps(tree, ensure_ascii=False)) == tree
