"""The examples of every procedure are judged exactly as their authors expect."""

from pathlib import Path

import pytest

from madoguchi.catalogue.checking.examples import difference, load_examples
from madoguchi.catalogue.load import folders, load

ROOT = Path(__file__).parents[5] / "procedures"
FOLDERS = folders(ROOT)
EXAMPLES = [(file, example) for folder in FOLDERS for file, example in load_examples(folder)]
COMPILED = {}


def name(file):
    return f"{file.parents[1].name}/{file.stem}"


def test_there_are_at_least_twelve_procedures():
    assert len(FOLDERS) >= 12


@pytest.mark.parametrize(("file", "example"), EXAMPLES, ids=[name(file) for file, _ in EXAMPLES])
def test_judged_as_expected(file, example):
    folder = file.parents[1]
    if folder not in COMPILED:
        COMPILED[folder] = load(folder)
    assert difference(COMPILED[folder], example) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_each_procedure_shows_an_accepted_and_a_refused_application(folder):
    assert {example.outcome.accepted for _, example in load_examples(folder)} == {True, False}
