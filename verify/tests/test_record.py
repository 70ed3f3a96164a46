"""The outsiders' check of an exported record agrees with the chain the city keeps."""

import importlib.util
import json
from pathlib import Path

import pytest

from madoguchi.foundation.record import GENESIS, link

PROGRAM = Path(__file__).parents[1] / "verify_record.py"


@pytest.fixture(scope="module")
def program():
    spec = importlib.util.spec_from_file_location("verify_record", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def events():
    """As the city exports them, made by the city's own code."""
    payloads = [
        {"kind": "submitted", "at": "2026-11-23T09:00:00+09:00", "office": "保健所", "count": 3},
        {
            "kind": "corrected",
            "fields": ["water_test", "屋号"],
            "ratio": 2.0,
            "share": 0.1,
            "final": False,
            "note": None,
        },
        {"kind": "decided", "outcome": "granted", "nested": {"髙": "𠮷", "a": [1, {"b": -0.0}]}},
    ]
    made, previous = [], GENESIS
    for payload in payloads:
        made.append({"previous": previous, "hash": link(previous, payload), "payload": payload})
        previous = made[-1]["hash"]
    return made


def run(program, tmp_path, data) -> int:
    (tmp_path / "events.json").write_text(data if isinstance(data, str) else json.dumps(data))
    return program.main([str(tmp_path / "events.json")])


def test_an_unbroken_record_is_genuine_and_its_last_hash_is_shown(program, tmp_path, events, capsys):
    assert run(program, tmp_path, events) == 0
    assert events[-1]["hash"] in capsys.readouterr().out


def test_an_empty_record_is_unbroken(program, tmp_path):
    assert run(program, tmp_path, []) == 0


FORGERIES = {
    "an event changed": lambda e: e[1]["payload"].update(kind="granted"),
    "an event left out": lambda e: e.pop(1),
    "the first event left out": lambda e: e.pop(0),
    "two events swapped": lambda e: e.insert(0, e.pop(1)),
    "an event twice": lambda e: e.insert(1, e[0]),
    "a hash changed": lambda e: e[2].update(hash="0" * 64),
    "a predecessor changed": lambda e: e[2].update(previous="0" * 64),
    "a payload that is no object": lambda e: e[1].update(payload=[1]),
    "an event without a hash": lambda e: e[1].pop("hash"),
    "a key added": lambda e: e[0]["payload"].update(extra=1),
    "a type changed": lambda e: e[0]["payload"].update(count="3"),
    "not a finite number": lambda e: e[0]["payload"].update(count=float("nan")),
    "a lone surrogate": lambda e: e[0]["payload"].update(kind="\ud800"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_changed_record_is_refused(program, tmp_path, events, name, capsys):
    FORGERIES[name](events)
    assert run(program, tmp_path, events) == 1
    assert "改ざん" in capsys.readouterr().out


def test_an_event_changed_and_hashed_again_breaks_the_next(program, tmp_path, events):
    events[0]["payload"]["count"] = 4
    events[0]["hash"] = link(GENESIS, events[0]["payload"])
    assert run(program, tmp_path, events) == 1


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '[{"a": 1, "a": 2}]', "[" * 100_000])
def test_a_file_that_is_no_record_cannot_be_checked(program, tmp_path, text):
    assert run(program, tmp_path, text) == 2


def test_a_file_that_is_not_there_cannot_be_checked(program, tmp_path):
    assert program.main([str(tmp_path / "nothing.json")]) == 2
