"""Answers on their way to who asked: the loop waits for slow readers, for so long and for so many of one sender."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from .answers import PIECE, Answer, Broken, Headers
from .bodies import Receive
from .limits import Clock, Full, Limits, Places

Send = Callable[[dict[str, Any]], Awaitable[None]]
TOO_SLOW: Final = 408


class CutOff(Exception):
    """The connection must end: what was sent is not the whole answer."""


class Reader:
    """Who reads one long answer, and how fast."""

    def __init__(self, sender: str, limits: Limits, slow: Places) -> None:
        self.sender, self.limits, self.slow = sender, limits, slow
        self.sent, self.is_slow = 0, False

    def judge(self, seconds: float) -> int:
        """0 while it may go on."""
        if not self.is_slow:
            try:
                self.slow.take(self.sender)
            except Full:
                return TOO_SLOW
            self.is_slow = True
        allowed = min(self.limits.unsent + self.sent / self.limits.slowest, self.limits.longest)
        return TOO_SLOW if seconds > allowed else 0

    def leaves(self) -> None:
        """It read all, or no more."""
        if self.is_slow:
            self.slow.give_back(self.sender)


async def start(answer: Answer, send: Send) -> None:
    """Status and headers."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def deliver(answer: Answer, receive: Receive, send: Send, reader: Reader) -> None:
    """Send an answer. Raises CutOff when its reader is too slow, or the answer breaks off."""
    if answer.rest is None and len(answer.whole) > PIECE:
        _add_length(answer.headers, len(answer.whole))
    await start(answer, send)
    if answer.rest is None and len(answer.whole) <= PIECE:
        await send({"type": "http.response.body", "body": answer.whole})
        return
    clock = Clock(reader.judge, reader.limits.at_once)
    gone = clock.loop.create_task(_until_gone(receive))
    try:
        await _send_pieces(answer, send, reader, gone)
    except Broken as broken:
        raise CutOff from broken
    except asyncio.CancelledError:
        if clock.is_over():
            raise CutOff from None
        raise
    finally:
        clock.stop()
        gone.cancel()
        reader.leaves()
        if answer.rest:
            answer.rest.close()


def _add_length(headers: Headers, length: int) -> None:
    if all(name.lower() != "content-length" for name, _value in headers):
        headers.append(("Content-Length", str(length)))


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_pieces(answer: Answer, send: Send, reader: Reader, gone: "asyncio.Task[None]") -> None:
    async for piece in _pieces(answer):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        reader.sent += len(piece)
        await asyncio.sleep(0)  # others have their turn, and a closed connection is heard of
        if gone.done():
            return
    await send({"type": "http.response.body"})


async def _pieces(answer: Answer) -> AsyncIterator[bytes]:
    for begin in range(0, len(answer.whole), PIECE):
        yield answer.whole[begin : begin + PIECE]
    while answer.rest and (piece := await answer.rest.piece()):
        yield piece
