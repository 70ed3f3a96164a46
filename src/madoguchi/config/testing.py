"""pytest plugin: a throw-away PostgreSQL for the tests, started before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from .database import ensure_database, start_embedded


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-test-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
    os.environ["MADOGUCHI_HOME"] = str(folder / "home")
    os.environ.setdefault("MADOGUCHI_DEBUG", "0")
    os.environ["MADOGUCHI_TESTING"] = "1"
    if "DATABASE_URL" not in os.environ:
        server, url = start_embedded(folder / "pg")
        os.environ["DATABASE_URL"] = ensure_database(url, "madoguchi")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        globals()["_server"] = server


_start()
