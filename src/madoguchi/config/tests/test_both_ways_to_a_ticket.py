"""An order through the API on the short way (in front of Django) and on the long one: all that is told and written."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from madoguchi.bookings.line import rush
from madoguchi.bookings.models import Order, Slot, Ticket
from madoguchi.bookings.sales import selling
from madoguchi.bookings.sales.shop import offered, quote
from madoguchi.config.postgresql.base import DatabaseWrapper
from madoguchi.payments.models import Charge, Entry
from madoguchi.people.models import Tally
from madoguchi.platform.brake import counting
from madoguchi.platform.passing import LONGEST
from tests import shop, town

from .both_ways import asked, both, without_own

pytestmark = pytest.mark.django_db
PATH = "/api/v1/orders"
JOBS = """
SELECT task_name, status::text, queue_name, priority, lock, queueing_lock, args->>'letter', args->'told'->>'slot',
       (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_object_keys(args->'told') AS key)
FROM procrastinate_jobs ORDER BY id
"""
OF_ONE = {"id", "order_id", "charge_id", "reference", "secret"}


@pytest.fixture(autouse=True)
def same_moment(clock, monkeypatch):
    """Both ways are gone at the same moment, in this test's transaction, which Django would take for one left open."""
    clock("2026-12-01 10:00")
    monkeypatch.setattr(DatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)


def written():
    """All that an order may write, without what no two of them share."""
    rows = {
        model.__name__: [
            {name: without_own(str(value)) for name, value in row.items() if name not in OF_ONE}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Order, Ticket, Charge, Slot)
    }
    rows["Entry"] = list(Entry.objects.order_by("pk").values_list("kind", "debit", "credit", "yen", "at", "actor_kind"))
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        jobs = cursor.fetchall()
    return rows, jobs, sorted(str(one) for one in Tally.objects.values_list("until", flat=True))


def wanted(of, **changes):
    """A usual order: two grown-ups for the price that they cost."""
    total = quote(offered(of), {"adult": 2}).yen if of.facility != shop.COUNTER else 0
    usual = {"slot": str(of.pk), "tickets": {"adult": 2}, "total": total, "email": "hanako@example.jp"}
    return {**usual, **changes}


