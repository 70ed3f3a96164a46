"""Every answer of the WSGI entry carries the security headers: pages, files, fast paths, refusals, faults."""

import io
from pathlib import Path

import pytest
from django.conf import settings

from madoguchi.design.middleware import HEADERS, HSTS
from madoguchi.people.rules import table
from tests import town
from tests.guards.test_table import VALUES
from tests.guards.urls import REFUSED, addresses

pytestmark = pytest.mark.django_db(transaction=True)
STRICTER = {"Referrer-Policy", "Cross-Origin-Resource-Policy"}
"""An address with a secret tells less; what is open to all may be used by other sites."""
OTHERS = [
    "/no-such-page/", "/en/no-such-page/", "/static/no-such.css", "/procedures", "/api/v1/nothing", "/metrics",
    "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/.well-known/security.txt", "/%00",
    "/api/3/action/package_list?x=1", "/api/3/action/package_show?id=nothing", "/datasets/?q=a b c d e f g h i j k l",
    f"/procedures/{town.RESTAURANT}/apply/",
]  # fmt: skip


@pytest.fixture(scope="module")
def entry():
    """What granian serves."""
    from madoguchi.config.wsgi import application

    return application


def asked(entry, path, method="GET", scheme="https", **headers):
    """(status, headers) of the entry's answer, read to its end."""
    path, _mark, query = path.partition("?")
    told = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path.replace("%00", "\0"), "QUERY_STRING": query.replace(" ", "+"),
        "SERVER_NAME": "testserver", "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": scheme,
        "HTTP_HOST": "testserver", "HTTP_SEC_FETCH_SITE": "same-origin", "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0", "CONTENT_TYPE": "application/x-www-form-urlencoded",
        **headers,
    }  # fmt: skip
    pieces = entry(environ, lambda status, headers, *rest: told.extend([status, headers]))
    for _piece in pieces:
        pass
    if hasattr(pieces, "close"):
        pieces.close()
    return int(told[0][:3]), told[1]


def lacking(headers, *, https=True):
    """What is missing, other, or there twice."""
    names = [name.lower() for name, _value in headers]
    found = dict(headers)
    wanted = {**HEADERS, **(dict([HSTS]) if https else {})}
    faults = [name for name, value in wanted.items() if name not in STRICTER and found.get(name) != value]
    faults += [name for name in STRICTER if not found.get(name)]
    return faults + [name for name in map(str.lower, wanted) if names.count(name) > 1]


def cookie_of(officer):
    browser = town.browser_of(officer)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.mark.parametrize("who", ["the public", "an officer"])
def test_every_url_and_every_method(entry, who):
    more = {"HTTP_COOKIE": cookie_of(town.yamamoto())} if who == "an officer" else {}
    faults, statuses = [], set()
    for address in addresses():
        if address.name == "account_logout":
            continue
        for method in ("GET", "HEAD", "POST", "OPTIONS", "DELETE"):
            status, headers = asked(entry, address.path(**VALUES), method, **more)
            statuses.add(status)
            faults += [f"{method} {address.name} {status}: {one}" for one in lacking(headers)]
    assert faults == []
    assert {200, 204, 404, 405} <= statuses
    assert who == "an officer" or {302, 403} <= statuses
    assert REFUSED & {address.name for address in addresses()}


def test_what_has_no_name_of_its_own(entry):
    for path in (*OTHERS, *OTHERS):  # the second answer is the one that was kept
        status, headers = asked(entry, path)
        assert lacking(headers) == [], (path, status)


def test_a_file_of_the_look(entry):
    root = Path(settings.STATIC_ROOT)
    if not root.is_dir():
        pytest.skip("no files are collected here")
    files = sorted(file for file in root.rglob("*.css"))[:2]
    for file in files:
        status, headers = asked(entry, f"{settings.STATIC_URL}{file.relative_to(root)}")
        assert (status, lacking(headers)) == (200, [])


def test_a_host_that_is_not_ours(entry):
    status, headers = asked(entry, "/", HTTP_HOST="evil.example")
    assert (status, lacking(headers)) == (400, [])


def test_a_fault_of_the_program(entry, monkeypatch):
    def breaks(*given, **named):
        raise ZeroDivisionError

    monkeypatch.setattr("madoguchi.counter.views.render", breaks)
    status, headers = asked(entry, "/accessibility/")
    assert (status, lacking(headers)) == (500, [])


def test_over_plain_http_no_promise_of_https_is_made(entry):
    _status, headers = asked(entry, "/", scheme="http")
    assert HSTS[0] not in dict(headers)
    assert lacking(headers, https=False) == []


def test_without_the_step_in_front_a_file_would_lack_them(entry, monkeypatch):
    """The control."""
    monkeypatch.setattr("madoguchi.design.middleware._all", lambda https: [])
    root = Path(settings.STATIC_ROOT)
    if not root.is_dir():
        pytest.skip("no files are collected here")
    file = next(root.rglob("*.css"))
    assert lacking(asked(entry, f"{settings.STATIC_URL}{file.relative_to(root)}")[1])


def test_every_row_of_the_table_was_asked():
    assert set(table()) <= {address.name for address in addresses()}
