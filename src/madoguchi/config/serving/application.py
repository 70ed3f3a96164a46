"""The ASGI application: reads the body, lets a thread work, sends the answer."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from madoguchi.platform.brake.sender import sender_of

from . import bodies, sending
from .answers import Answer, Application, File, Work, answered_at_once
from .connections import Connections, Peer
from .environ import Environ, Scope, environ_of
from .limits import THREADS, Limits, Places
from .refusals import Refusals

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 1.0


class Serving:
    """The WSGI application for ASGI servers.

    `quick` names an application that answers a request without waiting for anything, where there is one; `notes` is
    told of every refusal: the environ and the status.
    """

    def __init__(
        self,
        application: Application,
        limits: Limits,
        quick: Callable[[Environ], Application | None] = lambda environ: None,
        notes: Callable[[Environ, int], None] | None = None,
    ) -> None:
        self.application, self.limits, self.quick, self.notes = application, limits, quick, notes
        self.refusals = Refusals()
        self.connections = Connections(limits)
        self.pool = ThreadPoolExecutor(THREADS, "request")
        self.slow_bodies, self.slow_readers = Places(limits.slow_bodies), Places(limits.slow_readers)
        self.kept = Places(limits.kept)

    async def __call__(self, scope: Scope, receive: bodies.Receive, send: sending.Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        peer = _peer(scope)
        self.connections.begins(peer)
        try:
            await self._serve(environ_of(scope), receive, send)
        except sending.CutOff:
            self.connections.cut(peer)
        finally:
            self.connections.ends(peer)

    async def _live(self, receive: bodies.Receive, send: sending.Send) -> None:
        """From the start of this process to its end."""
        await receive()
        watch = asyncio.create_task(self._watch())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watch.cancel()
        self.pool.shutdown(wait=False)
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        while True:
            try:
                self.connections.look()
            except Exception:
                log.exception("Connections cannot be looked at.")
            await asyncio.sleep(LOOK_SECONDS)

    async def _serve(self, environ: Environ, receive: bodies.Receive, send: sending.Send) -> None:
        sender = sender_of(environ)
        body = bodies.Body(sender, self.limits, self.slow_bodies, self.kept, bodies.largest(environ))
        try:
            await bodies.read(environ, receive, body)
            answer = await self._answer(environ, sender)
        except bodies.Gone:
            return
        except bodies.Refusal as refused:
            body.close()  # at once: the refusal lingers
            await self._refuse(environ, refused.status, receive, send)
            return
        finally:
            body.close()
        await sending.deliver(answer, receive, send, sending.Reader(sender, self.limits, self.slow_readers))

    async def _answer(self, environ: Environ, sender: str) -> Answer:
        if at_once := self.quick(environ):
            return answered_at_once(at_once, environ)
        environ["wsgi.file_wrapper"] = File
        work = Work(environ, sender, self.kept)
        self.pool.submit(work.run, self.application)
        try:
            return await work.answer
        except Exception:
            log.exception("The application failed at %s.", environ["PATH_INFO"])
            return await self.refusals.answer(environ, 500)

    async def _refuse(self, environ: Environ, status: int, receive: bodies.Receive, send: sending.Send) -> None:
        """Say it, and throw away for a moment what still arrives: an early end would take the answer with it."""
        if self.notes:
            self.notes(environ, status)
        answer = await self.refusals.answer(environ, status)
        await sending.start(answer, send)
        await send({"type": "http.response.body", "body": answer.whole})
        with suppress(TimeoutError):
            async with asyncio.timeout(self.limits.linger):
                while _goes_on(await receive()):
                    pass


def _goes_on(message: Mapping[str, Any]) -> bool:
    return message["type"] == "http.request" and bool(message.get("more_body"))


def _peer(scope: Scope) -> Peer:
    host, port = scope["client"]
    return host, int(port)
