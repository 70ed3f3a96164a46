"""What the tests of the documentation share: the tutorial's procedure, as its reader wrote and published it."""

import pytest

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.catalogue import queries as catalogue
from madoguchi.config import cli
from tests.docs.reading import DOCS, blocks, typed

TUTORIAL = DOCS / "tutorial" / "add-a-procedure.md"
CODE = "bicycle-parking-pass"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty project folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def written(folder):
    """Everything that the tutorial tells its reader to type."""
    for block in blocks(TUTORIAL):
        if block.file:
            typed(block, folder)
    return folder / "procedures"


@pytest.fixture
def published(written, settings, db, capsys):
    """The procedure, open to the public in the test's own database."""
    facilities()  # the demo town's, kept for this process; the reader's folder has none
    settings.PROCEDURES_DIR, settings.FACILITIES_DIR = written, written.with_name("facilities")
    given = cli.parser().parse_args(["publish", "procedures/"])
    assert given.does(given) == 0
    assert capsys.readouterr().out.endswith(f"Published: {CODE}\n")
    yield catalogue.find(CODE).compiled
    catalogue.forget()
