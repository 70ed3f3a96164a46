"""A question type is a folder and a line, as CONTRIBUTING shows them, and is known everywhere."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest

from tests.docs.reading import ROOT, blocks, typed
from tests.node import says

TYPES = "src/madoguchi/catalogue/questions/"
CHILD = Path(__file__).parent / "children" / "use_a_question_type.py"
ASKED = {"id": "opens_at", "type": "time", "label": "開店時刻"}
RULE = "opens_at >= '05:00'"
REFUSED = "時刻を24時間制で入力してください。例：9:30、21時15分"
READ = """
const form = (text) => ({ get: () => text });
console.log(JSON.stringify(given.texts.map((text) => script.default.time(form(text), "q"))));
"""


def boxes():
    """What the page tells its reader to type."""
    return [one for one in blocks(ROOT / "CONTRIBUTING.md") if one.file.startswith(TYPES)]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of the package; the page's reader works in such a one."""
    place = tmp_path_factory.mktemp("copy")
    leave = shutil.ignore_patterns("__pycache__", "tests", "*.po")
    shutil.copytree(ROOT / "src", place / "src", ignore=leave)
    shutil.copytree(ROOT / "flows", place / "flows")
    (place / "build").symlink_to(ROOT / "build")  # the table of postal codes
    shutil.copy(ROOT / "package.json", place)
    return place


@pytest.fixture(scope="module")
def followed(package, tmp_path_factory):
    """Another, once the page was followed."""
    place = shutil.copytree(package, tmp_path_factory.mktemp("followed") / "copy", symlinks=True)
    for box in boxes():
        typed(box, place)
    return place


def used(place, rule=RULE, answers=("9:30",)):
    """What the copy says of the question."""
    done = subprocess.run(
        [sys.executable, CHILD],
        cwd=place,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(place / "src"), os.environ.get("PYTHONPATH", "")])},
        input=json.dumps({"question": ASKED, "rule": rule, "answers": answers}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_without_the_line_there_is_no_such_type(package):
    assert "Input tag 'time' found" in "".join(used(package)["faults"])


def test_it_is_checked_judged_and_shown(followed):
    told = used(followed, answers=["9:30", "２１時１５分", "4:59", "24:00", "9時", "nine"])
    assert told["faults"] == []
    assert told["judged"] == [
        ["09:30", "9時30分", "09:30"],
        ["21:15", "21時15分", "21:15"],
        ["早すぎます。"],
        [REFUSED],
        [REFUSED],
        [REFUSED],
    ]


def test_it_is_drawn_with_what_was_typed_and_what_is_wrong(followed):
    (field,) = lxml.html.fragments_fromstring(used(followed, answers=["9:30", "24:00"])["drawn"])
    (box,) = field.xpath("//input[@name='opens_at']")
    assert (box.get("value"), box.get("autocomplete"), box.get("aria-invalid")) == ("24:00", "off", "true")
    assert [one.text_content().strip() for one in field.xpath("//p")] == [f"＊{REFUSED}"]


def test_a_rule_that_no_time_fulfils_is_found(followed):
    assert "this rule can never hold" in "".join(used(followed, rule="opens_at > '23:59'")["faults"])


def test_the_published_schema_knows_it(followed):
    used(followed)
    schema = json.loads((followed / "schema.json").read_text("utf-8"))
    assert schema["$defs"]["Time"]["properties"]["type"]["const"] == "time"


def test_conditions_read_it_in_the_browser_as_the_server_stores_it(followed):
    assert "time" in used(followed)["read"]
    script = followed / TYPES / "time/browser.js"
    typed_times = ["9:30", "２１：１５", "21時15分", "24:00", ""]
    assert says(script, READ, texts=typed_times) == ["09:30", "21:15", "21:15", "", ""]
