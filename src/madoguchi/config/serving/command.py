"""The command that serves the pages, said in one place: `python -m madoguchi.config.serving [granian's options]`."""

import resource
from typing import Final

from .limits import HEADER_SECONDS, LARGEST_HEAD

MODULE: Final = "madoguchi.config.serving"
APPLICATION: Final = "madoguchi.config.asgi:application"
SPARE: Final = 512
"""Open files beside connections: the database, temporary files, files that are sent, children."""


def web(*, host: str, port: int, workers: int, options: tuple[str, ...] = ()) -> list[str]:
    """What stands behind `python -m`; later options of granian win over earlier ones."""
    return [MODULE, "--host", host, "--port", str(port), "--workers", str(workers), *options]


def settings(most: int) -> list[str]:
    """Granian's options that hold connections within limits; `most`: so many in each process.

    `--http 1`: while granian still guesses the version of HTTP, no limit of time holds (hyper issue 3962). HTTP/2 is
    for the proxy in front. `--backpressure` counts connections, whatever its help says.
    """
    return [
        "--interface", "asgi", "--http", "1", "--no-ws", "--loop", "asyncio", "--log-level", "warning",
        "--http1-header-read-timeout", str(HEADER_SECONDS * 1000), "--http1-buffer-size", str(LARGEST_HEAD),
        "--backlog", "2048", "--backpressure", str(most),
        "--workers-kill-timeout", "10", "--respawn-failed-workers", "--respawn-interval", "0.1",
    ]  # fmt: skip


def connections(wanted: int) -> int:
    """Raise the soft limit of open files towards the hard one; return how many connections this process may hold."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = wanted + SPARE if hard == resource.RLIM_INFINITY else min(hard, wanted + SPARE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(limit - SPARE, limit // 2)
