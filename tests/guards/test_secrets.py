"""What opens something by its address is told to nobody else: no other site, no index, no shared copy, no log."""

import io
import logging

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from madoguchi.config.masking import AccessLog, masked
from madoguchi.people.methods import SECRET_CODE, SECRETS
from tests import town
from tests.guards.test_table import VALUES
from tests.guards.urls import LANGUAGES, addresses

pytestmark = pytest.mark.django_db
SECRET = "q7w8e9r0t1y2u3i4o5p6a7s8d9f0g1h2"
SHORT = "abc"
"""A secret is masked by where it stands, whatever it looks like."""
OPENING = [one for one in addresses() if SECRETS & set(one.parameters) or one.name in SECRET_CODE]


def paths(secret):
    for address in OPENING:
        values = VALUES | dict.fromkeys(SECRETS, secret) | ({"code": secret} if address.name in SECRET_CODE else {})
        for language in LANGUAGES:
            yield address.path(language, **values)


def written(message, *values, formatter=None):
    """What a line of the log says, by the formatter of the settings."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    line = dict(settings.LOGGING["formatters"]["line"])
    handler.setFormatter(formatter or import_string(line.pop("()"))(line["format"]))
    handler.handle(logging.LogRecord("django.request", logging.WARNING, "", 0, message, values, None))
    return told.getvalue()


def test_there_are_such_addresses():
    names = {one.name for one in OPENING}
    assert {"bookings:order", "payments:pay", "applications:open", "counter:verify-code", "sale:sold"} <= names


@pytest.mark.parametrize("secret", [SECRET, SHORT])
@pytest.mark.parametrize(
    "words", ["Not Found: %s", "Internal Server Error: %s", "GET https://hall.example%s?next=1 500"]
)
def test_no_line_of_the_log_holds_a_secret(secret, words):
    for path in paths(secret):
        line = written(words, path)
        assert f"/{secret}" not in line, line
        assert "…" in line


def test_a_plain_formatter_would_write_it():
    """The control."""
    path = next(paths(SECRET))
    assert SECRET in written("Not Found: %s", path, formatter=logging.Formatter())


def test_what_is_mistyped_or_cut_off_is_masked_too():
    for path in (f"/orders/{SECRET}x/y/z", f"/en/pay/{SECRET}/nothing", f"/applications/open/{SECRET[:20]}"):
        assert SECRET[:16] not in written("Not Found: %s", path)


def test_other_addresses_stay_readable():
    for path in (
        "/procedures/industrial-waste-transport-permit/apply/", "/desk/cases/2GMD-Q1HQ-0VV/", "/static/css/site.css",
        "/en/reform/projects/shin-tosei-1/core-2/",
    ):  # fmt: skip
        assert path in written("Not Found: %s", path)


def test_a_stack_trace_is_masked():
    try:
        raise ValueError(f"/orders/{SECRET}/ is broken")
    except ValueError as fault:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), (type(fault), fault, fault.__traceback__))
    line = dict(settings.LOGGING["formatters"]["line"])
    assert SECRET not in import_string(line.pop("()"))(line["format"]).format(record)


def test_an_access_log_of_the_server_is_masked():
    atoms = {"path": f"/orders/{SECRET}/", "query_string": f"key={SECRET}", "method": "GET", "status": 200}
    record = logging.LogRecord(
        "granian.access", logging.INFO, "", 0, "%(method)s %(path)s %(query_string)s", (atoms,), None
    )
    assert AccessLog().filter(record)
    assert record.getMessage() == "GET /orders/…/ "


def test_the_log_of_a_real_request_holds_no_secret(caplog):
    browser = town.visitor()
    caplog.handler.setFormatter(logging.Formatter("%(message)s"))
    for path in paths(SECRET):
        browser.get(path)
    assert SECRET in caplog.text, "the control: the line names the address until it is written"
    assert SECRET not in masked(caplog.text)


def test_every_such_answer_is_kept_nowhere_indexed_nowhere_and_told_to_no_other_site():
    for browser in (town.visitor(), town.browser_of(town.yamamoto())):
        for path in paths(SECRET):
            for answer in (browser.get(path), browser.post(path)):
                headers = answer.headers
                told = (headers.get("Referrer-Policy"), headers.get("X-Robots-Tag"), headers.get("Cache-Control"))
                assert told[0] in {"no-referrer", "strict-origin"}, path
                assert "noindex" in (told[1] or ""), path
                assert "no-store" in (told[2] or ""), path
