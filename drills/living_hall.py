"""A real `madoguchi run` in a home of its own, its processes by what they are, and the letters that it sends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller

from bench.hall import free_port
from madoguchi.config.database.embedded import Embedded
from madoguchi.config.processes.run import WORKER
from madoguchi.config.serving.command import MODULE

OPENS_SECONDS = 300
KINDS = ("web worker", "web master", "job worker", "postmaster", "backend")


def clean(home: Path) -> dict[str, str]:
    """The environment of a hall with this home and no past, whatever is set around it."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "MADOGUCHI_"))}
    return ours | {"MADOGUCHI_HOME": str(home), "MADOGUCHI_DEMO_CASES": "0"}


class Letters:
    """A mail server that takes everything: how often each address got each letter (Message-ID)."""

    def __init__(self) -> None:
        self.port, self.sent = free_port(), Counter[tuple[str, str]]()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """What aiosmtpd calls for each letter."""
        number = str(message_from_bytes(envelope.content)["Message-ID"])
        self.sent.update((address, number) for address in envelope.rcpt_tos)
        return "250 OK"

    def __enter__(self) -> "Letters":
        self._server.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.stop()


class LivingHall:
    """Started as an operator starts it; leaving the context closes it as an operator does.

    `town` is the home of a hall that is closed: a copy of it is opened, which is quicker than a new one.
    """

    def __init__(
        self, *, home: Path | None = None, log: Path | None = None, town: Path | None = None, **environment: str
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="madoguchi-drill-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        folder.chmod(0o755)  # PostgreSQL runs as another user when this runs as root
        self.home, self.log, self.port = home or folder / "home", log or folder / "log", free_port()
        if town:
            subprocess.run(["cp", "--archive", town, self.home], check=True)  # PostgreSQL's folder keeps its owner
        self.environment = clean(self.home) | environment

    def __enter__(self) -> "LivingHall":
        command = [sys.executable, "-m", "madoguchi.config.cli", "run", "--port", str(self.port), "--workers", "2"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        until = time.monotonic() + OPENS_SECONDS
        while "Ctrl-C closes the hall" not in self.told():
            if self.process.poll() is not None or time.monotonic() > until:
                told = self.told()[-500:]
                self.__exit__()
                raise RuntimeError(f"the hall did not open: {told}")
            time.sleep(0.1)
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(90)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._folder.cleanup()

    def told(self) -> str:
        """What it wrote to its terminal."""
        return self.log.read_text(errors="replace")

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What `madoguchi <words>` says."""
        whole = [sys.executable, "-m", "madoguchi.config.cli", *words]
        return subprocess.run(whole, env=self.environment, capture_output=True, text=True, check=False)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """From its database. Raises psycopg.OperationalError while that is away."""
        url = Embedded.address(self.home / "postgres").replace("/postgres?", "/madoguchi?")
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[call-overload]

    def parts(self, kind: str) -> list[int]:
        """The processes of a kind that live now."""
        ours = {pid: _command(pid) for pid in _children(self.process.pid)}
        masters = [pid for pid, command in ours.items() if MODULE in command]
        postmasters = [pid for pid, command in ours.items() if "bin/postgres" in command]
        if kind == "backend":
            found = [pid for master in postmasters for pid in _children(master)]
            return [pid for pid in found if "madoguchi_app" in _command(pid)]
        if kind == "web worker":
            found = [pid for master in masters for pid in _children(master)]
            return [pid for pid in found if "resource_tracker" not in _command(pid)]
        if kind == "job worker":
            return [pid for pid, command in ours.items() if WORKER[0] in command]
        return masters if kind == "web master" else postmasters

    def kill(self, pid: int) -> bool:
        """Whether it was still there to be killed."""
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True


def _children(pid: int) -> list[int]:
    found = list[int]()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
