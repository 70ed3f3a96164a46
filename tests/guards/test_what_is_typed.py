"""Odd texts in every field that every address reads: a sentence or a page comes back, never a broken page.

Which fields those are is found by watching what each view asks of its request, so a new one is tried by itself.
"""

import json
import sys
import zlib
from urllib.parse import quote_plus

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpResponse
from django.urls import NoReverseMatch

from madoguchi.people.rules import BOTH, Rule, route, table
from tests import town
from tests.described import operation
from tests.guards import odd
from tests.guards.test_access import SENT, _token, _whole
from tests.guards.urls import addresses
from tests.guards.world import BODY, values

pytestmark = pytest.mark.django_db
MANY = 12
"""Fields from which on a page is tried with each text in all of them at once: every question type has its own tests."""
SAYS_SO = {"/readyz"}
"""503 is what it answers where no worker lives."""
LEFT_OUT = {"account_logout"}
WELCOME = {200, 303, 400, 409, 410, 422}
CAST = (town.yamamoto, town.tanaka, town.sasaki, town.suzuki, town.kanno, town.nakamura, town.mori, town.kato)


class Trial:
    """One address, called as who may call it, with one thing after another."""

    def __init__(self, world):
        self.world, self.faults, self.calls = world, [], 0
        self.anybody = town.holder(*world["own"].cases)
        self.officers = [town.browser_of(person()) for person in CAST]
        self.newcomer = town.browser_of(town.newcomer())

    def call(self, browser, method, at, told, **sent):
        """The answer, as if it had not been asked; what broke is noted."""
        broken = []

        def note(sender, **rest):
            broken.append(repr(sys.exc_info()[1]))

        got_request_exception.connect(note, weak=False)
        kept = browser.cookies.copy()
        try:
            with transaction.atomic():
                answer = _whole(getattr(browser, method.lower())(at, **sent))
                transaction.set_rollback(True)
        except Exception as fault:
            answer, broken = HttpResponse(status=599), [repr(fault)]
        finally:
            got_request_exception.disconnect(note)
            browser.cookies = kept
        self.calls += 1
        if answer.status_code >= 500 and at not in SAYS_SO:
            self.faults.append(f"{method} {at[:80]} with {told}: {answer.status_code} {broken}")
        return answer

    def who(self, name, method, at, **sent):
        """The browser of the first who is let in."""
        rule = table()[name]
        if rule.who in {"anyone", "holder"}:
            return self.anybody
        those = [self.newcomer, *self.officers] if rule.who == "signed-in" else self.officers
        return next((one for one in those if self.call(one, method, at, "nothing odd", **sent).status_code in WELCOME),
                    those[0])  # fmt: skip


@pytest.fixture
def trial(world):
    return Trial(world)


def listed(method):
    return [
        one
        for one in addresses()
        if one.name in table() and method in table()[one.name].methods and one.name not in LEFT_OUT
    ]


def fields_of(trial, method, at, browser, sent):
    """The fields a view asks for, found with them and again with what they lead to."""
    with odd.fields_read() as found:
        trial.call(browser, method, at, "nothing odd", data=sent)
    return sorted(found - {"csrfmiddlewaretoken"})


def some(given, key, every=6):
    """Every sixth of them, beginning elsewhere for each key, so that all come to be tried."""
    return given[zlib.crc32(key.encode()) % every :: every]


def each(address, fields):
    """(fields, the odd text for them): each text in all of them, and some in each alone, which another would hide."""
    if len(fields) <= MANY:
        yield from (([one], text) for one in fields for text in some(odd.TEXTS, address.name + one))
    if fields:
        yield from ((fields, text) for text in odd.TEXTS)


def encoded(fields):
    """A form's body, byte by byte: a lone surrogate goes as programs send it."""
    return "&".join(f"{quote_plus(key)}={quote_plus(value, errors='surrogatepass')}" for key, value in fields.items())


