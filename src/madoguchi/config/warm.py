"""What every web process needs, read before they are forked (`serving/__main__.py`): they hold it together, once.

Python that is only read stays shared memory, as long as the collector of garbage leaves it alone (`gc.freeze`). So the
process that forks loads the modules, asks itself for some pages, and closes its connections again.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.db import connection, connections
from django.urls import reverse
from django.utils.translation import override

from madoguchi.catalogue.queries import current
from madoguchi.platform.same_pages import Application, Environ

from .boot import keep_what_is_loaded

LOG = logging.getLogger(__name__)


def warm_up(application: Application) -> None:
    """Ask for the pages; where the database is away the web processes read for themselves, as they need it."""
    try:
        connection.ensure_connection()
        for path in _paths():
            _ask(application, path)
    except Exception as fault:
        LOG.info("not everything could be read before the web processes start: %s", fault)
    finally:
        connections.close_all()  # a connection belongs to one process
        keep_what_is_loaded()


def _paths() -> Iterator[str]:
    """The first page in each language, the facilities, one form: then URLs, templates and definitions are read."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield reverse("counter:home")
    yield reverse("bookings:facilities")
    yield from (reverse("applications:form", args=[code]) for code in list(current())[:1])


def _ask(application: Application, path: str) -> None:
    host = next((one for one in settings.ALLOWED_HOSTS if one[:1] not in {"*", "."}), "localhost")
    environ: Environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": host, "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": host, "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }  # fmt: skip
    body = application(environ, lambda *told: None)
    with suppress(AttributeError):
        body.close()  # type: ignore[attr-defined]
