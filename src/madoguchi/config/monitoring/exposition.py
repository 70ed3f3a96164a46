"""This host's figures in Prometheus' text format 0.0.4."""

from itertools import chain
from typing import Final

from prometheus_client import generate_latest
from prometheus_client.registry import CollectorRegistry

from .counters import summed
from .hall import Hall

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def text() -> bytes:
    """All of them."""
    now = CollectorRegistry()
    now.register(Hall())
    return b"".join(chain(map(generate_latest, (summed(), now))))
