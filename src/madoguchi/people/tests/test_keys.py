"""The key of a case: shown on paper, typed by hand, kept in a signed cookie, revoked by its salt."""

import uuid

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import RequestFactory

from madoguchi.people import keys

CASE = uuid.UUID(int=7)


def browser(**cookies):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    return request


def test_a_key_has_160_bits_in_letters_that_can_be_typed():
    assert len(keys.case_key(CASE)) == 32
    assert set(keys.case_key(CASE)) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_keys_of_two_cases_and_two_salts_differ():
    assert len({keys.case_key(CASE), keys.case_key(CASE, 1), keys.case_key(uuid.UUID(int=8))}) == 3


@pytest.mark.parametrize("spelling", [str, str.upper, keys.shown_key, lambda key: f" {keys.shown_key(key).upper()} "])
def test_a_key_may_be_typed_in_groups_and_capitals(spelling):
    assert keys.is_key(spelling(keys.case_key(CASE)), CASE)


@pytest.mark.parametrize("given", ["", "a" * 32, "０" * 32, "髙" * 32, "a" * 100_000])
def test_another_key_is_none(given):
    assert not keys.is_key(given, CASE)


def test_every_single_wrong_character_is_refused():
    key = keys.case_key(CASE)
    for place in range(len(key)):
        assert not keys.is_key(key[:place] + ("a" if key[place] != "a" else "b") + key[place + 1 :], CASE)


def test_a_changed_salt_revokes_the_key():
    assert not keys.is_key(keys.case_key(CASE, 0), CASE, salt=1)


def cookie_after(request, *references):
    for reference in references:
        response = HttpResponse()
        keys.hand_over(request, response, reference, "k")
        request = browser(cases=response.cookies[keys.COOKIE].value)
    return response.cookies[keys.COOKIE], keys.held(request)


def test_a_browser_holds_several_cases_and_forgets_the_oldest():
    names = [f"case-{n}" for n in range(keys.KEEP_CASES + 5)]
    _cookie, held = cookie_after(browser(), *names)
    assert list(held) == names[5:]


def test_scripts_and_other_sites_do_not_get_the_cookie():
    cookie, _held = cookie_after(browser(), "case")
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", keys.KEEP.total_seconds())


FORGED = ["", "x", "{}", '{"case": "k"}', signing.dumps({"case": "k"}, salt="another")]


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_a_forged_cookie_holds_nothing(forged):
    assert keys.held(browser(cases=forged)) == {}


def test_an_old_cookie_holds_nothing(monkeypatch):
    import time

    old = signing.dumps({"case": "k"}, salt=keys.COOKIE)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + keys.KEEP.total_seconds() + 60)
    assert keys.held(browser(cases=old)) == {}
