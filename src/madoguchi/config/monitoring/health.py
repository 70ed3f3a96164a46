"""Alive and ready, for load balancers: `/healthz` touches nothing, `/readyz` asks the database once."""

import importlib
import pkgutil
from functools import cache
from typing import Final, Literal

from django.apps import apps
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from madoguchi.platform.outages import log

Lack = Literal["database", "migrations", "worker"]

HEARTBEAT_SECONDS: Final = 60
"""A worker writes its heartbeat every 10 seconds (Procrastinate's default); one that is silent for so long is gone."""

REMEDY: Final[dict[Lack, str]] = {
    "database": "PostgreSQL does not answer: see DATABASE_URL and the server.",
    "migrations": "The tables are older than the program: run `madoguchi migrate`.",
    "worker": f"No job worker has been heard of for {HEARTBEAT_SECONDS} seconds: start one.",
}

_ASK: Final = """
SELECT EXISTS (SELECT FROM unnest(%s::text[], %s::text[]) AS needed (app, name)
               WHERE (app, name) NOT IN (SELECT app, name FROM django_migrations)),
       NOT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s))
"""
_TABLES: Final = (
    "SELECT to_regclass('django_migrations') IS NOT NULL AND to_regclass('procrastinate_workers') IS NOT NULL"
)


def lacks() -> list[Lack]:
    """What is missing before requests should come here; empty: nothing."""
    try:
        return _asked()
    except Error:  # a kept connection may have ended with a server that is up again
        connection.close()
    try:
        return _asked()
    except Error as fault:
        connection.close()
        log.OUTAGE.begins(fault)
        return ["database"]


def _asked() -> list[Lack]:
    needed = sorted(migrations_of_the_program())
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        if cursor.fetchone() != (True,):
            return ["migrations", "worker"]
        cursor.execute(_ASK, [[app for app, _name in needed], [name for _app, name in needed], HEARTBEAT_SECONDS])
        are_missing, is_alone = cursor.fetchone()
    return [*(["migrations"] if are_missing else []), *(["worker"] if is_alone else [])]  # type: ignore[list-item]


@cache
def migrations_of_the_program() -> frozenset[tuple[str, str]]:
    """(application, name) of every migration that this program brings, by the names of its files.

    Their modules are not imported: that would take some megabytes in each web process.
    """
    return frozenset((app.label, name) for app in apps.get_app_configs() for name in _names(app.label))


def _names(label: str) -> list[str]:
    module, _is_explicit = MigrationLoader.migrations_module(label)
    try:
        folder = importlib.import_module(module or "").__path__
    except (ImportError, ValueError, AttributeError):
        return []  # an application without migrations
    return [one.name for one in pkgutil.iter_modules(folder) if not one.ispkg and one.name[0] not in "_~"]
