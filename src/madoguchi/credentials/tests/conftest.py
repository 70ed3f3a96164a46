"""A signed document, the office that signed it, and impostors."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from madoguchi.credentials.signing import file_signer, make_file_key
from madoguchi.credentials.tests import samples
from madoguchi.paper.typst import render

FONTS = Path(__file__).parents[4] / "build" / "fonts"


@pytest.fixture(scope="session")
def fonts() -> Path:
    return FONTS


def office(directory: Path, now: datetime | None = None) -> SimpleNamespace:
    """A signing office: where its keys lie, its root, its signer."""
    files = make_file_key(directory, now=now)
    return SimpleNamespace(files=files, root=files.root.read_bytes(), signer=file_signer(directory))


@pytest.fixture(scope="session")
def ours(tmp_path_factory):
    return office(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="session")
def impostor(tmp_path_factory):
    """Another authority that gave itself and its signer our names."""
    return office(tmp_path_factory.mktemp("impostor"))


@pytest.fixture(scope="session")
def lapsed(tmp_path_factory):
    """An office whose certificate ran out a year ago."""
    return office(tmp_path_factory.mktemp("lapsed"), datetime.now(UTC) - timedelta(days=6 * 365))


@pytest.fixture(scope="session")
def unsigned(fonts) -> bytes:
    return render(samples.PERMIT, fonts=fonts)


@pytest.fixture(scope="session")
def other_unsigned(fonts) -> bytes:
    return render(samples.GRANT, fonts=fonts)


@pytest.fixture(scope="session")
def genuine(ours, unsigned) -> bytes:
    return ours.signer.sign(unsigned)


@pytest.fixture(scope="session")
def another(ours, other_unsigned) -> bytes:
    return ours.signer.sign(other_unsigned)
