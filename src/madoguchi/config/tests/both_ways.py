"""A request sent on the short way (in front of Django) and on the long one, and what is answered and written."""

import io
import json
import re
from urllib.parse import urlencode

from django.core import signing
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction

from madoguchi.applications import quick
from madoguchi.applications.models import Filing, Idempotency, Sheet, Upload
from madoguchi.bookings import quick as bookings
from madoguchi.cases.events import verify
from madoguchi.cases.models import Case, Event, Task
from madoguchi.config.outages import Outages
from madoguchi.design.middleware import Guarded
from madoguchi.people.keys import COOKIE
from madoguchi.people.models import Tally
from madoguchi.platform.passing import Passing
from madoguchi.platform.same_pages import ROUTE, SamePages
from tests import town

PATH = f"/procedures/{town.RESTAURANT}/submit/"
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}")
OWN = re.compile(r"(?:[a-z2-7]{4}-){7}[a-z2-7]{4}|[a-z2-7]{32,40}|expires=[^;]+")
"""What no two applications share: a key as shown, a file's id, a sheet's token, the second of an answer."""
LONG = Guarded(Outages(SamePages(WSGIHandler())))


class Short:
    """The short way with the long one behind it; it notes what it left to the long one."""

    def __init__(self):
        self.left = []
        self.application = Guarded(Outages(SamePages(Passing(self.behind, quick.answer, bookings.answer))))

    def behind(self, environ, start_response):
        self.left.append(environ["PATH_INFO"])
        return WSGIHandler()(environ, start_response)

    def __call__(self, environ, start_response):
        return self.application(environ, start_response)


def asked(application, path=PATH, body=b"", method="POST", **headers):
    """(status, headers without what no two share, text, the URL's name, the cookie's cases)"""
    told = {}
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "HTTP_HOST": "testserver",
        "HTTP_SEC_FETCH_SITE": "same-origin", "REMOTE_ADDR": "192.0.2.1", "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": quick.FORM, **headers,
    }  # fmt: skip
    environ = {name: value for name, value in environ.items() if value is not None}
    pieces = application(environ, lambda status, sent, *_rest: told.update(status=status, headers=sent))
    text = b"".join(pieces).decode(errors="replace")
    if hasattr(pieces, "close"):
        pieces.close()
    cookies = [value for name, value in told["headers"] if name == "Set-Cookie"]
    held = [signing.loads(one.partition("=")[2].partition(";")[0], salt=COOKIE) for one in cookies if COOKIE in one]
    sent = sorted(
        (name, without_own(value.partition(";")[2] if name == "Set-Cookie" else value))
        for name, value in told["headers"]
    )
    return (
        told["status"],
        sent,
        without_own(text),
        environ.get(ROUTE),
        [[without_own(case) for case in one] for one in held],
    )


def without_own(text):
    """A text with what no two applications share left out."""
    return OWN.sub("…", REFERENCE.sub("#", text))


def body(given, key, **more):
    """What the confirmation page sends."""
    return urlencode({"answers": json.dumps(given), "key": key, "started": "240", **more}).encode()


def written():
    """All rows of an application that both ways may write, without what no two of them share."""
    rows = {}
    for model in (Case, Filing, Task, Event, Idempotency):
        rows[model.__name__] = [
            {name: without_own(str(value)) for name, value in row.items() if name not in OF_ONE}
            for row in model.objects.order_by("pk").values()
        ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status, queue_name FROM procrastinate_jobs ORDER BY id")
        jobs = cursor.fetchall()
    counts = Upload.objects.filter(case__isnull=False).count(), Sheet.objects.count()
    brakes = sorted(str(one) for one in Tally.objects.values_list("until", flat=True))
    assert all(verify(case) is None for case in Case.objects.all())
    return rows, jobs, counts, brakes


OF_ONE = {"id", "case_id", "reference", "key", "body", "hash", "last_hash", "actor_code", "answers"}


def both(send, *, is_short=None, rows=written):
    """(what was answered, what was written) by `send(way, key)`, which must be the same on each way."""
    short, found = Short(), []
    for way in (LONG, short):
        with transaction.atomic():
            found.append((send(way, "one-and-the-same-key"), rows()))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert is_short in {None, not short.left}
    return found[0]
