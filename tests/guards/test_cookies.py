"""Every cookie is for this host alone, out of reach of scripts, and on https sent over https only."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.test import Client

from madoguchi.platform import cookies
from tests import gate, town
from tests.signing_in import code, officer_with_password, types_password

ROOT = Path(__file__).parents[2]
SOURCES = [p for p in (ROOT / "src").rglob("*.py") if not {"tests", "migrations"} & set(p.parts)]
SETTERS = {"set_cookie", "set_signed_cookie"}


def test_cookies_are_set_in_one_place():
    found = [
        (path.name, node.lineno)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in SETTERS
    ]
    assert [name for name, _line in found] == ["cookies.py"]


def test_on_https_every_name_is_of_this_host_alone():
    """In a process of its own: the settings are read once."""
    asked = (
        "import django; django.setup(); from django.conf import settings as s;"
        "from madoguchi.platform import cookies as c;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, c.name('x'), s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH,"
        " s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, s.LANGUAGE_COOKIE_DOMAIN)"
    )
    environment = {**os.environ, "MADOGUCHI_PUBLIC_URL": "https://hall.example",
                   "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "__Host-desk",
        "__Host-csrftoken",
        "__Host-x",
        *["True"] * 4,
        "/",
        "/",
        *["None"] * 3,
    ]


@pytest.fixture
def https(settings):
    """As with an https address."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-desk", "__Host-csrftoken"


@pytest.mark.django_db
def test_every_cookie_that_people_are_given_is_so(https):
    """An officer's sign-in, work and sign-out; an applicant's case; a visitor's order."""
    given = {}
    officer = officer_with_password()
    desk = Watching(given, headers=town.SAME_SITE)
    desk.get("/accounts/login/")
    types_password(desk, officer)
    desk.post("/accounts/2fa/authenticate/", {"code": code()})
    desk.post("/desk/me/", {"post": officer.posts.get().pk})
    desk.get("/desk/")
    desk.post("/accounts/logout/")
    case, order = town.applied(), gate.sold("adult")
    visitor = Watching(given, headers=town.SAME_SITE)
    visitor.post("/applications/", {"reference": case.reference, "key": town.case_key(case.pk)})
    visitor.get(f"/orders/{order.secret}/")
    names = {"__Host-desk", "__Host-csrftoken", "__Host-messages", "__Host-known", "__Host-cases"}
    assert names <= set(given), set(given)
    for name, morsel in given.items():
        told = (morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"])
        assert name.startswith("__Host-"), name
        assert told == (True, True, "Lax", "/", ""), (name, told)


class Watching(Client):
    """A browser on https that notes each cookie when it is set."""

    def __init__(self, given, **how):
        super().__init__(**how)
        self.given = given

    def request(self, **how):
        """One request."""
        answer = super().request(**{**how, "wsgi.url_scheme": "https", "SERVER_PORT": "443"})
        self.given.update({name: one for name, one in answer.cookies.items() if one.value})
        return answer


def test_what_was_kept_under_the_plain_name_is_still_read(https):
    assert cookies.read({"cases": "old"}, "cases") == "old"
    assert cookies.read({"cases": "old", "__Host-cases": "new"}, "cases") == "new"


@pytest.mark.django_db
def test_signing_out_makes_the_browser_forget_but_not_what_a_gate_has_scanned():
    browser = town.browser_of(town.mori())
    answer = browser.post("/accounts/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.cookies[ours.SESSION_COOKIE_NAME]["max-age"] == 0
    assert "Clear-Site-Data" not in browser.get("/accounts/login/").headers
