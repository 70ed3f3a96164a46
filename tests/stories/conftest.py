"""The stories' stage: the real city hall (PostgreSQL, granian, worker, mail server) and a real browser on loopback."""

import email
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from email import policy
from functools import cache
from pathlib import Path

import pytest

from madoguchi.catalogue.load import load
from tests.stories.cast import FOOD, kobayashis_answers, sign_in
from tests.stories.filling import fill

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
START_SECONDS = 60
MAIL_SECONDS = 30


def free_port():
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@cache
def collect_static():
    """As a hall does it that is no test; once, for all halls of this checkout have the same folder."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "madoguchi.config.settings", "MADOGUCHI_TESTING": "0"}
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)


@dataclass
class Mailbox:
    """A real SMTP server that keeps what it is given."""

    port: int = field(default_factory=free_port)
    letters: list = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    async def handle_DATA(self, server, session, envelope):
        """A letter arrives."""
        with self.arrived:
            self.letters.append(
                (envelope.rcpt_tos[0], email.message_from_bytes(envelope.content, policy=policy.default))
            )
            self.arrived.notify_all()
        return "250 OK"

    def wait_for(self, to, words):
        """The text of the newest letter to somebody whose subject holds the words."""
        found = []

        def look():
            found[:] = [letter for rcpt, letter in self.letters if rcpt == to and words in letter["subject"]]
            return bool(found)

        with self.arrived:
            assert self.arrived.wait_for(look, MAIL_SECONDS), f"no letter to {to} about {words!r}"
        return found[-1].get_content()


@dataclass
class Hall:
    """The running city hall."""

    url: str
    mailbox: Mailbox
    environment: dict

    def link_in(self, text, towards="/"):
        """The path of the first link of a letter into this hall that leads there."""
        return re.search(re.escape(self.url) + rf"({towards}\S+)", text).group(1)


@pytest.fixture(scope="session")
def hall(tmp_path_factory):
    """Bring the city hall up once for all stories; everything it started ends with the session."""
    from aiosmtpd.controller import Controller

    from madoguchi.config.database.roles import APP_ROLE, ensure_database, migrate, with_parts
    from madoguchi.config.serving import command

    owner = ensure_database(os.environ["DATABASE_URL"], f"stories_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    migrate(owner)
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    post.start()
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": with_parts(owner, user=APP_ROLE),
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "MADOGUCHI_HOME": str(tmp_path_factory.mktemp("hall")),
        "MADOGUCHI_TESTING": "0",
        "MADOGUCHI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MADOGUCHI_JPQR_MERCHANT": "1234567890123-1234-123456-123456",
        "MADOGUCHI_SMTP_HOST": "127.0.0.1",
        "MADOGUCHI_SMTP_PORT": str(mailbox.port),
    }
    run = [sys.executable, "-m"]
    collect_static()
    subprocess.run(
        [sys.executable, str(ROOT / "tests/stories/children/open_the_hall.py")], env=environment, cwd=ROOT, check=True
    )
    web = [*run, *command.web(host="127.0.0.1", port=port, workers=1)]
    worker = [*run, "django", "procrastinate", "worker"]
    started = [subprocess.Popen(command, env=environment, cwd=ROOT) for command in (web, worker)]
    try:
        wait_until_open(f"http://127.0.0.1:{port}/", started[0])
        yield Hall(f"http://127.0.0.1:{port}", mailbox, environment)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)
        post.stop()


def wait_until_open(url, process):
    """Until the first page is served, or the process has ended."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the web process ended while starting"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            process_is_starting = threading.Event()
            process_is_starting.wait(0.1)
    raise AssertionError(f"{url} did not open within {START_SECONDS} s")


@pytest.fixture
def person(chromium, hall):
    """A person with a device of their own: `person(PHONE)`; scripts can be switched off."""
    contexts = []

    def arrive(viewport=PHONE, *, scripts=True, language="ja-JP"):
        context = chromium.new_context(
            viewport=viewport, java_script_enabled=scripts, locale=language, base_url=hall.url, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def violations():
    """What axe-core (wording: Japanese) finds on a page; the list must be empty."""
    axe = (ROOT / "build/axe/axe.min.js").read_text()
    locale = (ROOT / "build/axe/ja.json").read_text()

    def look(page):
        # evaluate() runs beside the page's scripts, so the page's own CSP stays as it is.
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(axe)
            page.evaluate("locale => axe.configure({locale})", json.loads(locale))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: {assets: ['media']}})")
        return [(v["id"], v["help"], [n["html"][:160] for n in v["nodes"]][:3]) for v in found["violations"]]

    return look


@pytest.fixture
def apply_online(person):
    """小林 applies and pays the fee; returns her page, standing at the case, and its reference."""

    def apply(*, paid=True, **changes):
        page = person()
        page.goto(f"/procedures/{FOOD}/apply/")
        fill(page, load(ROOT / "procedures" / FOOD), kobayashis_answers(ROOT, **changes))
        page.click("[data-submit] button")
        page.click("button:has-text('この内容で送信する')")
        page.wait_for_url("**/received/")
        page.click("text=状況を確認する")
        reference = page.locator("h1").inner_text()
        if paid:
            page.click("text=支払いに進む")
            page.click("button:has-text('試験用の支払い')")
            page.click("button[value=pay]")
            page.wait_for_url("**/attempts/**")
            page.goto(f"/applications/{reference}/")
        return page, reference

    return apply


@pytest.fixture(scope="session")
def desks(chromium, hall):
    """Signed-in officers; each signs in once, since a code is good only once."""
    pages = {}

    def at(name):
        if name not in pages:
            context = chromium.new_context(viewport=DESKTOP, locale="ja-JP", base_url=hall.url, accept_downloads=True)
            page = context.new_page()
            page.set_default_timeout(15_000)
            sign_in(page, f"{name}@minatono.example")
            pages[name] = page
        return pages[name]

    yield at
    for page in pages.values():
        page.context.close()


@pytest.fixture
def sell(hall):
    """Sold tickets of a facility: `sell("museum", "adult", "student")`."""

    def sell(facility, *categories):
        command = [sys.executable, str(ROOT / "tests/stories/children/sell_tickets.py"), facility, *categories]
        done = subprocess.run(command, env=hall.environment, cwd=ROOT, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    return sell
