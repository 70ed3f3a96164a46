"""The waiting page in front of Django: the same bytes for a place that holds, without Django and without a database."""

import gzip
import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from madoguchi.bookings.line import rush
from madoguchi.bookings.line.front import Waiting
from madoguchi.bookings.models import Line

pytestmark = pytest.mark.django_db
URL = "/facilities/art-museum/"
SHOP, WAITS = "日にちを選ぶ", "自動で新しくなります"


class Counted:
    """Django, and how often it was asked."""

    def __init__(self):
        self.asked, self.application = 0, WSGIHandler()

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.application(environ, start_response)


class Seen:
    """An answer: its status, headers and text; how often Django and the database were asked for it."""

    def __init__(self, front, url=URL, cookie="", **more):
        def start(status, headers, *_rest):
            self.status, self.headers = int(status[:3]), dict(headers)

        path, _mark, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "HTTP_HOST": "testserver", "wsgi.url_scheme": "http", "HTTP_COOKIE": cookie,
            "HTTP_SEC_FETCH_SITE": "same-origin", "wsgi.input": io.BytesIO(), **more,
        }  # fmt: skip
        before = front.application.asked
        with CaptureQueriesContext(connection) as made:
            self.body = b"".join(front(environ, start))
        self.asked, self.queries = front.application.asked - before, len(made)

    @property
    def page(self):
        return self.body.decode()

    @property
    def cookie(self):
        return self.headers.get("Set-Cookie", "").split(";")[0]


@pytest.fixture
def front(settings):
    settings.RUSH = True
    request_started.disconnect(close_old_connections)  # they would end the test's transaction
    rush._drawn.cache_clear()
    yield Waiting(Counted())
    rush._drawn.cache_clear()
    request_started.connect(close_old_connections)


def test_who_waits_costs_neither_django_nor_a_statement(front, clock):
    clock("2026-11-24 09:40")
    first = Seen(front)
    assert (first.asked, first.queries) == (1, 1) and WAITS in first.page and "X-Line" not in first.headers
    again = Seen(front, cookie=first.cookie)
    assert (again.asked, again.queries, again.page, again.cookie) == (0, 0, first.page, "")
    assert 5 <= int(again.headers["Refresh"]) < rush.LONGEST + rush.SHORTEST
    kept = {"Cache-Control", "Content-Security-Policy", "Content-Type", "X-Frame-Options", "Content-Language"}
    assert all(again.headers[name] == first.headers[name] for name in kept)


def test_others_join_with_one_statement_and_are_told_their_own_place(front, clock):
    clock("2026-11-24 09:40")
    first, second = Seen(front), Seen(front)
    assert (second.asked, second.queries, second.page) == (0, 1, first.page)
    assert "" != first.cookie != second.cookie != ""
    assert Line.objects.get().early == 2


def test_after_the_opening_each_is_told_how_many_are_before(front, clock):
    clock("2026-11-24 09:40")
    early = [Seen(front).cookie for _visitor in range(3)]
    Line.objects.update(early=600)
    clock("2026-11-24 10:00")
    assert Seen(front).page.count(">600<") == Seen(front, cookie="line=forged").page.count(">610<") == 1
    late = Seen(front)
    assert (late.asked, late.queries) == (0, 1) and ">610<" in late.page
    clock("2026-11-24 10:01")
    waits = Seen(front, cookie=late.cookie)
    assert ">310<" in waits.page and int(waits.headers["Refresh"]) == rush.LONGEST
    assert Seen(front, cookie=late.cookie).asked == 0
    clock("2026-11-24 10:03")
    assert all(SHOP in Seen(front, cookie=cookie).page for cookie in [*early, late.cookie])


def test_who_joins_in_front_of_django_and_enters_at_once_stands_there_once(front, clock):
    clock("2026-11-24 10:00")
    Line.objects.create(facility="art-museum", opening=rush.opening_now("art-museum").at, early=300)
    assert WAITS in Seen(front).page
    clock("2026-11-24 10:30")
    answer = Seen(front)
    assert SHOP in answer.page and answer.asked == 1 and answer.cookie
    assert (
        rush.timezone.now() < Line.objects.get().next <= rush.timezone.now() + rush.step(rush.opening_now("art-museum"))
    )


def test_a_turn_that_is_over_joins_again(front, clock):
    clock("2026-11-24 10:00")
    cookie = Seen(front).cookie
    Line.objects.update(next="2026-11-24T10:30+09:00")
    clock("2026-11-24 10:11")
    for _answer_of_django_and_kept_one in range(2):
        again = Seen(front, cookie=cookie)
        assert WAITS in again.page and again.cookie not in {"", cookie}


def test_a_page_kept_is_of_its_language_and_packed(front, clock):
    clock("2026-11-24 09:40")
    cookie = Seen(front).cookie
    for prefix, words in (("/en", "This page renews itself"), ("/ja-easy", "<ruby>")):
        pages = [Seen(front, f"{prefix}{URL}", cookie) for _time in range(2)]
        assert words in pages[1].page and pages[1].asked == 0
    packed = Seen(front, cookie=cookie, HTTP_ACCEPT_ENCODING="gzip")
    assert WAITS in gzip.decompress(packed.body).decode() and packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.body) < 4000


@pytest.mark.parametrize(
    "url", ["/", "/facilities/", "/facilities/river-garden/", f"{URL}?day=1", f"{URL}days/2026-12-01/"]
)
def test_what_is_not_behind_the_line_is_djangos(front, clock, url):
    clock("2026-11-24 09:40")
    cookie = Seen(front).cookie
    assert [Seen(front, url, cookie).asked for _time in range(2)] == [1, 1]


def test_a_form_is_djangos(front, clock):
    clock("2026-11-24 09:40")
    cookie = Seen(front).cookie
    assert Seen(front, cookie=cookie, REQUEST_METHOD="POST", CONTENT_LENGTH="0").asked == 1


def test_the_pages_kept_are_bounded(front, clock, monkeypatch):
    monkeypatch.setattr("madoguchi.bookings.line.front.MOST_PAGES", 2)
    clock("2026-11-24 09:40")
    for prefix in ("", "/en", "/ja-easy", ""):
        assert Seen(front, f"{prefix}{URL}").status == 200
    assert len(front.pages) == 2
    assert WAITS in Seen(front, cookie=Seen(front).cookie).page


def test_a_message_for_somebody_is_not_kept_for_all():
    assert "秘密" not in render_to_string("bookings/line.html", {"messages": ["秘密"]})
