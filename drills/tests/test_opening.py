"""The drill of an opening, a short one in this process; without the line it must go red."""

import threading
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.utils import timezone

from drills.opening import ALONE, MUSEUM, Browser, Result, crowd, facilities_of
from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.line import rush
from madoguchi.bookings.line.front import Waiting
from madoguchi.bookings.models import Line, Order

pytestmark = pytest.mark.django_db(transaction=True)
OPENING = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Tokyo"))
CLIENTS, PER_MINUTE, SEED = 6, 120, 4711
BETWEEN = (3.0, 4.0)
"""Seconds before the opening in which all come."""


class Quiet(WSGIRequestHandler):
    """Says nothing of what it serves."""

    def log_message(self, format, *args):
        pass


def forget():
    for kept in (facilities, rush._drawn, rush._opening_in, rush._other_days):
        kept.cache_clear()


@pytest.fixture
def opens(host, tmp_path, settings, monkeypatch):
    """When the museum opens, by this machine's clock, in a few seconds: a shop opens with a minute of the town's."""
    facilities_of(tmp_path, PER_MINUTE, OPENING)
    settings.FACILITIES_DIR = tmp_path
    monkeypatch.setattr(rush, "SHORTEST", 1)
    forget()
    Browser(host).ask(f"/facilities/{ALONE}/")  # the first answer of a process takes seconds
    at = time.time() + max(BETWEEN) + 1
    ahead = OPENING - datetime.fromtimestamp(at, UTC)
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + ahead)
    make_slots(3)
    yield at
    forget()


@pytest.fixture
def host():
    """A server of this process, with the line in front of Django as in the hall."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(Waiting(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield "{}:{}".format(*server.server_address)
    server.shutdown()
    thread.join()
    server.server_close()


def drilled(host, opens, line):
    result = Result(SEED, CLIENTS)
    day = OPENING.date() + timedelta(days=1)
    crowd(host, result, opens=opens, between=BETWEEN, day=f"{day}", line=line)
    print(result)
    return result


def test_all_who_come_stand_in_line_once_and_buy_after_the_opening(host, opens, settings):
    settings.RUSH = True
    assert drilled(host, opens, line=True).is_sound
    line = Line.objects.get(facility=MUSEUM)
    assert (line.early, line.next) == (CLIENTS, None)
    assert Order.objects.filter(made_at__gte=OPENING).count() == CLIENTS


def test_without_the_line_the_drill_is_not_sound(host, opens, settings):
    settings.RUSH = False
    result = drilled(host, opens, line=False)
    assert not result.is_sound and result.waited == 0 and result.bought == CLIENTS
