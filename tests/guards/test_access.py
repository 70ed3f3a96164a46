"""Every URL × role × whose object × method gives what the table says, and nobody sees a word of somebody else's case.

Each case holds a canary in its answers, files and notes; it is looked for in every response.
"""

import json
import uuid
import zlib
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.http import HttpResponse

from madoguchi.applications.models import Filing
from madoguchi.cases.models import Case, Event
from madoguchi.people.keys import case_key
from madoguchi.people.rules import table
from tests import town
from tests.described import keys_of_body
from tests.guards.urls import LANGUAGES, addresses
from tests.guards.world import BODY, OF_REGISTERS, OWN, values

pytestmark = pytest.mark.django_db
OBJECTS = ("own", "other", "random")
OPEN = {200, 201, 302, 303, 400, 405, 409, 410, 413, 415, 422}
SENT = {"answers": {}, "score": 5, "provider": "sandbox", "slot": str(uuid.UUID(int=0)), "difference": 0}
HEADERS = {"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy", "Cache-Control"}
NOT_THERE = {
    "api:api-root": "django-ninja's name for the address above all operations; it never answers",
    "mfa_view_recovery_codes": "the cast has made none",
    "mfa_download_recovery_codes": "the cast has made none",
}
KEYED = {f"api:{name}" for name in (
    "get_payment", "start_payment", "get_order", "cancel_order", "list_changes", "change_order", "get_waiting",
    "stop_waiting",
)}  # fmt: skip
"""What only a charge's or an order's own secret opens: the tests of `payments` and `bookings` have it, nobody here."""
MAY_BE_KEPT = {"applications:form"}
"""Beside what the table calls shared."""


ROLES = {
    # role: (whose cases it may see, whose keys it holds, the officer)
    "public": (None, None, None),
    "holder": ("own", "own", None),
    "holder of another case": ("other", "other", None),
    "without second factor": (None, None, town.newcomer),
    "clerk": ("own", None, town.suzuki),
    "officer": ("own", None, town.sasaki),
    "chief": ("own", None, town.tanaka),
    "manager": ("own", None, town.yamamoto),
    "officer of another office": ("other", None, town.kato),
    "administrator": (None, None, town.kanno),
}


def expected(address, rule, role, roles, whose, method):
    """The statuses that the table allows; `roles` are those of the officer's posts, None for who is no officer."""
    sees, holds, _person = ROLES[role]
    if method not in rule.methods:
        return {405}
    if address.name in NOT_THERE and not (rule.who == "officer" and (roles is None or role == "without second factor")):
        return {404}
    if rule.who == "officer" and roles is not None and role != "without second factor":
        if rule.roles and not rule.roles & roles:
            return {403}
        return _of_object(address, whose, sees)
    if rule.who in {"officer", "signed-in"}:
        return {302} if roles is None or rule.who == "officer" else OPEN
    if address.name in KEYED:
        return {404}
    if address.name == "monitoring:readyz":
        return {503}  # no worker runs beside the tests
    if rule.who == "operator":
        return {404}  # no token is set
    if rule.who == "holder":
        return OPEN if holds == whose else {404}
    if address.name == "counter:known":  # of the two procedures one is about what a register has
        return OPEN if whose == "own" else {404}
    return OPEN | {404} if whose == "random" else OPEN


OF_THE_OFFICE = {"desk:flow", "desk:event-log", "desk:process"}
"""Pages of a procedure that only its own office (and the reform office) may see."""


def _of_object(address, whose, sees):
    if address.name in OF_REGISTERS:  # of the two offices one keeps a register
        return OPEN if sees == whose == "own" else {404}
    if address.name.startswith("uploads:") and "file" in address.parameters:
        return {404} if whose == "random" else OPEN if sees == whose else {403}
    if "charge" in address.parameters:
        return OPEN if sees == whose else {404}
    if address.name in {"reform:desk-project", "reform:desk-report", "reform:desk-reply", "reform:desk-item"}:
        return {404} if whose == "random" or address.name == "reform:desk-item" else {403}  # another office's project
    if "reference" in address.parameters or address.name in OF_THE_OFFICE:
        return OPEN if sees == whose else {404}
    return OPEN | {404} if address.parameters and whose != "own" else OPEN


def call(browser, address, path, method, token, body=BODY):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if method == "GET":
        return _whole(browser.get(path, headers=headers))
    if address.name.startswith("api:"):
        sent = {key: value for key, value in SENT.items() if key in keys_of_body(path)}
        headers["Idempotency-Key"] = "k" * 32
        return browser.post(path, json.dumps(sent), content_type="application/json", headers=headers)
    return browser.post(path, body, headers=headers)


def _whole(answer):
    """A response that streams, read to its end."""
    return HttpResponse(answer.getvalue(), status=200, headers=answer.headers) if answer.streaming else answer


def leaks(answer, path, world, sees):
    """What of somebody else's cases stands in the response. (A link into a case names the case that it opens.)"""
    content = answer.content
    text = content.decode(errors="replace").replace(path, "") + str(answer.headers).replace(path, "")
    found = []
    for whose, them in world.items():
        if whose == sees:
            continue
        found += [them.canary] if them.canary in text else []
        opened = them.open.reference if them.token in path else None
        named = [case.reference for case in them.cases if case.reference in text]
        found += [reference for reference in named if reference not in path and reference != opened]
        found += [f"a file of {whose}"] if content in them.private else []
    return found


