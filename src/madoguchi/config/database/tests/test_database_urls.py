"""PostgreSQL URLs become Django's settings, and change their database or their user without losing the rest."""

import psycopg
import pytest

from madoguchi.config.database.roles import PATIENCE, django_database, with_parts


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://app@db.internal/hall", {"USER": "app", "HOST": "db.internal", "PORT": "", "NAME": "hall"}),
        ("postgresql://a:p%40ss@[::1]:5433/hall", {"USER": "a", "PASSWORD": "p@ss", "HOST": "::1", "PORT": "5433"}),
        ("postgresql://app@/hall?host=/run/a%20b", {"HOST": "/run/a b", "NAME": "hall", "OPTIONS": PATIENCE}),
        ("postgresql://app@db/hall?sslmode=require", {"OPTIONS": {**PATIENCE, "sslmode": "require"}}),
        ("postgresql://app@db/hall?port=6432", {"PORT": "6432", "OPTIONS": PATIENCE}),
        ("postgresql://db/hall?connect_timeout=30", {"OPTIONS": {**PATIENCE, "connect_timeout": "30"}}),
        ("postgresql://db", {"NAME": "madoguchi", "USER": ""}),
    ],
)
def test_a_url_becomes_settings(url, expected):
    found = django_database(url)
    assert {key: found[key] for key in expected} == expected


def test_another_database_keeps_user_password_and_options():
    url = "postgresql://owner:p%40ss@db:5433/postgres?sslmode=require"
    assert with_parts(url, name="hall") == "postgresql://owner:p%40ss@db:5433/hall?sslmode=require"


def test_another_user_does_not_take_the_password_along():
    assert with_parts("postgresql://owner:secret@[::1]:5433/hall", user="app") == "postgresql://app@[::1]:5433/hall"


def test_libpq_reads_a_changed_url_as_it_was_meant():
    changed = with_parts("postgresql://postgres@/postgres?host=/tmp/a%20b/%E7%AA%93", name="hall", user="app")
    parts = psycopg.conninfo.conninfo_to_dict(changed)
    assert (parts["host"], parts["user"], parts["dbname"]) == ("/tmp/a b/窓", "app", "hall")
