"""Every URL says who may use it; what says nothing is refused, and no rule is without its URL."""

import uuid

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from madoguchi.config import api
from madoguchi.config import urls as our_urls
from madoguchi.people.account.brought import BROUGHT
from madoguchi.people.models import Role
from madoguchi.people.rules import HOLDER, OPEN, route, rules_of, table
from tests import town
from tests.guards.urls import FOR_PROGRAMS, LANGUAGES, REFUSED, addresses

VALUES = {
    "reference": "0000-0000-000", "number": 1, "upload": "a", "token": "a", "digits": "2310045", "code": "a", "pk": 1,
    "version": 1, "key": "a", "uidb36": "1", "secret": "a", "checkout": "a", "provider": "sandbox",
    "charge": "0000-0000-000", "attempt": uuid.UUID(int=1), "refund": uuid.UUID(int=1),
    "facility": "a", "slot": uuid.UUID(int=1), "day": "2026-12-01", "order": "0000-0000-000",
    "holding": uuid.UUID(int=1), "batch": uuid.UUID(int=1),
    "edition": "minatono-1", "year": 2026,
    "action": "package_list", "resource": "a", "kind": "ttl", "file_name": "v1.csv",
    "file": uuid.UUID(int=1), "before": 1, "after": 2,
}  # fmt: skip
NAMES = {address.name for address in addresses()}


def test_every_url_has_a_rule_or_is_refused_on_purpose():
    assert NAMES - set(table()) - REFUSED == set()


def test_every_rule_that_stands_apart_from_its_url_has_one():
    """A library's URLs and the API's operations get theirs by name: one that is misspelt would allow nothing."""
    assert set(BROUGHT) | {f"api:{name}" for name in api.rules()} <= NAMES


def test_a_name_that_two_urls_share_has_one_rule():
    def resolver(*rules):
        routes = [route(f"{number}/", lambda request: HttpResponse(), "twice", one) for number, one in enumerate(rules)]
        return type("urls", (), {"urlpatterns": routes})

    assert rules_of(resolver(OPEN, OPEN)) == {"twice": OPEN}
    with pytest.raises(ValueError, match="twice: one name, two rules"):
        rules_of(resolver(OPEN, HOLDER))


def test_nothing_is_both_allowed_and_refused_on_purpose():
    assert set(table()) & REFUSED == set()
    assert REFUSED <= NAMES


def test_every_url_has_an_address_in_three_languages():
    for address in addresses():
        paths = [address.path(language, **VALUES) for language in LANGUAGES]
        if address.name.startswith(FOR_PROGRAMS):
            assert len(set(paths)) == 1
        else:
            assert [p.split("/")[1] in {"en", "ja-easy"} for p in paths] == [False, True, True], address


def test_the_roles_in_the_rules_exist():
    for name, rule in table().items():
        assert rule.roles <= set(Role.values), name
        assert rule.methods <= {"GET", "HEAD", "POST"}, name
        assert rule.who == "officer" or not rule.roles, f"{name}: roles mean nothing for {rule.who}"


urlpatterns = [*our_urls.urlpatterns, path("unlisted/", lambda request: HttpResponse("secret"), name="unlisted")]
handler403, handler404 = our_urls.handler403, our_urls.handler404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete", "patch", "options"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_url_without_a_rule_is_refused_to_everybody(method):
    for browser in (town.visitor(), town.browser_of(town.yamamoto()), town.browser_of(town.kanno())):
        answer = getattr(browser, method)("/unlisted/")
        assert (answer.status_code, b"secret" in answer.content) == (403, False)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused_on_purpose_is_refused(name):
    (address,) = (one for one in addresses() if one.name == name)
    for browser in (town.visitor(), town.browser_of(town.kanno())):
        assert browser.get(address.path(**VALUES)).status_code == 403
        assert browser.post(address.path(**VALUES)).status_code == 403
