"""What drills are run against; what takes seconds to make is made once."""

import os
import subprocess
import sys

import pytest

from bench.hall import Hall
from drills.living_hall import clean
from madoguchi.config.database.roles import APP_ROLE, ensure_database, migrate, start_embedded, with_parts


@pytest.fixture(scope="session")
def hall():
    """A hall whose web servers each drill starts and ends itself."""
    before = os.environ["MADOGUCHI_HOME"]
    with Hall() as one:
        os.environ["MADOGUCHI_HOME"] = before  # other tests' processes have the tests' own
        yield one


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """The home of a hall that was prepared as `madoguchi run` does it, and closed before its doors were open."""
    home = tmp_path_factory.mktemp("town") / "home"
    server, url = start_embedded(home / "postgres")
    try:
        owner = ensure_database(url, "madoguchi")
        migrate(owner)
        environment = clean(home) | {"DATABASE_URL": with_parts(owner, user=APP_ROLE)}
        greet = [sys.executable, "-m", "madoguchi.config.processes.greeting", "http://127.0.0.1:8000"]
        subprocess.run(greet, env=environment, stdout=subprocess.DEVNULL, check=True)
    finally:
        server.cleanup()
    return home
