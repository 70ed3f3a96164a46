"""CKAN's actions are answered in front of Django with the same bytes, and with the same headers of safety."""

import json
from urllib.parse import quote

import pytest

from madoguchi.design.middleware import HEADERS
from madoguchi.opendata.serving.front import Reading
from tests import town

from ...tests import town_data

pytestmark = pytest.mark.django_db
PASSED_ON = ["passed on"]


def asked(path, query="", method="GET", **headers):
    told = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **headers}
    body = Reading(lambda _environ, _start: PASSED_ON)(environ, lambda *parts: told.extend(parts))
    return (body, None, None) if body is PASSED_ON else (b"".join(body), told[0], dict(told[1]))


QUERIES = {"q": "q=店", "rows": "q=&rows=1", "fq": 'fq=tags:食品&facet.field=["tags"]', "sort": "sort=name desc"}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_bytes_are_those_of_django(query):
    town_data.published(5)
    query = quote(query, safe="=&")
    body, status, headers = asked("/api/3/action/package_search", query)
    answer = town.visitor().get(f"/api/3/action/package_search?{query}")
    assert (body, status) == (answer.content, "200 OK")
    assert headers["ETag"] == answer["ETag"]
    assert HEADERS.items() - {("Cross-Origin-Resource-Policy", "same-origin")} <= set(headers.items())
    assert asked("/api/action/package_search", query, HTTP_IF_NONE_MATCH=headers["ETag"])[:2] == (
        b"",
        "304 Not Modified",
    )


def test_rows_come_from_the_front():
    resource = town_data.published(5).resources.first().pk
    body, status, _headers = asked("/api/3/action/datastore_search", f"resource_id={resource}&limit=2")
    assert status == "200 OK" and len(json.loads(body)["result"]["records"]) == 2


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [
        ("/api/3/action/package_show", "id=nothing", "GET"),
        ("/api/3/action/package_delete", "", "GET"),
        ("/api/3/action/package_list", "limit=x", "GET"),
        ("/api/3/action/datastore_search", "resource_id=1", "GET"),
        ("/api/3/action/package_list", "", "POST"),
        ("/api/3/action/package_list", "&".join("a=1" for _n in range(100)), "GET"),
        ("/datasets/", "", "GET"),
    ],
)
def test_what_does_not_go_well_goes_on_to_django(path, query, method):
    town_data.published(5)
    assert asked(path, query, method)[0] is PASSED_ON


def test_a_slow_question_goes_on_to_nobody(monkeypatch):
    from madoguchi.opendata.serving import front, reader

    def slow(*_given):
        raise reader.TooSlow

    monkeypatch.setattr(front, "answered", slow)
    body, status, _headers = asked("/api/3/action/datastore_search", "resource_id=1")
    assert status == "409 Conflict" and json.loads(body)["success"] is False
