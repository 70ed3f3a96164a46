"""The reference says everything that the format has, and its examples are right."""

import json
import re
from pathlib import Path

import pytest

from madoguchi.catalogue.checking.check import write_schema
from madoguchi.catalogue.format import Procedure
from madoguchi.catalogue.questions import TYPES
from madoguchi.foundation import yaml12

REFERENCE = Path(__file__).parents[4] / "docs" / "reference"
TEXT = (REFERENCE / "definition.md").read_text(encoding="utf-8")
BY_NAME = {kind.model_fields["type"].annotation.__args__[0]: kind for kind in TYPES}
SECTIONS = {part.split("\n", 1)[0]: part for part in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]}
COMMON = {"id", "type", "label", "help", "required", "when", "when_text"}


def test_the_published_schema_is_up_to_date(tmp_path):
    write_schema(tmp_path / "schema.json")
    written = (tmp_path / "schema.json").read_text(encoding="utf-8")
    assert written == (REFERENCE / "procedure.schema.json").read_text(encoding="utf-8")


def test_the_published_schema_accepts_a_good_definition_and_refuses_another(definition):
    import jsonschema_rs

    schema = json.loads((REFERENCE / "procedure.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(definition)
    assert not validator.is_valid({**definition, "colour": "red"})


@pytest.mark.parametrize("key", [info.alias or name for name, info in Procedure.model_fields.items()])
def test_every_top_level_key_is_explained(key):
    table = TEXT.split("## Top-level keys")[1].split("## The form")[0]
    assert f"`{key}`" in table


def test_every_question_type_has_its_section_and_no_other_has():
    assert set(SECTIONS) == set(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_key_of_a_question_type_is_mentioned(name):
    for key in BY_NAME[name].model_fields.keys() - COMMON:
        assert f"`{key}`" in SECTIONS[name] or f"{key}:" in SECTIONS[name], key
    for key in COMMON:
        assert f"| `{key}` |" in TEXT


@pytest.mark.parametrize("name", BY_NAME)
def test_the_example_of_a_question_type_is_right(name):
    (block,) = re.findall(r"```yaml\n(.*?)```", SECTIONS[name], flags=re.DOTALL)
    tree = yaml12.load(block)
    assert tree["type"] == name
    BY_NAME[name].model_validate(tree)