def ordered(way, key, body, **headers):
    """Sends an order."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {"CONTENT_TYPE": "application/json", "HTTP_IDEMPOTENCY_KEY": key, "HTTP_SEC_FETCH_SITE": None, **headers}
    return asked(way, PATH, content, **told)


def alike(body, *, is_short, **headers):
    """One order on both ways."""
    return both(lambda way, key: ordered(way, key, body, **headers), is_short=is_short, rows=written)


def test_the_usual_order_is_the_same_and_takes_the_short_way():
    (status, _headers, text, route, _held), (rows, jobs, brakes) = alike(wanted(shop.slot()), is_short=True)
    assert (status, route, json.loads(text)["state"]) == ("201 Created", "api:make_order", "held")
    assert [one["number"] for one in json.loads(text)["tickets"]] == [1, 2]
    assert json.loads(text)["slot"]["left"] == 8
    assert [len(rows[name]) for name in ("Order", "Ticket", "Charge", "Entry")] == [1, 2, 1, 1]
    assert (jobs, len(brakes)) == ([], 1)


def test_so_it_is_where_nothing_is_to_be_paid_and_its_letter_is_queued_once():
    free = wanted(shop.slot(shop.GARDEN), tickets={"child": 2}, total=0)
    (_status, _headers, text, *_rest), (rows, jobs, _brakes) = alike(free, is_short=True)
    assert (json.loads(text)["state"], json.loads(text)["payment"]) == ("confirmed", None)
    assert (len(rows["Charge"]), [one[6] for one in jobs]) == (0, ["confirmed"])


@pytest.mark.parametrize("language", ["en", "ja-easy, ja;q=0.5", "fr", "x" * 3000, "en;q=2", "*"])
def test_so_it_is_in_every_language(language):
    alike(wanted(shop.slot()), is_short=True, HTTP_ACCEPT_LANGUAGE=language)


def test_cookies_and_other_sites_change_nothing():
    more = {"HTTP_COOKIE": "desk=abc; cases=x", "HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://a.example"}
    alike(wanted(shop.slot()), is_short=True, **more)


def test_the_same_behind_a_proxy_with_https(settings):
    settings.BEHIND_PROXY, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    sent = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}
    alike(wanted(shop.slot()), is_short=True, **sent)


ODD = {
    "a category that is none": {"tickets": {"dog": 1}},
    "nobody": {"tickets": {}},
    "nobody by number": {"tickets": {"adult": 0}},
    "fewer than nobody": {"tickets": {"adult": -1}},
    "too many": {"tickets": {"adult": 401}},
    "more than are left": {"tickets": {"adult": 11}, "total": 5500},
    "true people": {"tickets": {"adult": True}},
    "half a person": {"tickets": {"adult": 1.5}},
    "another price": {"total": 999},
    "no price": {"total": None},
    "no address": {"email": ""},
    "an address that is none": {"email": "hanako"},
    "a long address": {"email": "a" * 255},
    "a name with a NUL": {"name": "a\0b"},
    "a name with half a character": {"name": "\ud800"},
    "a slot that is none": {"slot": "0197f000-0000-7000-8000-000000000000"},
    "a slot that is no id": {"slot": "x"},
    "a way": {"way": "counter"},
    "a proof that is none": {"proof": "abc"},
    "a key that it does not have": {"more": 1},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_orders_are_answered_the_same_on_the_long_way(name):
    answer, (rows, _jobs, _brakes) = alike(wanted(shop.slot(), **ODD[name]), is_short=False)
    assert answer[0][:3] in {"404", "409", "422", "400"}
    assert (rows["Order"], [one["taken"] for one in rows["Slot"]]) == ([], ["0"])


@pytest.mark.parametrize(
    "changes", [{"tickets": {"adult": 2.0}}, {"tickets": {"adult": "2"}}, {"name": "港 花子"}, {"way": ""},
                {"email": "Hanako@EXAMPLE.jp "}, {"case": None}]
)  # fmt: skip
def test_what_is_written_in_another_way_is_read_the_same(changes):
    alike(wanted(shop.slot(), **changes), is_short=None)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"slot": NaN}', b"\xff\xfe", b"\xef\xbb\xbf{}", b"[" * 20_000,
     b'{"total": 1e400}', b" " * (LONGEST + 1), b'{"slot": "\\ud800"}'],
)  # fmt: skip
def test_odd_bodies_are_answered_the_same_on_the_long_way(body):
    alike(body, is_short=False)


HEADERS = {
    "no key": {"HTTP_IDEMPOTENCY_KEY": None},
    "an empty key": {"HTTP_IDEMPOTENCY_KEY": ""},
    "a long key": {"HTTP_IDEMPOTENCY_KEY": "k" * 197},
    "a key with a line end": {"HTTP_IDEMPOTENCY_KEY": "a\tb"},
    "a key that is no ASCII": {"HTTP_IDEMPOTENCY_KEY": "\xe3\x81\x82"},
    "another host": {"HTTP_HOST": "example.org"},
    "a question in the address": {"QUERY_STRING": "a=b"},
    "another kind of body": {"CONTENT_TYPE": "text/plain"},
    "a kind with a character set": {"CONTENT_TYPE": "application/json; charset=shift_jis"},
    "no length": {"CONTENT_LENGTH": ""},
    "a length that is none": {"CONTENT_LENGTH": "２"},
}


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers_are_answered_the_same_on_the_long_way(name):
    alike(wanted(shop.slot()), is_short=False, **HEADERS[name])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS", "DELETE"])
def test_other_methods_are_answered_the_same(method):
    send = lambda way, key: asked(way, PATH, b"{}", method, CONTENT_TYPE="application/json")  # noqa: E731
    both(send, is_short=False, rows=written)


def twice(first, second):
    """Sends one order, then another with the same key."""
    return lambda way, key: (ordered(way, key, first), ordered(way, key, second))


def test_what_is_sent_again_has_the_same_order_and_no_second_letter():
    one = wanted(shop.slot(shop.GARDEN), tickets={"child": 2}, total=0)
    answers, (rows, jobs, _brakes) = both(twice(one, one), is_short=True, rows=written)
    assert (answers[0][2], len(rows["Order"]), len(jobs)) == (answers[1][2], 1, 1)


def test_the_same_key_with_something_else_is_a_conflict():
    slot = shop.slot()
    answers, _rows = both(twice(wanted(slot), wanted(slot, name="x", tickets={"adult": 1})), rows=written)
    assert answers[1][0].startswith("409")


@pytest.mark.parametrize("changes", [{"is_closed": True}, {"opens_at": timedelta(days=9)}, {"capacity": 1}])
def test_a_slot_that_is_closed_not_on_sale_or_too_small_refuses_on_both(changes):
    slot = shop.slot()
    for name, value in changes.items():
        setattr(slot, name, slot.starts_at + value if isinstance(value, timedelta) else value)
    slot.save()
    answer, _rows = alike(wanted(slot), is_short=False)
    assert answer[0].startswith("409")


def test_an_appointment_and_a_line_before_the_opening_are_the_long_way(monkeypatch):
    alike(wanted(shop.slot(shop.COUNTER), tickets={"appointment": 1}, total=0, way="counter"), is_short=False)
    slot = shop.slot()
    opening = rush.Opening(slot.facility, slot.opens_at, 10)
    monkeypatch.setattr(rush, "opening_now", lambda code: opening)
    answer, _rows = alike(wanted(slot), is_short=False)
    assert answer[0].startswith("409")


def test_an_address_that_holds_enough_is_told_so_on_both():
    day = shop.slot(shop.GARDEN, capacity=100)
    shop.bought(day, adult=20)
    answer, _rows = alike(wanted(day, tickets={"adult": 20}, total=6000), is_short=False)
    assert answer[0].startswith("422") or answer[0].startswith("409")


def test_a_proof_counts_on_the_short_way_too():
    document = town.decided(town.applied("npo-incorporation"))
    answer, _rows = alike(
        wanted(shop.slot(shop.ZOO), tickets={"adult": 1}, total=300, proof=document.code), is_short=True
    )
    assert answer[0].startswith("201")


def test_the_brake_counts_once_on_either_way_and_says_no_on_both(settings, monkeypatch):
    settings.BRAKE = 1  # twelve in an hour
    monkeypatch.setattr(counting, "switched_off", lambda guard: False)
    slot = shop.slot(capacity=100)

    def send(way, key):
        bodies = (wanted(slot, email=f"a{n}@example.jp") for n in range(14))
        return [ordered(way, f"{key}-{n}", body)[:3] for n, body in enumerate(bodies)]

    answers, _rows = both(send, is_short=False, rows=written)
    assert [one[0][:3] for one in answers] == ["201"] * 12 + ["429"] * 2


def test_where_everything_fails_the_long_way_says_it(monkeypatch):
    def fail(sales):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(selling, "_written", fail)
    answer, _rows = alike(wanted(shop.slot()), is_short=False)
    assert answer[0].startswith("500")
