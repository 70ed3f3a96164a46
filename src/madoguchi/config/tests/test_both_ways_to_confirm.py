"""The confirmation on the short way and on the long one: the same pages, whatever a browser or anybody sends."""

import re

import pytest

from madoguchi.applications import sheets
from madoguchi.config.postgresql.base import DatabaseWrapper
from tests import forms, town

from .both_ways import asked, both, without_own

pytestmark = pytest.mark.django_db
CONFIRM = f"/procedures/{town.RESTAURANT}/confirm/"
MARK = "----WebKitFormBoundaryAbc123"
MULTIPART = f"multipart/form-data; boundary={MARK}"
NO_FILE = '; filename=""\r\nContent-Type: application/octet-stream'


@pytest.fixture(autouse=True)
def same_moment(clock, monkeypatch):
    """Both ways are gone at the same moment, in this test's transaction, which Django would take for one left open."""
    clock("2026-12-01 10:00")
    monkeypatch.setattr(DatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)


def parts(fields, mark=MARK):
    """A form as a browser writes it."""
    made = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    )
    return f"{made}--{mark}--\r\n".encode()


def fields(**changes):
    """Every field typed, the files by their ids."""
    typed = {**forms.typed(town.answers()), **changes}
    return [(name, one) for name, value in typed.items() for one in (value if isinstance(value, list) else [value])]


def sent(way, body, **headers):
    """The form, sent as a browser sends it."""
    return asked(way, CONFIRM, body, CONTENT_TYPE=MULTIPART, **headers)


def page_after(**changes):
    """Sends the form and asks for the page that it leads to."""

    def send(way, _key):
        told = {}

        def listening(environ, start):
            return way(environ, lambda status, sent, *rest: (told.update(sent), start(status, sent, *rest))[1])

        first = asked(listening, CONFIRM, parts(fields(**changes)), CONTENT_TYPE=MULTIPART)
        place = told["Location"].partition("#")[0]
        return first, asked(way, place, method="GET")

    return send


def test_the_form_is_judged_and_shown_for_confirmation_the_same():
    (first, page), (_rows, _jobs, (_claimed, kept), _brakes) = both(page_after(), is_short=True)
    assert (first[0], first[3]) == ("303 See Other", "applications:confirm")
    assert (page[0], page[3], kept) == ("200 OK", "applications:confirmation", 1)
    headers = dict(page[1])
    assert (headers["Referrer-Policy"], headers["X-Robots-Tag"]) == ("strict-origin", "noindex")
    assert "llll-" not in page[2] and "987,654,321" not in page[2]


def test_what_is_typed_stands_on_the_page_as_text():
    given = {"trade_name": '<script>alert("1")</script> & llll-key-llll'}
    (_first, page), _rows = both(page_after(**given), is_short=True)
    assert "<script>alert" not in page[2] and "&lt;script&gt;" in page[2]
    assert page[2].count("llll-key-llll") == 2  # as it was typed: on the page, and in what will be sent


def test_the_page_that_is_kept_and_the_page_that_is_rendered_are_the_same(monkeypatch):
    def send(way, key):
        (_first, page) = page_after()(way, key)
        return re.sub(r"\s+", "", page[2])

    kept, _rows = both(send, is_short=True)
    monkeypatch.setattr("madoguchi.applications.views.confirmation.may_have_session", lambda request: True)
    monkeypatch.setattr("madoguchi.applications.quick.WAYS", {})
    rendered, _rows = both(send, is_short=False)
    assert kept == rendered


def test_a_fault_leads_to_the_form():
    (first, page), _rows = both(page_after(trade_name=""), is_short=False)
    assert first[0] == "303 See Other" and page[3] == "applications:sheet"


ONE = [("trade_name", "x")]


def one_part(head, value="x"):
    """A form of a single part with this head."""
    return f"--{MARK}\r\n{head}\r\n\r\n{value}\r\n--{MARK}--\r\n".encode()


FIELD = 'Content-Disposition: form-data; name="trade_name"'
FILE = 'Content-Disposition: form-data; name="floor_plan"'
BODIES = {
    "an empty file field": (one_part(FILE + NO_FILE, ""), True),
    "a file": (one_part(f'{FILE}; filename="a.pdf"\r\nContent-Type: application/pdf', "%PDF"), False),
    "no end": (parts(ONE)[:-6], False),
    "another boundary": (parts(ONE, mark="other"), False),
    "nothing": (b"", False),
    "only the end": (f"--{MARK}--\r\n".encode(), True),
    "something before the beginning": (b"x" + parts(ONE), False),
    "a part without a name": (one_part("Content-Disposition: form-data"), False),
    "a part with more headers": (one_part(f"{FIELD}\r\nX: y"), False),
    "text that is no UTF-8": (parts(ONE).replace(b"\r\nx\r\n", b"\r\n\xff\r\n"), False),
    "a NUL": (parts([("trade_name", "a\0b")]), True),
    "a button": (parts([*ONE, ("do", "next:applicant")]), True),
    "a row more": (parts([*ONE, ("do", "add:owners"), ("form:at", "shop")]), True),
    "a key of somebody": (parts([*ONE, ("form:key", "a" * 32)]), True),
    "a key that is none": (parts([*ONE, ("form:key", "../x")]), True),
    "answers as the confirmation carries them": (parts([("answers", '{"trade_name": "x"}')]), True),
    "more parts than are read": (parts([("a", "b")] * 1001), False),
    "line ends of one letter": (parts(ONE).replace(b"\r\n", b"\n"), False),
}


@pytest.mark.parametrize("name", BODIES)
def test_odd_forms_are_answered_the_same(name):
    body, is_short = BODIES[name]
    both(lambda way, _key: sent(way, body), is_short=is_short)


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_X_PART": "section"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_HOST": "example.org"},
     {"CONTENT_TYPE": f'multipart/form-data; boundary="{MARK}"'}, {"CONTENT_TYPE": "multipart/form-data"},
     {"CONTENT_TYPE": f"{MULTIPART}; charset=utf-8"}],
)  # fmt: skip
def test_odd_headers_take_the_long_way(headers):
    body = parts(fields())
    told = {"CONTENT_TYPE": MULTIPART, **headers}
    both(lambda way, _key: asked(way, CONFIRM, body, **told), is_short=False)


@pytest.mark.parametrize("token", ["x", "a" * 40, "a" * 300])
def test_a_page_that_is_not_there_is_the_same(token):
    both(lambda way, _key: asked(way, f"{CONFIRM}{token}/", method="GET"), is_short=False)


def test_an_earlier_application_is_told_on_the_long_way():
    def send(way, key):
        town.applied()
        return page_after()(way, key)

    (_first, page), _rows = both(send, is_short=False)
    assert "これと同じ内容の申請を" in page[2]


def test_what_was_judged_before_is_judged_anew_for_another_version(monkeypatch):
    put = sheets.put
    monkeypatch.setattr("madoguchi.applications.sheets.put", lambda sheet: put(sheet.__class__(**{
        **sheet.__dict__, "good": {**(sheet.good or {}), "version": -1, "answers": {}}})))  # fmt: skip
    (_first, page), _rows = both(page_after(), is_short=True)
    assert without_own(town.example()["trade_name"]) in page[2]
