"""How the tests of sign-ins sign in: as a browser does it, with password and second factor."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests import town

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
SECRET = "JBSWY3DPEHPK3PXP"


def code():
    """What the authenticator app shows; a code is good once, so what was used before is forgotten."""
    cache.clear()
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def officer_with_password(make=town.sasaki, password=town.PASSWORD):
    """An officer of the cast who has a password, and an address that can be typed."""
    officer = make().officer
    officer.email = f"{make.__name__}@minatono.example"
    officer.set_password(password)
    officer.save()
    return officer


def fresh(agent=FIREFOX, *, strict=False):
    """A browser that has not signed in."""
    return Client(headers={**town.SAME_SITE, "User-Agent": agent}, enforce_csrf_checks=strict)


def types_password(browser, officer, password=town.PASSWORD, **more):
    """The first page of a sign-in; what was counted against others' tries is forgotten."""
    cache.clear()
    return browser.post("/accounts/login/", {"login": officer.email, "password": password, **more})


def signs_in(officer, agent=FIREFOX, *, browser=None):
    """The browser of an officer who signed in."""
    browser = browser or fresh(agent)
    answer = types_password(browser, officer)
    assert answer.headers["Location"].endswith("/accounts/2fa/authenticate/"), answer.headers
    answer = browser.post("/accounts/2fa/authenticate/", {"code": code()})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def sessions_of(officer):
    """The rows."""
    return officer.sessions.order_by("started_at")


def key_of(browser):
    """The session's key that a browser holds."""
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def remove_factor(officer):
    """As an operator would, outside of any page."""
    Authenticator.objects.filter(user=officer).delete()
