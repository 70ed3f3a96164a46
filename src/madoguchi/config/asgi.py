"""The ASGI entry, which is served: the WSGI application behind the reading of bodies (docs/decisions/0047)."""

from django.conf import settings

from madoguchi.config import wsgi
from madoguchi.platform.quarantine import SERVER

from .monitoring.requests import refused
from .serving.answers import Application
from .serving.application import Serving
from .serving.command import connections
from .serving.environ import Environ
from .serving.limits import Limits, Most
from .warm import warm_up

ORDINARY = Limits()


def quick(environ: Environ) -> Application | None:
    """What answers from memory, so that no thread is needed."""
    return wsgi.at_once if wsgi.pages.knows(environ) else None


limits = Limits(
    connections=Most(ORDINARY.connections.of_sender, connections(ORDINARY.connections.in_all)),
    kept=Most(settings.SPOOL_MAX_BYTES // 2, settings.SPOOL_MAX_BYTES),
)
application = Serving(wsgi.application, limits, quick, refused if settings.METRICS_TOKEN else None)
SERVER.start("madoguchi.applications.files.examination")  # so that the first file waits for nothing
warm_up(wsgi.pages)
