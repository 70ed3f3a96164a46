"""`/api/v1/openapi.json` is written once and handed out many times."""

import pytest
from django.test import Client

from madoguchi.config.api import api

pytestmark = pytest.mark.django_db
PATH = "/api/v1/openapi.json"


@pytest.fixture
def written(monkeypatch, settings, request):
    """How often it was written, for a place that nobody asked for before."""
    settings.PUBLIC_URL = f"https://{request.node.name}.example"
    times, write = [], api.get_openapi_schema
    monkeypatch.setattr(api, "get_openapi_schema", lambda **parts: times.append(1) or write(**parts))
    return times


def test_it_is_written_once_in_each_language(written, settings):
    for language in ("ja", "en", "ja", "en"):
        answer = Client().get(PATH, headers={"Accept-Language": language})
        assert answer.json()["servers"] == [{"url": settings.PUBLIC_URL}]
    assert len(written) == 2


def test_who_has_it_is_told_that_it_is_the_same(written):
    first = Client().get(PATH)
    again = Client().get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(written) == 1
