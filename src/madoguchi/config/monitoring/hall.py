"""Figures that are read when somebody asks: the queue, the disk, the database's size, the newest backup."""

import math
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error, connection
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from .health import HEARTBEAT_SECONDS

STATES: Final = ("todo", "doing", "failed")

_ASK: Final = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'),
       (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
       (SELECT coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at))), 0)
          FROM procrastinate_jobs job
          JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
         WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())),
       (SELECT count(*) FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
         WHERE job.status = 'doing'
           AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(silent)s))),
       (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %(silent)s)),
       pg_database_size(current_database())
"""


class Hall(Collector):
    """The hall as it stands now. Where the database is away, that is said, and what needs it is left out."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure, once."""
        yield from _of_the_database()
        free = shutil.disk_usage(settings.HOME).free
        yield _gauge("madoguchi_home_free_bytes", "Bytes free where MADOGUCHI_HOME lies.", free)
        if settings.BACKUPS:
            yield _gauge(
                "madoguchi_backup_age_seconds",
                "Age of the newest file in MADOGUCHI_BACKUPS; +Inf: there is none.",
                backup_age(Path(settings.BACKUPS)),
            )


def _of_the_database() -> Iterator[GaugeMetricFamily]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ASK, {"silent": HEARTBEAT_SECONDS})
            *numbers, oldest, stalled, workers, size = cursor.fetchone()
    except Error:
        connection.close()
        yield _gauge("madoguchi_database_up", "Whether the database answered.", 0)
        return
    yield _gauge("madoguchi_database_up", "Whether the database answered.", 1)
    jobs = GaugeMetricFamily("madoguchi_jobs", "Jobs in the queue by state.", labels=["state"])
    for state, number in zip(STATES, numbers, strict=True):
        jobs.add_metric([state], number)
    yield jobs
    yield _gauge("madoguchi_job_oldest_seconds", "Since when the oldest job that is due waits; 0: none.", oldest)
    yield _gauge("madoguchi_jobs_stalled", "Jobs begun by a worker that is silent or gone.", stalled)
    yield _gauge("madoguchi_workers", f"Job workers heard of in the last {HEARTBEAT_SECONDS} seconds.", workers)
    yield _gauge("madoguchi_database_size_bytes", "Bytes of the database on its server's disk.", size)


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=float(value))


def backup_age(folder: Path) -> float:
    """Seconds since the newest file there was written, whatever wrote it; infinite where there is none."""
    try:
        times = [file.stat().st_mtime for file in folder.iterdir() if file.is_file()]
    except OSError:
        times = []
    return max(time.time() - max(times), 0.0) if times else math.inf
