"""The worker of the queue: Procrastinate's, which outlives its database and takes up what others left half done.

A worker that is killed leaves its job `doing`. Workers have a heartbeat; a job whose worker has none any more is
queued again (https://procrastinate.readthedocs.io, "Retry stalled jobs"). So every job may run twice.
"""

import asyncio
import logging
import os
import signal
import sys
import time
from typing import Any, Final

from procrastinate import App, exceptions, sql
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job, Status
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.retry import RetryDecision
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.outages.kinds import database_is_away
from madoguchi.platform.outages.log import OUTAGE

from .parts import FIRST_PAUSE, LONGEST_PAUSE

LOG = logging.getLogger(__name__)
HEARTBEAT_SECONDS: Final = 5.0
GONE_SECONDS: Final = 30.0
"""A worker that has not told of itself for so long is gone: six heartbeats."""
LOOK_SECONDS: Final = 10.0
ENDING_SECONDS: Final = 60
"""A worker without its database waits so long for its last job; then it is killed, and the job is taken up again."""
LONGEST_WAIT: Final = 600
GUARD: Final = "stalled-jobs"


class Connector(PsycopgConnector):
    """Tells `lost` when a statement of the queue fails because the database is away, so that its worker ends.

    The end of a job that was not written leaves it `doing`; as long as this worker's heart beats, nobody would take it
    up again.
    """

    lost: "asyncio.Future[None] | None" = None

    async def _create_pool(self, pool_args: dict[str, Any]) -> AsyncConnectionPool:
        """Connections where each statement is its own transaction, and none is tried before it is used.

        Procrastinate's statements are one each, so BEGIN, COMMIT and a trial beside each would be three in four.
        """
        return AsyncConnectionPool(**pool_args, configure=_autocommit, open=False)

    def get_sync_connector(self) -> BaseConnector:
        """Django's connection: what a job queues is queued if its transaction commits, and only then."""
        return DjangoConnector()

    async def execute_query_async(self, query: str, **arguments: Any) -> None:
        """As Procrastinate's. Where the same work waits in the queue already, a retry is dropped instead."""
        try:
            await super().execute_query_async(query, **arguments)
        except exceptions.UniqueViolation:
            if query != sql.queries["retry_job"]:
                raise
            done = {"job_id": arguments["job_id"], "status": Status.ABORTED.value, "delete_job": False}
            await self.execute_query_async(sql.queries["finish_job"], **done)
        except exceptions.ConnectorException as fault:
            if self.lost is not None and not self.lost.done() and database_is_away(fault):
                self.lost.set_exception(fault)
            raise


async def _autocommit(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)


async def take_up(app: App) -> list[Job]:
    """Queue the jobs again whose worker is gone, each time a little later than the time before. Returns them."""
    if switched_off(GUARD):
        return []
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=GONE_SECONDS))
    for job in stalled:
        again = RetryDecision(retry_in={"seconds": min(2**job.attempts - 1, LONGEST_WAIT)})
        try:
            await app.job_manager.retry_job(job, retry_at=again.retry_at)
        except exceptions.ConnectorException as fault:
            if database_is_away(fault):
                raise
            LOG.info("job %s was taken up by another worker", job.id)
    if stalled:
        LOG.warning("taken up again, their worker is gone: jobs %s", ", ".join(str(job.id) for job in stalled))
    return stalled


async def _keep_taking_up(app: App) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await take_up(app)
        OUTAGE.may_be_over()


async def work(app: App, connector: Connector, **options: Any) -> bool:
    """Work until asked to stop, or with `wait=False` until there is no job left; whether it was asked.

    Procrastinate ends by itself, and without a word, when its heartbeat cannot be written. Raises what a lost database
    raises.
    """
    async with app.open_async():
        await take_up(app)
        loop = asyncio.get_running_loop()
        asked, connector.lost = loop.create_future(), loop.create_future()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _ask, asked)
        heart: dict[str, Any] = {"update_heartbeat_interval": HEARTBEAT_SECONDS, "stalled_worker_timeout": GONE_SECONDS}
        worker = asyncio.ensure_future(app.run_worker_async(install_signal_handlers=False, **heart, **options))
        every = (asked, connector.lost, asyncio.ensure_future(_keep_taking_up(app)), worker)
        await asyncio.wait(every, return_when=asyncio.FIRST_COMPLETED)
        was_asked = asked.done()
        if not was_asked:
            signal.alarm(ENDING_SECONDS)
        for one in every:
            one.cancel()  # Procrastinate ends its running job first
        for fault in await asyncio.gather(*every, return_exceptions=True):
            if isinstance(fault, Exception) and not (was_asked and database_is_away(fault)):  # both end with a hall
                raise fault
        return was_asked


def _ask(asked: "asyncio.Future[None]") -> None:
    if not asked.done():
        asked.set_result(None)


def work_once(app: App, connector: Connector, **options: Any) -> bool:
    """Whether it ended because the database went away; False when asked to stop, or when the work is done."""
    try:
        with app.replace_connector(connector):
            return not asyncio.run(work(app, connector, **options)) and options.get("wait", True)
    except Exception as fault:
        if not database_is_away(fault):
            raise
        OUTAGE.begins(fault)
        return True
    finally:
        signal.alarm(0)


def main() -> int:
    """Work until asked to stop; while the database is away, wait for it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()  # without its checks, which were made before: they would load every page (140 MB instead of 90)
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    pause = FIRST_PAUSE
    while work_once(app, Connector(kwargs=connector_params(), min_size=1)):
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