def test_nothing_typed_into_a_form_breaks_its_page(trial):
    for address in listed("POST"):
        if address.name.startswith(("api:", "opendata-api:")):
            continue
        at = address.path(**values(address, "own", trial.world)[0])
        browser = trial.who(address.name, "POST", at, data=BODY)
        for group, text in each(address, fields_of(trial, "POST", at, browser, BODY)):
            body = encoded({**BODY, **dict.fromkeys(group, text)})
            trial.call(browser, "POST", at, f"{text[:20]!r} in {group[:3]}", data=body,
                       content_type="application/x-www-form-urlencoded")  # fmt: skip
    told(trial)


def test_nothing_in_an_address_breaks_what_is_read(trial):
    for address in listed("GET"):
        given, case = values(address, "own", trial.world)
        at, headers = address.path(**given), bearer(trial, address, case)
        browser = trial.who(address.name, "GET", at, headers=headers)
        with odd.fields_read() as found:
            trial.call(browser, "GET", at, "nothing odd", headers=headers)
        found |= {one["name"] for one in (operation("GET", at) or {}).get("parameters", []) if one["in"] == "query"}
        for group, text in each(address, sorted(found)):
            trial.call(browser, "GET", f"{at}?{encoded(dict.fromkeys(group, text))}", f"{text[:20]!r} in {group[:3]}",
                       headers=headers)  # fmt: skip
        for key, value in ((key, value) for key in address.parameters for value in (10**30, 2**63, "x" * 3000, "é'")):
            try:
                odd_place = address.path(**{**given, key: value})
            except NoReverseMatch:
                continue
            trial.call(browser, "GET", odd_place, f"{key}={str(value)[:9]}", headers=headers)
    told(trial)


def test_nothing_that_a_program_sends_breaks_the_api(trial):
    for address in [one for one in listed("POST") if one.name.startswith(("api:", "opendata-api:"))]:
        given, case = values(address, "own", trial.world)
        at, headers = address.path(**given), {"Idempotency-Key": "k" * 32, **(bearer(trial, address, case) or {})}
        sent = {**SENT, "id": "x", "resource_id": "x", "q": "x", "filters": {}, "limit": 1}
        bodies = [*odd.BODIES, *(json.dumps({**sent, key: value}) for key in sent for value in odd.VALUES)]
        for body in bodies:
            trial.call(trial.anybody, "POST", at, f"{body[:60]!r}", data=body, content_type="application/json",
                       headers=headers)  # fmt: skip
    told(trial)


def test_no_header_breaks_an_address(trial):
    for address in listed("GET"):
        at = address.path(**values(address, "own", trial.world)[0])
        for headers in some(odd.HEADERS, address.name):
            trial.call(trial.anybody, "GET", at, f"{headers}", headers=headers)
    told(trial)


def bearer(trial, address, case):
    token = _token(address, "own", case, trial.world) if table()[address.name].who == "holder" else None
    return {"Authorization": f"Bearer {token}"} if token else None


def told(trial):
    """How much was tried is part of the answer: a guard that tries nothing finds nothing."""
    print(f"\n  {trial.calls} calls")
    assert trial.calls > 300
    assert not trial.faults, "\n".join(trial.faults[:40])


def test_the_guard_finds_a_page_that_breaks(trial, settings):
    """The control: a view that takes a text for a number."""
    settings.ROOT_URLCONF = __name__
    with odd.fields_read() as found:
        trial.call(trial.anybody, "POST", "/careless/", "nothing odd", data={"seats": "4"})
    assert found == {"seats"}
    for text in odd.TEXTS:
        trial.call(trial.anybody, "POST", "/careless/", repr(text[:20]), data=encoded({"seats": text}),
                   content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert len(trial.faults) == 1 and "'²'" in trial.faults[0]


def careless(request):
    return HttpResponse(str(int(request.POST["seats"]) if request.POST["seats"].isdigit() else 0))


urlpatterns = [route("careless/", careless, "careless", Rule("anyone", BOTH))]
