"""What drills are run against; what takes seconds to start is started once."""

import os

import pytest

from bench.hall import Hall


@pytest.fixture(scope="session")
def hall():
    """A hall whose web servers each drill starts and ends itself."""
    before = os.environ["MADOGUCHI_HOME"]
    with Hall() as one:
        os.environ["MADOGUCHI_HOME"] = before  # other tests' processes have the tests' own
        yield one
