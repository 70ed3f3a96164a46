"""The bare control: parse, validate with the same compiled validator, one durable insert. Django without middleware."""

import json
import os
from pathlib import Path

import django
import jsonschema_rs
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from madoguchi.config.database.roles import django_database

TABLE = "CREATE TABLE bench_bare (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), answers jsonb NOT NULL)"
INSERT = "INSERT INTO bench_bare (answers) VALUES (%s) RETURNING id"


def insert(request: HttpRequest) -> HttpResponse:
    """One row for one body."""
    if not VALIDATOR.is_valid(json.loads(request.body)):
        return HttpResponse(status=422)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [request.body.decode()])
        (number,) = cursor.fetchone()
    return HttpResponse(str(number), status=201, content_type="text/plain")


if "BENCH_SCHEMA" in os.environ:
    settings.configure(
        DATABASES={"default": django_database(os.environ["DATABASE_URL"])},
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="unused",
    )
    django.setup()
    VALIDATOR = jsonschema_rs.Draft202012Validator(
        json.loads(Path(os.environ["BENCH_SCHEMA"]).read_text()), validate_formats=True
    )
    urlpatterns = [path("", insert)]
    application = WSGIHandler()
