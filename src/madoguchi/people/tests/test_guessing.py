"""A stranger who guesses an officer's password waits; the officer at a known device signs in all the same."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from madoguchi.people.brake.sign_in import ANYWHERE, AT_HOME, FACTOR, HERE
from tests import town

pytestmark = pytest.mark.django_db
SIGN_IN, SECOND = "/accounts/login/", "/accounts/2fa/authenticate/"
SECRET = "JBSWY3DPEHPK3PXP"
WAIT = "いったん止めています"


@pytest.fixture(autouse=True)
def _now(clock):
    clock("2026-12-01 10:00")


@pytest.fixture
def officer():
    return with_password(town.sasaki(), "sasaki")


def with_password(actor, name):
    """An officer with an address that a browser takes, and a password."""
    person = actor.officer
    person.email = f"{name}@minatono.example"
    person.set_password(town.PASSWORD)
    person.save()
    return person


def stranger(number=0):
    return Client(headers=town.SAME_SITE, REMOTE_ADDR=f"198.51.100.{number}")


def typed(browser, email, password):
    return browser.post(SIGN_IN, {"login": email, "password": password})


def code(step=0):
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def signed_in(browser, officer):
    """Password, then the code; whether that led to the desk."""
    if typed(browser, officer.email, town.PASSWORD).status_code != 302:
        return False
    cache.clear()  # where the codes that were used are kept: the same half minute's once more
    return browser.post(SECOND, {"code": code()}).status_code == 302


def known(officer, number=200):
    """A browser where the officer has signed in and out again."""
    browser = stranger(number)
    assert signed_in(browser, officer)
    browser.post("/accounts/logout/")
    return browser


def guesses(officer, many, senders=1):
    return [typed(stranger(n % senders), officer.email, f"wrong-{n}") for n in range(many)]


@pytest.mark.parametrize("many", [8, 80])
@pytest.mark.parametrize("senders", [1, 40])
def test_the_officer_at_a_known_device_signs_in_after_any_number_of_guesses(officer, many, senders):
    home = known(officer)
    guesses(officer, many, senders)
    assert signed_in(home, officer)


def test_the_stranger_is_told_when_to_try_again_and_the_right_password_does_not_help(officer):
    for answer in guesses(officer, HERE.most):
        assert answer.status_code == 200 and WAIT not in answer.content.decode()
    answer = typed(stranger(), officer.email, town.PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "450")
    assert WAIT in answer.content.decode() and "10時08分からまた試せます" in answer.content.decode()
    assert f'value="{officer.email}"' in answer.content.decode(), "what was typed stays"
    assert signed_in(stranger(9), officer), "from elsewhere the officer gets in"


def test_many_senders_are_braked_together_and_slowly_let_go(officer, clock):
    home = known(officer)
    assert [one.status_code for one in guesses(officer, ANYWHERE.most, 40)] == [200] * ANYWHERE.most
    assert typed(stranger(99), officer.email, "wrong").status_code == 429
    assert not signed_in(stranger(99), officer)
    assert signed_in(home, officer)
    clock("2026-12-01 10:02")
    assert signed_in(stranger(99), officer)


def test_one_sender_alone_cannot_brake_the_officers_other_places(officer):
    guesses(officer, 500)
    assert signed_in(stranger(77), officer)


def test_without_the_brake_nobody_is_stopped(officer, monkeypatch):
    """The control."""
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", "brake")
    assert {one.status_code for one in guesses(officer, HERE.most + 3)} == {200}
    assert signed_in(stranger(), officer)


def test_without_the_known_device_the_officer_would_wait(officer, monkeypatch):
    """The other control: it is the cookie that lets the officer pass."""
    home = known(officer)
    guesses(officer, ANYWHERE.most, 40)
    home.cookies["known"] = home.cookies["known"].value[:-2] + "xx"
    assert not signed_in(home, officer)


def test_an_account_that_does_not_exist_looks_the_same(officer):
    def seen(email):
        answers = [typed(stranger(), email, "wrong") for _time in range(HERE.most + 1)]
        return [(one.status_code, one.content.decode().replace(email, "")) for one in answers]

    there, nowhere = seen(officer.email), seen("nobody@minatono.example")
    assert [status for status, _page in there] == [status for status, _page in nowhere]
    assert WAIT in there[-1][1] and WAIT in nowhere[-1][1]


def test_a_known_device_is_known_for_its_own_accounts_only(officer):
    home = known(officer)
    other = with_password(town.tanaka(), "tanaka")
    guesses(other, ANYWHERE.most, 40)
    assert typed(home, other.email, "wrong").status_code == 429


def test_a_stolen_device_does_not_guess_without_end(officer):
    home = known(officer)
    assert [typed(home, officer.email, "wrong").status_code for _time in range(AT_HOME.most + 1)][-1] == 429


def test_right_passwords_are_not_counted(officer):
    for _time in range(HERE.most * 2):
        assert typed(stranger(), officer.email, town.PASSWORD).status_code == 302


def test_the_second_factor_is_braked_and_a_known_device_is_not_by_strangers(officer):
    home = known(officer)
    for number in range(FACTOR.most):
        browser = stranger(number)
        typed(browser, officer.email, town.PASSWORD)
        assert browser.post(SECOND, {"code": "000000"}).status_code == 200
    answer = browser.post(SECOND, {"code": "000000"})
    assert answer.status_code == 429 and WAIT in answer.content.decode()
    assert signed_in(home, officer)


def test_without_a_second_factor_no_device_becomes_known():
    person = with_password(town.newcomer(), "newcomer")
    browser = stranger()
    assert typed(browser, person.email, town.PASSWORD).status_code == 302
    assert "known" not in browser.cookies


def test_on_https_only_this_host_can_set_the_cookie(officer, settings):
    settings.SESSION_COOKIE_SECURE, settings.COOKIE_PREFIX = True, "__Host-"
    browser = stranger(200)
    assert signed_in(browser, officer)
    cookie = browser.cookies["__Host-known"]
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["httponly"]) == (True, "/", "", True)
    assert officer.email not in cookie.value


def test_a_city_hall_behind_one_address_begins_its_day(officer):
    """Nothing counts by address who signs in well; a passkey's challenge is asked for by everybody."""
    for _time in range(120):
        answer = stranger().get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.status_code == 200
