"""The short way to a submission and its receipt (in front of Django) and the long one: what is answered and written is
the same, whatever is sent. The short way may only leave more to the long one, never say anything else.
"""

import json

import pytest
from django.conf import settings
from django.core import signing

from madoguchi.applications import quick
from madoguchi.config.postgresql.base import DatabaseWrapper
from madoguchi.people.keys import COOKIE
from madoguchi.platform.brake import counting
from madoguchi.platform.passing import LONGEST
from tests import town

from .both_ways import PATH, asked, body, both

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def same_moment(clock, monkeypatch):
    """Both ways are gone at the same moment, in this test's transaction, which Django would take for one left open."""
    clock("2026-12-01 10:00")
    monkeypatch.setattr(DatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)


def test_the_usual_submission_is_the_same_and_takes_the_short_way():
    answer, (rows, jobs, _counts, brakes) = both(
        lambda way, key: asked(way, body=body(town.answers(), key)), is_short=True
    )
    status, headers, text, route, held = answer
    assert (status, text, route, held) == ("303 See Other", "", "applications:submit", [["#"]])
    assert ("Location", "/applications/#/received/") in headers
    assert [len(one) for one in rows.values()] == [1] * 5
    assert (len(jobs), len(brakes)) == (1, 2)


@pytest.mark.parametrize("prefix", ["/en", "/ja-easy"])
def test_so_it_is_in_the_other_languages(prefix):
    _answer, (rows, *_more) = both(lambda way, key: asked(way, prefix + PATH, body(town.answers(), key)), is_short=True)
    assert rows["Case"][0]["language"] == prefix[1:]


@pytest.mark.parametrize("code", [town.BARBER, town.LICENCE])
def test_so_it_is_with_other_procedures(code):
    both(lambda way, key: asked(way, f"/procedures/{code}/submit/", body(town.answers(code), key)), is_short=True)


def test_the_same_behind_a_proxy_with_https(settings):
    settings.BEHIND_PROXY, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_NAME = True, "__Host-desk"
    sent = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}
    (_status, headers, *_rest), _rows = both(
        lambda way, key: asked(way, body=body(town.answers(), key), **sent), is_short=True
    )
    assert "Strict-Transport-Security" in dict(headers)
    assert "Secure" in dict(headers)["Set-Cookie"]


ODD = {
    "a line end in the key": {"key": "a\nb"},
    "no key": {"key": ""},
    "a key of 201 characters": {"key": "k" * 201},
    "seconds that are none": {"started": "-5"},
    "seconds in full width": {"started": "２４０"},
    "too many seconds": {"started": "9" * 9},
    "a button": {"do": "add:owners"},
    "answers that are none": {"answers": "[1, 2]"},
    "answers that end early": {"answers": '{"trade_name": "'},
    "answers with half a character": {"answers": '{"trade_name": "\\ud800"}'},
    "answers with NaN": {"answers": '{"seats": NaN}'},
    "answers with a number of a hundred digits": {"answers": json.dumps({"seats": int("9" * 100)})},
    "answers as deep as they are long": {"answers": "[" * 20_000},
    "answers with a NUL": {"answers": json.dumps({"trade_name": "a\0b"})},
    "a question that nobody asks": {"answers": json.dumps({"x": 1})},
}
IS_SHORT = {"seconds that are none", "seconds in full width", "too many seconds"}


@pytest.mark.parametrize("name", ODD)
def test_odd_fields_are_answered_the_same(name):
    both(lambda way, key: asked(way, body=body(town.answers(), **{"key": key, **ODD[name]})), is_short=name in IS_SHORT)


@pytest.mark.parametrize(
    "value", ["a\0b", "１２３", int("9" * 30), 1e400, True, {"a": ["b"]}, ["x" * 50], "🐟" * 500, "</script>"]
)
@pytest.mark.parametrize("question", ["trade_name", "seats"])
def test_odd_values_of_one_question_are_answered_the_same(question, value):
    both(lambda way, key: asked(way, body=body({**town.answers(), question: value}, key)))


RAW = {
    "nothing": b"",
    "bytes that are no UTF-8": b"answers=%7B%7D&key=\xff\xfe",
    "escapes that are no UTF-8": b"answers=%7B%7D&key=%FF%FE",
    "escapes that are none": b"answers=%7B%7D&key=%zz",
    "a field twice": b"answers=%7B%7D&key=a&key=b",
    "an empty part": b"answers=%7B%7D&&key=a",
    "a name in escapes": b"%61nswers=%7B%7D&key=a",
    "no equals sign": b"answers&key",
    "more than is read": b"answers=" + b"x" * LONGEST + b"&key=a",
}


@pytest.mark.parametrize("name", RAW)
def test_odd_bodies_are_answered_the_same(name):
    both(lambda way, _key: asked(way, body=RAW[name]), is_short=False)


