"""The database: PostgreSQL of the operator's (`DATABASE_URL`) or an embedded one of this installation.

Two roles share it. The owner makes tables; the application role does with each what `rights` says.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit, urlunsplit

import psycopg

from ..environment import Refused
from .rights import grants

if TYPE_CHECKING:
    from .embedded import Embedded

APP_ROLE = "madoguchi_app"
READER_ROLE = "madoguchi_reader"  # made by opendata's migration: reads the published rows and nothing else

PATIENCE = {"connect_timeout": "5", "tcp_user_timeout": "20000"}
"""libpq's: seconds for a connection, milliseconds until a silent server counts as lost. The URL may say otherwise."""

GRANTS = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN CREATE ROLE {APP_ROLE} LOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another town of this server makes it right now
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
{grants(APP_ROLE)}
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, CREATE ON SCHEMA datastore TO {APP_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA datastore TO {APP_ROLE};
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{READER_ROLE}') THEN GRANT {READER_ROLE} TO {APP_ROLE}; END IF;
EXCEPTION WHEN unique_violation THEN NULL;
END $$;
"""  # noqa: S608 - our own role


def django_database(url: str) -> dict[str, object]:
    """Django's settings for a PostgreSQL URL; `host` in the query is a socket directory."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "madoguchi.config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "madoguchi",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(query.pop("port", parts.port or "")),
        "CONN_MAX_AGE": 600,
        "OPTIONS": PATIENCE | query,
    }


def with_parts(url: str, *, name: str | None = None, user: str | None = None) -> str:
    """The same server, another database or another user; a password goes with its user only."""
    parts = urlsplit(url)
    login, _, host = parts.netloc.rpartition("@")
    path = f"/{name}" if name else parts.path
    query = urlencode(parse_qs(parts.query), doseq=True, quote_via=quote)  # libpq does not read + as a space
    return urlunsplit((parts.scheme, f"{user or login}@{host}", path, query, ""))


def start_embedded(folder: Path, *, durable: bool = True) -> tuple["Embedded", str]:
    """Start this installation's own PostgreSQL. Returns the server (`cleanup()` ends it) and the owner's URL.

    Raises `EmbeddedRefused`.
    """
    from .embedded import Embedded

    server = Embedded(folder, durable=durable)
    server.start()
    return server, server.url


def running_embedded(folder: Path) -> str | None:
    """The application role's URL to this installation's PostgreSQL, when `madoguchi run` has it up."""
    from .embedded import Embedded

    found = Embedded(folder).socket_in_use()
    return with_parts(Embedded.address(found), name="madoguchi", user=APP_ROLE) if found else None


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
    """Bring the tables up to date as the owner, then grant the application role what it may do. Raises Refused."""
    environment = {**os.environ, "DATABASE_URL": owner_url, "MADOGUCHI_TESTING": "0"}
    environment["DJANGO_SETTINGS_MODULE"] = "madoguchi.config.settings"
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, env=environment, start_new_session=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise Refused("the tables could not be brought up to date; the reason stands above.")
    with psycopg.connect(owner_url, autocommit=True) as connection:
        try:
            connection.execute(GRANTS)
        except psycopg.errors.InsufficientPrivilege:
            user = connection.info.user
            print(
                f"madoguchi: {user} may not make the role {APP_ROLE}: if the application works as {user}, the record is"
                " guarded by its trigger and its chain only (docs/how-to/run-in-production.md).",
                file=sys.stderr,
            )


def _make_tables() -> None:
    """In a process of its own, since it needs the owner's connection."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from madoguchi.opendata.publishing.store import take_in_files

    if taken := take_in_files():
        print(f"{taken} file(s) of datasets lie in the database now.", flush=True)


if __name__ == "__main__":
    _make_tables()
