"""The ASGI entry, which is served: the WSGI application behind the reading of bodies (docs/decisions/0047)."""

from django.conf import settings

from madoguchi.config.wsgi import application as pages

from .monitoring.requests import refused
from .serving.application import Serving
from .serving.command import connections
from .serving.limits import Limits, Most

ORDINARY = Limits()
limits = Limits(
    connections=Most(ORDINARY.connections.of_sender, connections(ORDINARY.connections.in_all)),
    kept=Most(settings.SPOOL_MAX_BYTES // 2, settings.SPOOL_MAX_BYTES),
)
application = Serving(pages, limits, refused if settings.METRICS_TOKEN else None)