HEADERS = {
    "another site": {"HTTP_SEC_FETCH_SITE": "cross-site"},
    "a neighbour": {"HTTP_SEC_FETCH_SITE": "same-site"},
    "an old browser": {"HTTP_SEC_FETCH_SITE": None, "HTTP_ORIGIN": "http://testserver"},
    "an old browser on another site": {"HTTP_SEC_FETCH_SITE": None, "HTTP_ORIGIN": "https://example.org"},
    "a program": {"HTTP_SEC_FETCH_SITE": None},
    "another host": {"HTTP_HOST": "example.org"},
    "no host": {"HTTP_HOST": None, "SERVER_NAME": "example.org"},
    "an address with a question": {"QUERY_STRING": "a=b"},
    "another kind of body": {"CONTENT_TYPE": "text/plain"},
    "a kind with a character set": {"CONTENT_TYPE": f"{quick.FORM}; charset=shift_jis"},
    "no length": {"CONTENT_LENGTH": ""},
    "a cookie that is no ASCII": {"HTTP_COOKIE": "cases=\xe3\x81\x82"},
    "an officer's cookie": {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=abc"},
}


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers_are_answered_the_same_on_the_long_way(name):
    both(lambda way, key: asked(way, body=body(town.answers(), key), **HEADERS[name]), is_short=False)


@pytest.mark.parametrize(
    "cookie", ["cases=forged", "cases=a:b:c", "cases", "; ;=;", "other=1; cases=", 'cases="a:b"', "lang=en; known=x"]
)
def test_cookies_that_say_nothing_are_no_obstacle(cookie):
    both(lambda way, key: asked(way, body=body(town.answers(), key), HTTP_COOKIE=cookie), is_short=True)


def test_a_cookie_of_another_case_keeps_it():
    held = signing.dumps({"ABCD-EFGH-JKM": "k"}, salt=COOKIE)
    answer, _rows = both(
        lambda way, key: asked(way, body=body(town.answers(), key), HTTP_COOKIE=f"a=b; cases={held}"), is_short=True
    )
    assert answer[-1] == [["#", "#"]]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "get"])
@pytest.mark.parametrize("path", [PATH, "/applications/0000-0000-000/received/"])
def test_other_methods_are_answered_the_same(method, path):
    both(lambda way, key: asked(way, path, body(town.answers(), key), method), is_short=False)


@pytest.mark.parametrize("path", ["/procedures/none/submit/", "/fr" + PATH, PATH[:-1], "/ja" + PATH, PATH + "x"])
def test_addresses_that_are_none_are_answered_the_same(path):
    both(lambda way, key: asked(way, path, body(town.answers(), key)), is_short=False)


def test_a_procedure_that_takes_none_today_says_so(period):
    period(town.RESTAURANT, "2026-01-01", "2026-11-30")
    answer, _rows = both(lambda way, key: asked(way, body=body(town.answers(), key)), is_short=False)
    assert answer[0].startswith("410")


def twice(first, second):
    """Sends one body, then another with the same key."""

    def send(way, key):
        given = town.answers()
        return asked(way, body=body({**given, **first}, key)), asked(way, body=body({**given, **second}, key))

    return send


def test_what_is_sent_again_has_the_same_case():
    _answer, (rows, *_more) = both(twice({}, {}), is_short=True)
    assert len(rows["Case"]) == 1


def test_the_same_key_with_something_else_is_a_conflict():
    answer, _rows = both(twice({}, {"trade_name": "別の店"}), is_short=False)
    assert answer[1][0].startswith("409")


def test_answers_with_a_fault_lead_back_to_the_form():
    send = lambda way, key: asked(way, body=body({**town.answers(), "trade_name": ""}, key))  # noqa: E731
    answer, (rows, _jobs, (_claimed, sheets), _brakes) = both(send, is_short=False)
    assert (answer[0], rows["Case"], sheets) == ("303 See Other", [], 1)


def test_a_file_that_is_not_there_leads_back_to_the_form():
    _answer, (rows, *_more) = both(lambda way, key: asked(way, body=body(town.example(), key)), is_short=False)
    assert rows["Case"] == []


def test_the_brake_counts_once_on_either_way_and_says_no_on_both(settings, monkeypatch):
    settings.BRAKE = 1  # three in an hour
    monkeypatch.setattr(counting, "switched_off", lambda guard: False)

    def send(way, key):
        return [asked(way, body=body(town.answers(), f"{key}-{number}"))[:3] for number in range(5)]

    answers, _rows = both(send, is_short=False)
    assert [one[0][:3] for one in answers] == ["303", "303", "303", "429", "429"]


def test_where_everything_fails_the_long_way_says_it(monkeypatch):
    def fail(**_given):
        raise RuntimeError("on purpose")

    monkeypatch.setattr("madoguchi.applications.intake.insert", fail)
    answer, _rows = both(lambda way, key: asked(way, body=body(town.answers(), key)), is_short=False)
    assert answer[0].startswith("500")


# ---------------------------------------------------------------- receipts


def receipt_of(prefix="", **changes):
    """Sends an application, then asks for its receipt with the cookie that came (or another)."""

    def send(way, _key):
        case = town.applied()
        held = signing.dumps({case.reference: changes.get("key") or town.case_key(case.pk)}, salt=COOKIE)
        cookie = changes.get("cookie", f"cases={held}")
        path = f"{prefix}/applications/{changes.get('reference', case.reference)}/received/"
        return asked(way, path, method="GET", HTTP_COOKIE=cookie, **changes.get("headers", {}))

    return send


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_receipt_is_the_same_and_takes_the_short_way(prefix):
    (status, headers, text, route, _held), _rows = both(receipt_of(prefix), is_short=True)
    assert (status, route) == ("200 OK", "applications:received")
    assert ("X-Robots-Tag", "noindex") in headers and ("Cache-Control", "no-store") in headers
    assert "LLLL" not in text and "llll" not in text


def test_a_receipt_with_readings_over_its_words_is_the_same():
    both(receipt_of("/ja-easy"), is_short=False)


@pytest.mark.parametrize(
    "changes",
    [{"cookie": ""}, {"cookie": "cases=forged"}, {"key": "a" * 32}, {"reference": "ABCD-EFGH-JKM"},
     {"reference": "abcd-efgh-jkm"}, {"headers": {"QUERY_STRING": "x"}}, {"headers": {"HTTP_HOST": "example.org"}}],
)  # fmt: skip
def test_a_receipt_is_shown_to_nobody_else_on_either_way(changes):
    answer, _rows = both(receipt_of(**changes), is_short=False)
    if "headers" not in changes:
        assert answer[0].startswith("404")
