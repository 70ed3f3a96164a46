"""A write that another site started is refused, wherever it aims; programs without cookies are let through."""

import pytest
from django.test import Client

from tests import town

pytestmark = pytest.mark.django_db
BODY = {"reference": "0000-0000-000", "key": "x"}


def sent(cookies=None, **headers):
    browser = Client(headers={key.replace("_", "-"): value for key, value in headers.items()})
    browser.cookies.load(cookies or {})
    return browser.post("/applications/", BODY).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://testserver"},
        {"Origin": "http://testserver:8443"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_a_write_from_another_site_is_refused(headers):
    assert sent(**headers) == 403


@pytest.mark.parametrize(
    "headers", [{"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "none"}, {"Origin": "http://testserver"}]
)
def test_a_write_from_our_own_page_passes(headers):
    assert sent(**headers) == 422


def test_a_program_without_cookies_passes():
    assert sent() == 422


def test_a_write_with_cookies_but_without_any_origin_is_refused():
    assert sent({"cases": "x"}) == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_every_other_writing_method_is_refused(method):
    browser = Client(headers={"Sec-Fetch-Site": "cross-site"})
    assert getattr(browser, method)("/applications/").status_code == 403


def test_a_write_of_our_own_page_behind_a_proxy_that_speaks_https_passes(settings):
    settings.PUBLIC_URL = "https://testserver"
    assert sent(Origin="https://testserver") == 422


def test_reading_from_another_site_is_allowed():
    assert Client(headers={"Sec-Fetch-Site": "cross-site"}).get("/").status_code == 200


def test_another_site_cannot_withdraw_an_application_with_the_holders_cookies():
    case = town.applied()
    browser = town.holder(case)
    answer = browser.post(f"/applications/{case.reference}/withdraw/", headers={"Sec-Fetch-Site": "cross-site"})
    case.refresh_from_db()
    assert (answer.status_code, case.is_open) == (403, True)
