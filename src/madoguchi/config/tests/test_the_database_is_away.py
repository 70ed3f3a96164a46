"""While PostgreSQL is away or full, everything answers 503 in its own shape and says so once; then all is whole."""

import io
import json
import logging

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.template import engines

from madoguchi.bookings.line.front import Waiting
from madoguchi.config import testing
from madoguchi.config.monitoring.quiet import Quiet
from madoguchi.config.outages import Outages
from madoguchi.config.postgresql import base
from madoguchi.opendata.serving.front import Reading
from madoguchi.platform.outages import log as outage_log
from madoguchi.platform.outages.kinds import database_is_away, will_pass
from madoguchi.platform.same_pages import SamePages
from tests import town

pytestmark = pytest.mark.django_db(transaction=True)
FORM = f"/procedures/{town.RESTAURANT}/apply/"
PAGES = ["/statistics/", "/en/statistics/", "/ja-easy/statistics/", "/facilities/art-museum/"]
ANYTHING = "/statistics/"
"""Nothing of this is kept in memory."""
PROGRAMS = ["/api/v1/statistics"]
CKAN = "/api/3/action/package_list"
MADE_FOR_TESTS = pytest.mark.skipif(not testing.SERVERS, reason="DATABASE_URL is given: it is not ours to stop")


class Browser:
    """Asks the steps that stand in `config/wsgi.py` before Django, and Django, in this thread."""

    def __init__(self, application=None):
        self.application = Outages(application or Reading(Waiting(SamePages(WSGIHandler()))))

    def ask(self, path, method="GET", body=b"", **headers):
        """(status, headers, text)"""
        told = []
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "HTTP_HOST": "testserver",
            "HTTP_SEC_FETCH_SITE": "same-origin", "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.errors": io.StringIO(), **headers,
        }  # fmt: skip
        pieces = self.application(environ, lambda status, headers, *rest: told.extend([status, headers]))
        text = b"".join(pieces).decode()
        if hasattr(pieces, "close"):
            pieces.close()
        return int(told[0][:3]), dict(told[1]), text


@pytest.fixture
def outage(monkeypatch):
    """This process knows of no outage yet; one is over at once."""
    fresh = outage_log.Outage()
    for place in (outage_log, __import__("madoguchi.config.outages", fromlist=["OUTAGE"])):
        monkeypatch.setattr(place, "OUTAGE", fresh)
    monkeypatch.setattr(outage_log, "QUIET_SECONDS", 0)
    return fresh


@pytest.fixture
def server(outage):
    """The tests' PostgreSQL, which is up again afterwards."""
    server = testing.SERVERS[0]
    yield server
    if server.process.poll() is not None:
        server.start()
    connection.close()


@pytest.fixture
def log():
    """What is written: the lines that pass the handler's filter."""
    written = []
    handler = logging.Handler()
    handler.addFilter(outage_log.OnlyOnce())
    handler.addFilter(Quiet())
    handler.emit = lambda record: written.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@MADE_FOR_TESTS
def test_every_address_answers_503_in_its_shape_and_the_log_has_one_line(server, log):
    browser = Browser()
    browser.ask(ANYTHING)
    server.cleanup()
    for path in (*PAGES, *PROGRAMS, CKAN):
        status, headers, _text = browser.ask(path)
        assert (status, headers["Retry-After"]) == (503, "60"), path
        assert path == CKAN or headers["Cache-Control"] == "no-store", "Django answers, with all its steps"
        assert headers["Content-Type"].partition(";")[0] == (
            "application/problem+json" if path in PROGRAMS else "application/json" if path == CKAN else "text/html"
        )
    assert len(log) == 1 and "is away, or" in log[0], log


@MADE_FOR_TESTS
def test_a_program_is_told_in_the_words_it_knows(server):
    server.cleanup()
    browser = Browser()
    assert json.loads(browser.ask(PROGRAMS[0])[2])["status"] == 503
    told = json.loads(browser.ask(CKAN)[2])
    assert told["success"] is False and told["error"]["__type"] == "Service Unavailable"


@MADE_FOR_TESTS
def test_an_officer_with_a_session_gets_the_page_too(server):
    browser = Browser()
    server.cleanup()
    status, _headers, text = browser.ask("/desk/", HTTP_COOKIE="desk=abcdefghijklmnopqrstuvwxyz012345")
    assert status == 503 and "ただいま、ご利用いただけません" in text


@MADE_FOR_TESTS
def test_whoever_sends_a_form_is_told_that_it_did_not_arrive_and_how_to_send_it_again(server):
    server.cleanup()
    path = f"/procedures/{town.RESTAURANT}/submit/"
    status, _headers, text = Browser().ask(path, "POST", b"answers=%7B%7D&key=abcdefghijklmnopqrstuv")
    assert status == 503
    assert "まだ受け付けていません" in text and "もう一度送る</button>" in text
    assert 'name="key" value="abcdefghijklmnopqrstuv"' in text, "the same key: it is filed once"


