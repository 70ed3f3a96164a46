"""pytest plugin: a throw-away PostgreSQL for the tests, started before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .database.roles import ensure_database, start_embedded

if TYPE_CHECKING:
    from .database.embedded import Embedded

SERVERS: list["Embedded"] = []
"""The throw-away server; none where the tests were given a database."""


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["MADOGUCHI_HOME"] = str(folder / "home")
    os.environ.setdefault("MADOGUCHI_DEBUG", "0")
    os.environ["MADOGUCHI_TESTING"] = "1"
    os.environ["MADOGUCHI_RUSH"] = "0"  # tests at any time of the day; those of the line switch it on
    if "DATABASE_URL" not in os.environ:
        server, url = start_embedded(folder / "pg", durable=False)
        SERVERS.append(server)
        atexit.register(server.cleanup)  # runs before the folder is removed: last in, first out
        os.environ["DATABASE_URL"] = ensure_database(url, "madoguchi")


_start()
