"""A PostgreSQL of its own on a port of the loopback, as an operator has one: it can be stopped and started again."""

import signal
import subprocess
import time
from pathlib import Path

import psycopg

from bench.hall import free_port
from madoguchi.config.database.embedded import Embedded, _as_user, _program, ends_with_parent
from madoguchi.config.database.roles import ensure_database

START_SECONDS = 60


class Database:
    """Reached over TCP only; `url` is its owner's. `town`: the home of a hall that is closed, whose data is copied."""

    def __init__(self, folder: Path, town: Path | None = None) -> None:
        self.folder, self.port = folder / "operators-postgres", free_port()
        if town:
            subprocess.run(["cp", "--archive", town / "postgres", self.folder], check=True)
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/madoguchi"

    def __enter__(self) -> "Database":
        embedded = Embedded(self.folder)
        embedded.start()
        try:
            ensure_database(embedded.url, "madoguchi")
        finally:
            embedded.cleanup()
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.stop()

    def start(self) -> None:
        """Until it answers. Raises RuntimeError."""
        command = [_program("postgres"), "-D", str(self.folder), "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        with self.folder.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd="/", start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGQUIT), **_as_user(),
            )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL does not answer: see {log.name}")
            time.sleep(0.03)

    def stop(self) -> None:
        """At once, as when its machine loses its power; the next start recovers."""
        stop = [_program("pg_ctl"), "stop", "-D", str(self.folder), "-m", "immediate", "--silent"]
        subprocess.run(stop, check=True, cwd="/", **_as_user())
        self.process.wait()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True