@MADE_FOR_TESTS
def test_a_page_that_asks_the_database_itself_is_not_drawn_again_and_again(server, monkeypatch):
    drawn = []

    def asks(request):
        drawn.append(request.path)
        return {"town": connection.cursor()}

    monkeypatch.setattr("madoguchi.town.context.here", asks)
    browser = Browser()
    server.cleanup()
    engines["django"].engine.__dict__.pop("template_context_processors", None)
    try:
        status, headers, _text = browser.ask(ANYTHING)
    finally:
        monkeypatch.undo()
        engines["django"].engine.__dict__.pop("template_context_processors", None)
    assert status == 503 and headers["Retry-After"] and len(drawn) <= 2


@MADE_FOR_TESTS
def test_a_balancer_that_asks_again_and_again_fills_no_log(server, log):
    browser = Browser()
    server.cleanup()
    assert [browser.ask("/readyz")[0] for _time in range(5)] == [503] * 5
    assert len(log) == 1 and "is away, or" in log[0], log
    browser.ask(ANYTHING)
    assert [browser.ask("/readyz")[0] for _time in range(5)] == [503] * 5
    assert len(log) == 1, log


@MADE_FOR_TESTS
def test_a_form_can_be_filled_in_meanwhile(server, monkeypatch):
    monkeypatch.setattr("madoguchi.platform.same_pages.FRESH_SECONDS", 0)
    browser = Browser()
    first = browser.ask(FORM)
    server.cleanup()
    assert first[0] == 200 and browser.ask(FORM) == first


def stopped_and_started(browser, server):
    """The answer of the first request after the server was away, with a connection of before."""
    assert browser.ask(ANYTHING)[0] == 200
    server.cleanup()
    server.start()
    return browser.ask(ANYTHING)[0]


@MADE_FOR_TESTS
def test_the_first_request_afterwards_finds_everything_whole(server):
    assert stopped_and_started(Browser(), server) == 200


@MADE_FOR_TESTS
def test_a_kept_connection_that_nobody_looks_at_costs_somebody_a_page(server, monkeypatch):
    monkeypatch.setattr(base, "_was_told", lambda _connection: False)
    assert stopped_and_started(Browser(), server) == 503


@MADE_FOR_TESTS
def test_the_return_is_told_in_one_line(server, log):
    browser = Browser()
    server.cleanup()
    assert [browser.ask(ANYTHING)[0] for _time in range(3)] == [503] * 3
    server.start()
    assert [browser.ask(ANYTHING)[0] for _time in range(3)] == [200] * 3
    assert len(log) == 2 and "are back" in log[1], log


def test_nobody_is_asked_more_than_before(django_assert_num_queries):
    browser = Browser()
    browser.ask("/procedures/")
    with django_assert_num_queries(0):
        connection.close_if_unusable_or_obsolete()


@pytest.mark.parametrize("state", ["53100", "53300", "57P01", "57P03", "08006", "58030", "25006"])
def test_a_database_that_is_full_ending_or_read_only_is_away(state, outage):
    def asks(environ, start_response):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")

    status, headers, _text = Browser(asks).ask("/procedures/")
    assert status == 503 and headers["Retry-After"]
    assert outage.lasts


def test_a_full_disk_is_an_outage_wherever_it_is_met(outage):
    def writes(environ, start_response):
        with open("/dev/full", "w") as full:
            full.write("upload")

    status, headers, _text = Browser(writes).ask("/uploads/")
    assert status == 503 and headers["Retry-After"] and outage.lasts


@pytest.mark.parametrize("state", ["57014", "40P01", "42601", "23505"])
def test_a_slow_or_wrong_statement_is_a_fault_and_stays_one(state, outage):
    def asks(environ, start_response):
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")

    with pytest.raises(Exception, match="no"):
        Browser(asks).ask("/procedures/")
    assert not outage.lasts


class Stream:
    """A streaming answer whose piece of this number fails."""

    streaming = True

    def __init__(self, fails_at):
        self.fails_at = fails_at

    def __iter__(self):
        for number in range(3):
            if number == self.fails_at:
                raise psycopg.OperationalError("the connection is lost")
            yield b"piece"

    def close(self):
        self.is_closed = True


def streams(body):
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/csv")])
        return body

    return application


def test_a_stream_that_fails_before_its_first_piece_is_told(outage):
    assert Browser(streams(Stream(0))).ask("/datastore/dump/x")[0] == 503


def test_a_stream_that_breaks_is_not_passed_off_as_whole(outage):
    with pytest.raises(psycopg.OperationalError):
        Browser(streams(Stream(2))).ask("/datastore/dump/x")
    body = Stream(None)
    assert Browser(streams(body)).ask("/datastore/dump/x")[2] == "piecepiecepiece"
    assert body.is_closed


def test_what_passes_and_what_does_not():
    import smtplib

    assert database_is_away(psycopg.errors.DiskFull("full")) and not database_is_away(ValueError())
    assert will_pass(ConnectionRefusedError()) and will_pass(smtplib.SMTPServerDisconnected())
    assert will_pass(smtplib.SMTPRecipientsRefused({"a@b": (451, b"later")}))
    assert not will_pass(smtplib.SMTPRecipientsRefused({"a@b": (550, b"unknown")}))
    assert not will_pass(KeyError("a program's fault"))
