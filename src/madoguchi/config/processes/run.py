"""`madoguchi run`: the whole city hall from one command, and its end."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from typing import NoReturn

from .. import environment as env
from ..database.embedded import Embedded
from ..database.roles import APP_ROLE, ensure_database, migrate, with_parts
from ..environment import Refused
from ..serving.command import web
from .parts import Part, module, say

READY_SECONDS = 60
STOP_SECONDS = 20
LOOK_SECONDS = 0.2

WORKER = ["madoguchi.config.processes.worker"]
PAST = ["madoguchi.config.processes.past"]


class Ended(Exception):
    """Somebody asked for the end (Ctrl-C, SIGTERM, a closed terminal)."""


def run(*, host: str, port: int, workers: int) -> int:
    """Bring everything up, serve until asked to stop, end every child. Raises Refused."""
    _port_is_free(host, port)
    os.umask(0o077)  # letters, keys and rows are this installation's business
    hall = Hall(host, port, workers)
    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for number in signals:
        signal.signal(number, hall.end)
    try:
        hall.open()
        hall.keep_open()
    except Ended:
        say("closing ...")
        return 0
    finally:
        for number in signals:  # closing takes a moment and is not interrupted
            signal.signal(number, signal.SIG_IGN)
        hall.close()
        _drop_what_cannot_be_printed()


def _drop_what_cannot_be_printed() -> None:
    """Or Python would try once more at its end, and leave with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _port_is_free(host: str, port: int) -> None:
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
    except OSError as fault:
        reason = {
            errno.EADDRINUSE: f"port {port} is in use: stop what listens there, or use --port.",
            errno.EACCES: f"port {port} is for root only: use --port with a number from 1024 on.",
        }
        told = reason.get(fault.errno or 0, f"{host} cannot be listened on ({fault.strerror}): use another --host.")
        raise Refused(told) from fault


class Hall:
    """The database, the web server and the worker of one `madoguchi run`."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{port}"
        reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, shown)  # noqa: S104 - only compared
        self._own_address = f"http://{reached}:{port}/"
        self._web = web(host=host, port=port, workers=workers)
        self._must_end = False
        self._embedded: Embedded | None = None
        self._databases: list[Part] = []
        self._parts: list[Part] = []

    def open(self) -> None:
        """Database, tables, definitions, then web and worker; says so when the first page is served.

        Until then what is broken is refused. Raises Refused.
        """
        say("preparing the database ...")
        environment = {**os.environ, "DATABASE_URL": self._database()}
        environment["DJANGO_SETTINGS_MODULE"] = "madoguchi.config.settings"
        environment.setdefault("MADOGUCHI_PUBLIC_URL", self.url)
        environment.setdefault("MALLOC_ARENA_MAX", "2")  # a heap for each of many threads would be memory for nothing
        greeting = _prepare(self.url, environment)
        self._parts.append(web := Part("web", module(self._web, environment)))
        _wait_until_open(self._own_address, web.process)
        self._parts.append(Part("worker", module(WORKER, environment)))
        with suppress(OSError):
            print(greeting, flush=True)
        self._parts.append(Part("the demo town's past", module(PAST, environment), once=True))

    def keep_open(self) -> NoReturn:
        """Start again what ends, whatever it is and however often; only the operator closes the hall."""
        while not self._must_end:
            time.sleep(LOOK_SECONDS)
            self._parts = [part for part in self._parts if not part.is_done]
            for part in (*self._databases, *self._parts):
                part.look_after()
        raise Ended

    def end(self, number: int, frame: object) -> NoReturn:
        """What a signal calls. The wish is kept: Python drops what is raised in a callback, for example of a fork."""
        self._must_end = True
        raise Ended

    def close(self) -> None:
        """End every part, then the database."""
        for part in self._parts:
            part.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for part in self._parts:
            part.end(until)
        if self._embedded:
            self._embedded.cleanup()

    def _database(self) -> str:
        """The operator's PostgreSQL, or our own; the URL is that of the application's role."""
        if url := os.environ.get("DATABASE_URL"):
            migrate(os.environ.get("DATABASE_OWNER_URL") or url)
            return url
        self._embedded = Embedded(env.home() / "postgres")  # known before it starts: whatever happens, it is ended
        server = self._embedded.start()
        owner = ensure_database(self._embedded.url, "madoguchi")
        migrate(owner)
        launch, is_ready = self._embedded.launch, self._embedded.is_ready
        self._databases.append(Part("the database", launch, process=server, is_ready=is_ready))
        return with_parts(owner, user=APP_ROLE)


def _prepare(url: str, environment: Mapping[str, str]) -> str:
    """Static files, keys, definitions, the demo town; returns what to say when the doors open."""
    command = [sys.executable, "-m", "madoguchi.config.processes.greeting", url]
    done = subprocess.run(  # noqa: S603 - our own command line
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True, check=False
    )
    if done.returncode:
        raise Refused("the hall could not be prepared; the reason stands above.")
    return done.stdout


def _wait_until_open(url: str, web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if web.poll() is not None:
            raise Refused("the web process ended while starting; its message stands above.")
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError as answer:
            if answer.code < 500:  # for example 400: MADOGUCHI_HOSTS names other hosts than this address
                return
            raise Refused(f"the first page answers {answer.code}; the reason stands above.") from answer
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise Refused(f"{url} did not answer within {READY_SECONDS} seconds.")
