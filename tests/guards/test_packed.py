"""Every text over 500 bytes that an address answers comes packed, as whoever asks can unpack it; none lies about it."""

import gzip
import io

import brotli
import pytest

from madoguchi.people.rules import table
from madoguchi.platform.packing import LEAST, TEXTS
from tests import town
from tests.guards.test_headers import cookie_of
from tests.guards.test_table import VALUES
from tests.guards.urls import LANGUAGES, addresses

pytestmark = pytest.mark.django_db(transaction=True)
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
ACCEPTED = {"gzip, deflate, br, zstd": "br", "gzip, deflate": "gzip", "identity": None}


@pytest.fixture(scope="module")
def entry():
    """What is served."""
    from madoguchi.config.wsgi import application

    return application


def asked(entry, path, accepted, **headers):
    """(status, headers, body) of the entry's answer."""
    path, _mark, query = path.partition("?")
    told = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver",
        "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "https", "HTTP_HOST": "testserver",
        "HTTP_SEC_FETCH_SITE": "same-origin", "wsgi.errors": io.StringIO(), "wsgi.input": io.BytesIO(),
        "CONTENT_LENGTH": "0", "HTTP_ACCEPT_ENCODING": accepted, **headers,
    }  # fmt: skip
    pieces = entry(environ, lambda status, headers, *rest: told.extend([status, headers]))
    body = b"".join(pieces)
    if hasattr(pieces, "close"):
        pieces.close()
    return int(told[0][:3]), {name.lower(): value for name, value in told[1]}, body


def faults_of(path, entry, more):
    """What is wrong with an address's answers, and how many were packed."""
    faults, count = [], 0
    for accepted, encoding in ACCEPTED.items():
        status, headers, body = asked(entry, path, accepted, **more)
        sent = headers.get("content-encoding")
        plain = UNPACK[sent](body) if sent in UNPACK else b""
        is_text = bool(TEXTS.match(headers.get("content-type", ""))) and status not in {204, 304}
        if sent not in {None, encoding}:
            faults.append(f"{path}: {sent} though {accepted}")
        if is_text and len(plain) >= LEAST and sent != encoding:
            faults.append(f"{path}: {status}, {len(plain)} bytes, {sent} instead of {encoding}")
        if is_text and len(plain) >= LEAST and "accept-encoding" not in headers.get("vary", "").lower():
            faults.append(f"{path}: Vary: {headers.get('vary')}")
        if int(headers.get("content-length", len(body))) != len(body):
            faults.append(f"{path}: {headers['content-length']} is not its length, {len(body)}")
        count += sent is not None
    return faults, count


@pytest.mark.parametrize("who", ["the public", "an officer"])
def test_every_address_that_is_read(entry, who):
    town.applied()
    more = {"HTTP_COOKIE": cookie_of(town.yamamoto())} if who == "an officer" else {}
    faults, packed = [], 0
    for address in addresses():
        if "GET" in table().get(address.name, table()["counter:home"]).methods and address.name != "account_logout":
            found, count = faults_of(address.path(**VALUES), entry, more)
            faults, packed = faults + found, packed + count
    assert faults == []
    assert packed > 100


def test_public_pages_in_three_languages_at_the_second_asking_too(entry):
    pages = ("/", "/procedures/", f"/procedures/{town.RESTAURANT}/", f"/procedures/{town.RESTAURANT}/apply/",
             "/statistics/", "/datasets/", "/accounts/login/")  # fmt: skip
    for language in LANGUAGES:
        for page in pages:
            path = page if language == "ja" else f"/{language}{page}"
            for _time in range(2):  # the second is kept
                assert faults_of(path, entry, {})[0] == []


def test_what_is_kept_is_packed_as_small_as_it_can_be_once_it_is_asked_again(entry, monkeypatch):
    monkeypatch.setattr("madoguchi.platform.same_pages.FRESH_SECONDS", -1.0)
    monkeypatch.setattr("madoguchi.config.wsgi.pages.pages", {})
    path = f"/procedures/{town.RESTAURANT}/apply/"
    first, *_others, last = (len(asked(entry, path, "br")[2]) for _time in range(3))
    assert last < first


def test_ckans_answers_are_packed(entry):
    for path in ("/api/3/action/package_list", "/api/3/action/package_search", "/api/v1/procedures"):
        assert faults_of(path, entry, {})[0] == []


def test_without_the_step_pages_would_be_plain(entry, monkeypatch):
    """The control."""
    monkeypatch.setattr("madoguchi.platform.packing._is_text", lambda status, known: False)
    assert faults_of("/accessibility/", entry, {})[0] != []
