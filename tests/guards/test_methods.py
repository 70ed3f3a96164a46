"""Every URL × every method: what the table lists is taken, OPTIONS says what that is, all else is 405 with Allow."""

import zlib

import pytest

from madoguchi.people.rules import table
from tests import town
from tests.guards.test_table import VALUES
from tests.guards.urls import addresses

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "BREW")


@pytest.mark.parametrize("who", ["the public", "an officer"])
def test_every_url_takes_its_methods_and_refuses_the_others(who):
    browser = town.visitor() if who == "the public" else town.browser_of(town.yamamoto())
    faults = []
    for address in addresses():
        rule = table().get(address.name)
        if rule is None or address.name == "account_logout":
            continue
        path = address.path(**VALUES)
        allowed = ", ".join(sorted(rule.methods | {"OPTIONS"}))
        for method in set(METHODS) - rule.methods:
            answer = browser.generic(method, path)
            expected = 204 if method == "OPTIONS" else 405
            if (answer.status_code, answer.headers.get("Allow")) != (expected, allowed):
                faults.append(f"{method} {path}: {answer.status_code}, Allow: {answer.headers.get('Allow')}")
            if answer.status_code == 405 and path.startswith("/api/"):
                faults += [] if "problem+json" in answer.headers["Content-Type"] else [f"{method} {path}: no problem"]
    assert faults == []


def test_every_url_that_can_be_read_answers_head_as_get():
    browser, faults = town.visitor(), []
    for address in addresses():
        rule = table().get(address.name)
        if rule is not None and "GET" in rule.methods:
            path = address.path(**VALUES)
            read, head = browser.get(path), browser.head(path)
            if (head.status_code, head.content) != (read.status_code, b""):
                faults.append(f"{path}: {read.status_code}, HEAD {head.status_code}")
    assert faults == []


def test_every_url_with_a_nul_in_its_address_is_not_found():
    browser, faults = town.visitor(), []
    for address in addresses():
        path = address.path(**VALUES).rstrip("/")
        odd = (f"{path}%00/", f"/en{path}/%00/", path.replace("a", "%00"))[zlib.crc32(path.encode()) % 3]
        faults += [odd] if browser.get(odd).status_code >= 500 else []
    assert faults == []


def test_what_is_shared_can_be_kept_and_read_by_every_site():
    browser = town.visitor()
    for address in addresses():
        rule = table().get(address.name)
        if rule is None or not rule.shared:
            continue
        answer = browser.get(address.path(**VALUES), headers={"Origin": "https://app.example"})
        if answer.status_code == 200:
            assert "ETag" in answer.headers or answer.streaming, address
            assert "no-store" not in answer.headers["Cache-Control"], address
            if "html" not in answer.headers["Content-Type"]:
                assert answer.headers["Access-Control-Allow-Origin"] == "*", address
