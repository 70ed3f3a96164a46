"""Two real web hosts and two workers, each with a home of its own, on one database; a real mail server."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from madoguchi.config.serving import command
from tests.hosts.visitor import Visitor
from tests.stories.cast import PASSWORD, code_now
from tests.stories.conftest import ROOT, Mailbox, collect_static, free_port, wait_until_open

TOKEN = "figures-of-the-two-hosts"


@dataclass
class Host:
    """One machine of the hall, as far as the program can tell."""

    url: str
    environment: dict

    @property
    def home(self):
        """Its own disk."""
        return Path(self.environment["MADOGUCHI_HOME"])

    def run(self, *command):
        """A command on this host; what it printed."""
        told = subprocess.run(
            [sys.executable, *command], env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        return told.stdout

    def sells(self, *categories):
        """Tickets of today, signed on this host."""
        return json.loads(self.run("tests/stories/children/sell_tickets.py", "museum-of-two", *categories))


@dataclass
class Two:
    """Both hosts and what they share."""

    a: Host
    b: Host
    owner: str
    mailbox: Mailbox


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Prepared at A; B gets A's signing key, as an operator brings it, and nothing else."""
    from aiosmtpd.controller import Controller

    from madoguchi.config.database.roles import APP_ROLE, ensure_database, migrate, with_parts

    owner = ensure_database(os.environ["DATABASE_URL"], f"hosts_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    migrate(owner)
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    post.start()
    ports = free_port(), free_port()
    shared = {
        **os.environ,
        "DATABASE_URL": with_parts(owner, user=APP_ROLE),
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "MADOGUCHI_TESTING": "0",
        "MADOGUCHI_SECRET_KEY": "the same on both hosts, and known to whoever reads this test",
        "MADOGUCHI_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
        "MADOGUCHI_METRICS_TOKEN": TOKEN,
        "MADOGUCHI_SMTP_HOST": "127.0.0.1",
        "MADOGUCHI_SMTP_PORT": str(mailbox.port),
    }
    a, b = (
        Host(f"http://127.0.0.1:{port}", shared | {"MADOGUCHI_HOME": str(tmp_path_factory.mktemp(name))})
        for port, name in zip(ports, ("host-a", "host-b"), strict=True)
    )
    collect_static()
    a.run("tests/stories/children/open_the_hall.py")
    shutil.copytree(a.home / "keys", b.home / "keys")
    started = []
    for host, workers in ((a, 2), (b, 1)):
        started += [start_web(host, workers=workers), start_worker(host)]
    try:
        for host, web in ((a, started[0]), (b, started[2])):
            wait_until_open(host.url + "/", web)
        yield Two(a, b, owner, mailbox)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)
        post.stop()


def signed_in(host, email):
    """An officer's browser: password, then the second factor."""
    browser, page = Visitor(), f"{host.url}/accounts/login/"
    sent = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": browser.get(page).token}
    answer = browser.post(page, sent)
    assert answer.status == 302, answer.text
    second = host.url + answer.headers["Location"]
    answer = browser.post(second, {"code": code_now(), "csrfmiddlewaretoken": browser.get(second).token})
    assert answer.status == 302, answer.text
    return browser


def start_web(host, *, workers):
    """The web server of a host."""
    served = command.web(host="127.0.0.1", port=int(host.url.rpartition(":")[2]), workers=workers)
    return subprocess.Popen([sys.executable, "-m", *served], env=host.environment, cwd=ROOT)


def start_worker(host):
    """The job worker of a host."""
    command = [sys.executable, "-m", "django", "procrastinate", "--skip-checks", "worker"]
    return subprocess.Popen(command, env=host.environment, cwd=ROOT)
