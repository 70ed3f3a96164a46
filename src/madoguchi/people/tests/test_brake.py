"""Whoever writes too much is told when it goes on; others, officers and those who only read notice nothing."""

import json
import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from madoguchi.people.models import Tally
from madoguchi.platform.brake.counting import Asked, count, give_back, sweep
from madoguchi.platform.brake.limits import ENTER, HOUR, Limit
from madoguchi.platform.brake.sender import is_spared, sender
from tests import town

pytestmark = pytest.mark.django_db
SIX_AN_HOUR = Limit("six-an-hour", 6, HOUR)
ENTRANCE = "/applications/"


@pytest.fixture(autouse=True)
def _at_ten(clock):
    clock("2026-12-01 10:00")


def one(subject="somebody", amount=1):
    return count([Asked(SIX_AN_HOUR, subject, amount)])


def tried(browser=None, place=ENTRANCE, **headers):
    return (browser or town.visitor()).post(place, {"reference": "K7Q2-M9XD-4TB", "key": "a"}, headers=headers)


def braked_page(place=ENTRANCE, **headers):
    for _time in range(ENTER[0].most):
        assert tried(place=place, **headers).status_code == 422
    return tried(place=place, **headers)


def test_as_many_as_the_limit_pass_at_once_then_one_by_one(clock):
    assert [one() for _time in range(6)] == [None] * 6
    assert one().until == timezone.now() + timedelta(minutes=10)
    clock("2026-12-01 10:09")
    assert one() is not None
    clock("2026-12-01 10:10")
    assert one() is None and one() is not None


def test_what_is_refused_does_not_count_and_after_a_rest_all_is_as_at_the_start(clock):
    for _time in range(50):
        one()
    clock("2026-12-01 11:00")
    assert [one() for _time in range(6)] == [None] * 6 and one() is not None


def test_nobody_is_braked_for_somebody_else_nor_for_something_else():
    for _time in range(7):
        one()
    assert one("somebody else") is None
    assert count([Asked(SIX_AN_HOUR._replace(code="other"), "somebody")]) is None


def test_bytes_are_counted_by_their_number_and_one_that_is_too_large_is_refused_at_once():
    assert one(amount=5) is None
    assert one(amount=2).until == timezone.now() + timedelta(minutes=10)
    assert one(amount=1) is None
    assert one("another", amount=7).until == timezone.now() + timedelta(hours=1)


def test_what_is_given_back_can_be_used_again():
    asked = [Asked(SIX_AN_HOUR, "somebody")]
    for _time in range(6):
        assert count(asked) is None
    give_back(asked)
    assert count(asked) is None and count(asked) is not None


def test_two_limits_are_counted_in_one_statement():
    with CaptureQueriesContext(connection) as made:
        count([Asked(SIX_AN_HOUR, "one"), Asked(SIX_AN_HOUR, "two")])
    assert len(made) == 1 and Tally.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_those_who_come_at_the_same_moment_as_many_pass_as_may():
    passed = []

    def come():
        passed.append(one() is None)
        connection.close()

    threads = [threading.Thread(target=come) for _client in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 6


def test_the_address_is_not_stored_and_the_row_goes_when_the_brake_is_free(clock):
    tried()
    assert "127.0.0.1" not in str(Tally.objects.values().get())
    sweep()
    assert Tally.objects.count() == 1
    clock("2026-12-01 10:01")
    sweep()
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    ("address", "as_one"),
    [("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
     ("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1", "192.0.2.1"), ("", ""), ("unix:", "unix:")],
)  # fmt: skip
def test_a_household_is_one_sender(address, as_one):
    assert sender(address) == as_one


# ---------------------------------------------------------------- what people see


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("", "たくさん送られたので、いったん止めています。10時01分からまた送れます。"),
        ("/en", "so we have paused for a moment; you can send again from 10:01."),
        ("/ja-easy", "すこし 止めています。10時01分から"),
    ],
)
def test_the_page_says_when_it_goes_on_and_keeps_what_was_typed(language, told):
    page = braked_page(language + ENTRANCE)
    text = page.content.decode()
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (429, "15", "no-store")
    assert told in re.sub("<rt>.*?</rt>|<rp>.*?</rp>|<[^>]+>", "", text)
    assert '<input type="hidden" name="reference" value="K7Q2-M9XD-4TB">' in text


def test_tomorrow_is_said_with_its_day(clock):
    clock("2026-12-01 23:59")
    assert "令和8年12月2日" in braked_page().content.decode()


def test_a_program_gets_a_problem_and_a_script_of_a_page_a_sentence(monkeypatch):
    told = "10時01分からまた送れます。"
    monkeypatch.setattr("django.conf.settings.BRAKE", 1)
    for _time in range(7):
        answer = town.visitor().post("/api/v1/payments/0000-0000-000/attempts", {}, content_type="application/json")
    problem = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert problem["status"] == 429 and "からまた送れます" in problem["detail"] and int(answer["Retry-After"]) > 0
    monkeypatch.setattr("django.conf.settings.BRAKE", 100)
    assert told in json.loads(braked_page(sec_fetch_dest="empty").content)["error"]


def test_a_password_is_not_carried_through_a_page(monkeypatch):
    monkeypatch.setattr("django.conf.settings.BRAKE", 1e-6)
    page = town.visitor().post("/accounts/login/", {"login": "a@b.example", "password": "geheim"})
    assert page.status_code == 429 and "geheim" not in page.content.decode()


def test_officers_and_spared_networks_are_not_braked(settings):
    settings.BRAKE = 1e-6
    assert tried().status_code == 429
    assert tried(town.browser_of(town.suzuki())).status_code == 422
    is_spared.cache_clear()
    settings.BRAKE_SPARES = [__import__("ipaddress").ip_network("127.0.0.0/8")]
    assert tried().status_code == 422
    is_spared.cache_clear()


def test_a_header_changes_the_sender_only_behind_a_proxy(settings):
    settings.BRAKE = 100 / ENTER[0].most
    assert [tried(x_forwarded_for=f"192.0.2.{n}").status_code for n in range(3)] == [422, 429, 429]
    settings.BEHIND_PROXY = True
    assert [tried(x_forwarded_for=f"10.0.0.1, 192.0.2.{n}").status_code for n in range(3)] == [422, 422, 422]


def test_with_the_brake_off_everything_passes(monkeypatch, settings):
    """The control."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "brake")
    settings.BRAKE = 1e-6
    assert tried().status_code == 422
