"""`madoguchi run`: the whole city hall from one command, and its end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from typing import NoReturn

from . import environment as env
from .database import APP_ROLE, ensure_database, migrate, start_embedded, with_parts

READY_SECONDS = 60
TOO_SOON = 3.0  # a child that lives shorter is broken, not unlucky


class Refused(Exception):
    """The city hall cannot be brought up; the text says why and what to do."""


class Ended(Exception):
    """Somebody asked for the end (Ctrl-C, SIGTERM)."""


def run(*, host: str, port: int, workers: int) -> int:
    """Bring everything up, serve until asked to stop, end every child. Raises Refused."""
    _port_is_free(host, port)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    print("Madoguchi: preparing the database ...", flush=True)
    server, database = _database()
    children: dict[str, subprocess.Popen[bytes]] = {}
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
    environment.setdefault("MADOGUCHI_PUBLIC_URL", f"http://{host}:{port}")
    commands = _commands(host, port, workers)
    try:
        for prepare in (["django", "collectstatic", "--noinput", "-v0"], ["madoguchi.config.cli", "setup"]):
            subprocess.run([sys.executable, "-m", *prepare], env=environment, check=True)  # noqa: S603
        for name in commands:
            children[name] = _start(commands[name], environment)
        _wait_until_open(f"http://{host}:{port}/", children["web"])
        _greet(f"http://{host}:{port}", environment)
        _watch(commands, children, environment)
    except Ended:
        print("\nMadoguchi: closing ...", flush=True)
        return 0
    finally:
        _stop(children)
        del server


def _end(number: int, frame: object) -> NoReturn:
    raise Ended


def _port_is_free(host: str, port: int) -> None:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as fault:
            raise Refused(
                f"port {port} is in use ({fault.strerror}): stop what listens there, or use --port."
            ) from fault


def _database() -> tuple[object, str]:
    """The operator's PostgreSQL, or our own; returns what must be kept alive and the URL for the application's role."""
    if url := os.environ.get("DATABASE_URL"):
        migrate(os.environ.get("DATABASE_OWNER_URL") or url)
        return None, url
    server, owner = start_embedded(env.home() / "postgres")
    owner = ensure_database(owner, "madoguchi")
    migrate(owner)
    return server, with_parts(owner, user=APP_ROLE)


def _commands(host: str, port: int, workers: int) -> Mapping[str, list[str]]:
    web = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    web += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "madoguchi.config.wsgi:application"]
    return {"web": web, "worker": ["django", "procrastinate", "worker"]}


def _start(command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # Its own process group: Ctrl-C at the terminal reaches only us, and we end the children in order.
    return subprocess.Popen([sys.executable, "-m", *command], env=environment, start_new_session=True)  # noqa: S603


def _wait_until_open(url: str, web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if web.poll() is not None:
            raise Refused("the web process ended while starting; its message stands above.")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise Refused(f"{url} did not answer within {READY_SECONDS} seconds.")


def _greet(url: str, environment: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "madoguchi.config.greeting", url], env=environment, check=True)  # noqa: S603


def _watch(
    commands: Mapping[str, list[str]], children: dict[str, subprocess.Popen[bytes]], environment: Mapping[str, str]
) -> NoReturn:
    started = dict.fromkeys(children, time.monotonic())
    while True:
        time.sleep(0.5)
        for name, child in list(children.items()):
            if child.poll() is None:
                continue
            if time.monotonic() - started[name] < TOO_SOON:
                raise Refused(f"the {name} process keeps ending (code {child.returncode}); its message stands above.")
            print(f"Madoguchi: the {name} process ended (code {child.returncode}); starting it again.", flush=True)
            children[name], started[name] = _start(commands[name], environment), time.monotonic()


def _stop(children: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
