"""The bare control of `bench.datastore`: the plain query, as the database wrote it. Django without middleware."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from madoguchi.config.database.roles import django_database

COLUMNS = '_id, "id", "name", "ward", "opened", "seats", "rate"'
KINDS = {
    "ward": ('"ward" = %s ORDER BY _id LIMIT 100', 1),
    "sorted": ('"ward" = %s ORDER BY "seats" DESC, _id DESC LIMIT 20', 1),
    "pair": ('"ward" = %s AND "seats" = %s::bigint ORDER BY _id LIMIT 100', 2),
    "pair sorted": ('"ward" = %s AND "seats" = %s::bigint ORDER BY "rate", _id LIMIT 20', 2),
    "day": ('"opened" = %s::date ORDER BY _id LIMIT 100', 1),
    "id": ('"id" = %s::bigint ORDER BY _id LIMIT 100', 1),
    "page": ("_id BETWEEN %s::bigint + 1 AND %s::bigint + 100 ORDER BY _id", 2),
    "word": ("datastore.grams(_text) @@ %s::tsquery AND _text LIKE '%%' || %s || '%%' ORDER BY _id LIMIT 100", 2),
}


def rows(request: HttpRequest) -> HttpResponse:
    """One query, one answer."""
    where, _number = KINDS[request.GET["kind"]]
    inner = f"SELECT {COLUMNS} FROM datastore.{os.environ['BENCH_TABLE']} WHERE {where}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(json_agg(found), '[]')::text FROM ({inner}) found", request.GET.getlist("v"))
        (found,) = cursor.fetchone()
    return HttpResponse(found, content_type="application/json")


if "BENCH_TABLE" in os.environ:
    settings.configure(
        DATABASES={"default": django_database(os.environ["DATABASE_URL"])},
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="unused",
    )
    django.setup()
    urlpatterns = [path("", rows)]
    application = WSGIHandler()
