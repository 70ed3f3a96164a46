"""Counters of this host's processes, each in its own file under `MADOGUCHI_HOME/metrics`, summed when they are read.

prometheus_client's multiprocess mode: several web processes and workers of one host count together. The library is
loaded, and anything counted, only where METRICS_TOKEN is set.
"""

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds."""

_FILE: Final = re.compile(r"[a-z_]+_(\d+)\.db")


def folder() -> Path:
    """Where this host's processes count."""
    return Path(settings.HOME) / "metrics"


class Counters:
    """The metrics that are counted as things happen."""

    def __init__(self) -> None:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        forget_an_earlier_start(place)
        os.environ.update(PROMETHEUS_MULTIPROC_DIR=str(place))
        from prometheus_client import CollectorRegistry, Counter, Histogram, values

        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # whoever loaded it first
        own = CollectorRegistry()
        self.requests = Counter(
            "madoguchi_requests", "Requests answered, by the URL's name.", ["route", "method", "status"], registry=own
        )
        self.seconds = Histogram(
            "madoguchi_request_seconds", "Seconds until an answer began.", ["route", "method"], registry=own,
            buckets=BUCKETS,
        )  # fmt: skip
        self.letters = Counter(
            "madoguchi_letters", "Letters by e-mail from this host: handed over, or refused.", ["result"], registry=own
        )
        self.logins = Counter(
            "madoguchi_logins", "Sign-ins of officers, and wrong passwords or second factors.", ["result"], registry=own
        )


@cache
def counters() -> Counters:
    """This process's; made at the first use."""
    return Counters()


@cache
def _route(route: str, method: str, status: str) -> tuple[Any, Any]:
    found = counters()
    return found.requests.labels(route, method, status), found.seconds.labels(route, method)


def request(route: str, method: str, status: str, seconds: float) -> None:
    """One more answer. The labels come from closed lists: URL names, methods, three digits."""
    count, time = _route(route, method, status)
    count.inc()
    time.observe(seconds)


def letters(result: str, number: int) -> None:
    """So many letters `sent` or `failed`; nothing where nobody may read the figures."""
    if settings.METRICS_TOKEN:
        counters().letters.labels(result).inc(number)


def login(result: str) -> None:
    """A sign-in that ended in `success` or `failure`."""
    if settings.METRICS_TOKEN:
        counters().logins.labels(result).inc()


def summed() -> "CollectorRegistry":
    """A registry that reads every process's file of this host."""
    counters()
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    found = CollectorRegistry()
    MultiProcessCollector(found, path=str(folder()))  # type: ignore[no-untyped-call]
    return found


def forget_an_earlier_start(place: Path) -> None:
    """Remove the files where none of the processes that wrote them lives any more.

    A single dead process's file stays: its counts are part of the sum, which must not fall while the hall is open.
    """
    files = {file: found[1] for file in place.glob("*.db") if (found := _FILE.fullmatch(file.name))}
    if not any(_lives(int(number)) for number in files.values()):
        for file in files:
            file.unlink(missing_ok=True)


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