def headers_missing(answer, address):
    missing = HEADERS - set(answer.headers)
    kept = "no-store" not in answer.headers.get("Cache-Control", "")
    if kept and address.name not in MAY_BE_KEPT and not table()[address.name].shared and answer.status_code == 200:
        missing.add("no-store")
    return missing


def browser_as(role, world):
    _sees, holds, person = ROLES[role]
    if person is not None:
        return town.browser_of(person()), None
    return town.holder(*(world[holds].cases if holds else ())), holds


@pytest.mark.parametrize("role", ROLES)
def test_the_table_holds_for(role, world, capsys):
    browser, holds = browser_as(role, world)
    person = ROLES[role][2]
    actor = person() if person else None
    body = {**BODY, "post": actor.officer.posts.get().pk} if actor else BODY
    cookies, faults, tested = browser.cookies.output(header="", sep=";"), [], 0
    for address in addresses():
        rule = table().get(address.name)
        if rule is None:
            continue
        for whose in OBJECTS if address.parameters else ("own",):
            given, case = values(address, whose, world)
            for method in ("GET", "POST"):
                if method not in rule.methods and whose != OBJECTS[0]:
                    continue  # refused before anybody looks whose it is
                language = LANGUAGES[zlib.crc32(f"{address.name}{role}{whose}{method}".encode()) % 3]
                path = address.path(language, **given)
                token = _token(address, holds, case, world) if rule.who == "holder" else None
                browser.cookies = SimpleCookie(cookies)
                with transaction.atomic():
                    answer = call(browser, address, path, method, token, body)
                    transaction.set_rollback(True)
                tested += 1
                allowed = expected(address, rule, role, actor and actor.roles, whose, method)
                faults += _faults(address, allowed, ROLES[role][0], f"{method} {path} ({whose})", answer, path, world)
    with capsys.disabled():
        print(f"\n  {role}: {tested} combinations of URL, object and method", end="")
    assert not faults, "\n".join(faults)


def _token(address, holds, case, world):
    """The API's bearer token of the case asked for, if held, else of an own one."""
    if holds is None or not address.name.startswith("api:"):
        return None
    mine = world[holds].cases
    kept = next((one for one in mine if case is not None and one.pk == case.pk), mine[0])
    return case_key(kept.pk)


def _faults(address, allowed, sees, asked, answer, path, world):
    told = f"{asked} {address.name}"
    if answer.status_code not in allowed:
        yield f"{told}: {answer.status_code}, not one of {sorted(allowed)}"
    if "Traceback" in answer.content.decode(errors="replace"):
        yield f"{told}: a stack trace"
    for leaked in leaks(answer, path, world, sees):
        yield f"{told}: shows {leaked}"
    if missing := headers_missing(answer, address):
        yield f"{told}: without {sorted(missing)}"


def test_the_canaries_sing_to_those_who_may_hear_them(world):
    """The control: the matrix would find a leak, since the canaries do stand on the pages of their owners."""
    own = world["own"]
    page = town.holder(*own.cases).get(f"/applications/{own.open.reference}/")
    assert leaks(page, "", world, None) == [OWN, own.open.reference]
    desk = town.browser_of(town.sasaki()).get(f"/desk/cases/{own.open.reference}/")
    assert OWN in leaks(desk, "", world, None)
    document = HttpResponse(bytes(own.credential.pdf))
    assert leaks(document, "", world, None) == ["a file of own"]


def test_every_write_of_an_officer_needs_the_token_of_its_page(world):
    from django.test import Client

    own = world["own"]
    for name, rule in table().items():
        if rule.who in {"officer", "signed-in"} and "POST" in rule.methods:
            (address,) = (one for one in addresses() if one.name == name)
            browser = Client(enforce_csrf_checks=True, headers=town.SAME_SITE)
            browser.force_login(town.yamamoto().officer)
            path = address.path(**values(address, "own", {"own": own})[0])
            assert browser.post(path, BODY).status_code == 403, path


@pytest.mark.parametrize("role", ["holder", "manager"])
def test_asking_what_is_possible_changes_nothing(role, world):
    """OPTIONS passes the table and every check of origin, so no view may take it for a write."""
    browser, holds = browser_as(role, world)
    for address in addresses():
        rule = table().get(address.name)
        if rule is None:
            continue
        given, case = values(address, "own", world)
        token = _token(address, holds, case, world) if rule.who == "holder" else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        before = _state()
        with transaction.atomic():
            answer = browser.options(address.path(**given), headers=headers)
            after = _state()
            transaction.set_rollback(True)
        assert answer.status_code < 500, address
        assert after == before, address


def _state():
    """How much was recorded, but for reading."""
    written = Event.objects.exclude(kind__in=["read", "delivered"]).count()
    return written, list(Case.objects.order_by("pk").values_list("step", "result", "assignee")), Filing.objects.count()
