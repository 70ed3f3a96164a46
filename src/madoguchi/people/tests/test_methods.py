"""HTTP as it is meant: HEAD, tags, other sites' programs, and text that no database holds."""

import json

import pytest
from django.test import Client

from madoguchi.cases.models import Event
from tests import town

pytestmark = pytest.mark.django_db
ELSEWHERE = {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}


@pytest.mark.parametrize("path", ["/", "/api/v1/procedures", "/api/3/action/package_list", "/postal/2310005/"])
def test_head_has_the_headers_of_get_and_no_body(path):
    read, head = Client().get(path), Client().head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.headers.get(name) == read.headers.get(name), name


@pytest.mark.parametrize("place", ["/applications/{}/documents/{}/", "/api/v1/applications/{}/documents/{}"])
def test_asking_for_the_headers_of_a_document_is_no_delivery(place):
    case = town.applied(electronic_notice=True)
    permit = town.decided(case)
    browser, path = town.holder(case), place.format(case.reference, permit.pk)
    headers = {"Authorization": f"Bearer {town.case_key(case.pk)}"} if path.startswith("/api/") else {}
    deliveries = Event.objects.filter(case=case, kind="delivered")
    before = deliveries.count()
    assert browser.head(path, headers=headers).status_code == 200
    assert deliveries.count() == before
    assert browser.get(path, headers=headers).content.startswith(b"%PDF")
    assert deliveries.count() == before + 1


@pytest.mark.parametrize(
    "path",
    ["/", "/statistics/", "/api/v1/procedures", "/api/v1/statistics", "/api/v1/openapi.json", "/postal/2310005/"],
)
def test_what_has_not_changed_is_not_sent_again(path):
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" not in first.headers["Cache-Control"]


def test_who_holds_a_case_gets_pages_that_nobody_keeps():
    answer = town.holder(town.applied()).get("/procedures/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", ["/api/v1/procedures/x/applications", "/api/v1/orders", "/api/3/action/package_show"])
def test_a_script_of_another_site_may_ask_before_it_writes(path):
    headers = {**ELSEWHERE, "Access-Control-Request-Method": "POST",
               "Access-Control-Request-Headers": "content-type,idempotency-key,authorization"}  # fmt: skip
    answer = Client().options(path, headers=headers)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().replace(" ", "").split(",")
    assert {"content-type", "idempotency-key", "authorization"} <= set(allowed)


def test_a_script_of_another_site_applies_and_reads_its_errors():
    send = lambda code, given: Client().post(  # noqa: E731
        f"/api/v1/procedures/{code}/applications", json.dumps({"answers": given}), "application/json",
        headers={**ELSEWHERE, "Idempotency-Key": "of-another-site"},
    )  # fmt: skip
    wrong, right = send(town.RESTAURANT, {}), send(town.RESTAURANT, town.answers())
    assert (wrong.status_code, right.status_code) == (422, 201)
    assert {one.headers["Access-Control-Allow-Origin"] for one in (wrong, right)} == {"*"}


def test_cookies_open_nothing_under_the_api():
    """Or a script of another site could read with them what their holder may see."""
    case = town.applied()
    assert town.holder(case).get(f"/api/v1/applications/{case.reference}").status_code == 404


def test_pages_of_a_case_are_not_for_scripts_of_other_sites():
    case = town.applied()
    answer = town.holder(case).get(f"/applications/{case.reference}/", headers={"Origin": "https://app.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/applications/%00/", "/en/procedures/%00/", "/api/v1/applications/%00", "/verify/%00/"]
)
def test_an_address_with_a_nul_is_not_found(path):
    assert Client().get(path).status_code == 404


def test_text_that_no_database_holds_is_a_fault_of_the_request():
    for text in ("\0", "a\0b", "\ud800"):
        sent = json.dumps({"tickets": {"student": 1}, "email": f"{text}@example.jp", "name": text, "proof": text})
        from tests import shop

        answer = Client().post(f"/api/v1/slots/{shop.slot().pk}/waiting", sent, "application/json")
        assert answer.status_code in {400, 422}, answer.content
    for name in ("reference", "key"):
        answer = Client(headers=town.SAME_SITE).post("/applications/", {"reference": "x", "key": "x", name: "\0"})
        assert answer.status_code in {400, 422}


def test_other_methods_are_refused_with_those_that_are_taken():
    for path, kind in (("/api/v1/procedures", "application/problem+json"), ("/procedures/", "text/html")):
        for method in ("POST", "PUT", "DELETE", "TRACE", "PATCH", "BREW"):
            answer = Client().generic(method, path)
            assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS"), method
            assert answer.headers["Content-Type"].startswith(kind)


def test_what_never_reaches_django_has_the_same_headers():
    from madoguchi.design.middleware import HEADERS, HSTS, Guarded

    def bare(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/css")])
        return [b""]

    told = []
    Guarded(bare)({"wsgi.url_scheme": "https"}, lambda status, headers, *rest: told.extend(headers))
    assert {*HEADERS.items(), HSTS} <= set(told)


def test_a_page_is_kept_once_whatever_port_the_host_header_names():
    from madoguchi.platform.same_pages import SamePages

    asked_of_django = []

    def django(environ, start_response):
        asked_of_django.append(environ["HTTP_HOST"])
        start_response("200 OK", [("X-Same-For-All", "1"), ("Content-Type", "text/html")])
        return [b"page"]

    front = SamePages(django)
    for port in range(50):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/x/", "HTTP_HOST": f"testserver:{port}"}
        b"".join(front(environ, lambda *told: None))
    assert (len(front.pages), len(asked_of_django)) == (1, 1)
    list(front({"REQUEST_METHOD": "GET", "PATH_INFO": "/x/", "HTTP_HOST": "evil.example"}, lambda *told: None))
    assert asked_of_django[-1] == "evil.example", "a host that is not ours is Django's to refuse"


def test_a_refused_officer_stays_at_the_desk():
    answer = town.browser_of(town.suzuki()).get("/desk/data/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'href="/desk/"' in page
    assert "サインアウト" in page
    assert "サインインし直して" not in page
