"""What the way of an application costs, as counts that no busy machine changes: SQL statements and bytes."""

import gzip
import io
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.applications.actions import submit
from madoguchi.design import assets
from madoguchi.figures.rollup import roll
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.same_pages import SamePages
from tests import forms, town

pytestmark = pytest.mark.django_db
FORM = f"/procedures/{town.RESTAURANT}/apply/"
KEY = "counted-once-and-no-more"
FORM_BYTES = 14 * 1024  # what a server sends before the first answer comes back: ten segments, less their heads


def statements(do):
    """(how many SQL statements it made, what it returned)."""
    with CaptureQueriesContext(connection) as made:
        answer = do()
    return len(made), answer


def asked(application, path):
    """(status, headers, body) of a GET through a WSGI application."""
    told = {}

    def start(status, headers, *_rest):
        told.update(status=status, headers=dict(headers))

    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "HTTP_HOST": "testserver", "HTTP_ACCEPT_ENCODING": "gzip", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }  # fmt: skip
    body = b"".join(application(environ, start))
    return told["status"], told["headers"], body


def filed(browser):
    sent = {**forms.carried(town.answers()), "key": KEY}
    return browser.post(reverse("applications:submit", args=[town.RESTAURANT]), sent)


@pytest.mark.django_db(transaction=True)
def test_a_kept_form_page_costs_no_statement():
    kept = SamePages(WSGIHandler())
    asked(kept, FORM)
    count, (status, headers, body) = statements(lambda: asked(kept, FORM))
    assert (count, status, headers["Content-Encoding"]) == (0, "200 OK", "gzip")
    assert b"<form" in gzip.decompress(body)
    assert headers["Content-Security-Policy"] and "Set-Cookie" not in headers


def test_a_form_page_that_is_asked_again_costs_no_statement_either():
    browser = town.visitor()
    browser.get(FORM)
    assert statements(lambda: browser.get(FORM))[0] == 0


def test_a_submission_is_one_statement_with_or_without_files():
    short, given = town.without_files()
    how = {"channel": "online", "language": "ja", "by": PUBLIC}
    assert statements(lambda: submit(compiled=short, answers=given, key=KEY, **how))[0] == 1
    whole = town.answers()
    assert statements(lambda: submit(compiled=town.compiled(), answers=whole, key=f"{KEY}-2", **how))[0] == 1


def test_the_request_that_submits_adds_the_count_of_the_brake_and_the_receipt_costs_one():
    browser, sent = town.visitor(), {**forms.carried(town.answers()), "key": KEY}
    submission, answer = statements(lambda: browser.post(reverse("applications:submit", args=[town.RESTAURANT]), sent))
    assert (submission, answer.status_code) == (2, 303)
    receipt, page = statements(lambda: browser.get(answer["Location"]))
    assert (receipt, page.status_code) == (1, 200)


def test_the_case_page_costs_a_bounded_number():
    browser = town.visitor()
    case = filed(browser)["Location"].replace("received/", "")
    roll()  # from the first count on, the forecast is kept
    browser.get(case)  # opens the charge of the fee, where no worker has been yet
    count, page = statements(lambda: browser.get(case))
    assert page.status_code == 200
    assert count <= 14


def test_receipts_tell_each_person_only_their_own_numbers():
    pages = []
    for number in range(2):
        browser = town.visitor()
        sent = {**forms.carried(town.answers()), "key": f"{KEY}-{number}"}
        place = browser.post(reverse("applications:submit", args=[town.RESTAURANT]), sent)["Location"]
        pages.append((place.split("/")[2], browser.get(place).content.decode()))
    (first, one), (second, two) = pages
    assert first in one and second in two
    assert first not in two and second not in one
    assert "LLLL" not in one + two and "llll" not in one + two


def test_the_first_form_page_is_light_and_takes_three_requests():
    if not assets.MODULES.exists():
        pytest.skip("npm's packages are not installed: python -m madoguchi.design.assets")
    assets.main()
    page = town.visitor().get(FORM).content
    parts = re.findall(r'<(?:link rel="stylesheet" href|script[^>]* src)="([^"]+)"', page.decode())
    files = [Path(assets.BUILD / "static" / part.removeprefix(settings.STATIC_URL)) for part in parts]
    assert len(files) + 1 <= 3
    weight = sum(len(gzip.compress(one, 9)) for one in (page, *(file.read_bytes() for file in files)))
    assert weight <= FORM_BYTES


def test_the_rules_of_a_version_are_public_and_those_of_none_are_not_there():
    version = town.compiled().version_id
    told = json.loads(town.visitor().get(reverse("applications:rules", args=[version])).content)
    assert told["types"]["trade_name"] == "text"
    assert town.visitor().get(reverse("applications:rules", args=[999_999])).status_code == 404
