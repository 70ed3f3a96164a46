"""The process behind `quarantine.py`: takes orders, forks a child for each, and ends with who started it.

An order is one datagram (JSON) with the socket that carries the bytes and the answer. The child says `.` when its time
begins. The answer begins with `+` (JSON), `=` (bytes), `!` (the work failed) or `-` (no memory), and ends with a line
end; without one the child was killed.
"""

import gc
import importlib
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import orjson

from .failpoints import LOCKS_VARIABLE, switched_off

GUARD = "file-limits"
LARGEST_ORDER = 160 * 1024


def serve(control: socket.socket) -> None:
    """Until the other end closes: one order, one child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its owner, which has files to finish
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel forgets the dead
    while True:
        told, sockets, _flags, _sender = socket.recv_fds(control, LARGEST_ORDER, 1)
        if not told:
            return
        order = json.loads(told)
        work = _loaded(order["work"])
        gc.freeze()
        if os.fork() == 0:
            control.close()
            _child(work, order, socket.socket(fileno=sockets[0]))
        os.close(sockets[0])


def _loaded(name: str) -> Callable[..., Any]:
    """The function behind `module:name`; its module stays loaded for all who follow."""
    module, _colon, function = name.partition(":")
    found: Callable[..., Any] = getattr(_loaded_module(module), function)
    return found


def _loaded_module(name: str) -> Any:
    module = importlib.import_module(name)
    for one in getattr(module, "QUARANTINE_LOADS", ()):
        importlib.import_module(one)
    return module


def _child(work: Callable[..., Any], order: dict[str, Any], line: socket.socket) -> NoReturn:
    """Work within the limits, answer, end."""
    os.environ[LOCKS_VARIABLE] = order["locks"]
    if not switched_off(GUARD):
        _limit(order["memory"], order["processor"], order["wall"])
    try:
        with line, line.makefile("rb") as incoming:
            line.sendall(b".")
            (size,) = struct.unpack(">Q", incoming.read(8))
            line.sendall(_answer(work, incoming.read(size), order["given"]))
    except OSError:  # nobody waits any more
        os._exit(1)
    os._exit(0)


def _limit(memory: int, processor: int, wall: float) -> None:
    with open("/proc/self/statm", "rb") as told:
        loaded = int(told.read().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, loaded + memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    signal.setitimer(signal.ITIMER_REAL, wall)  # SIGALRM ends the process, whatever library it is in


def _answer(work: Callable[..., Any], content: bytes, given: list[Any]) -> bytes:
    try:
        found = work(content, *given)
        return b"=" + found + b"\n" if isinstance(found, bytes) else b"+" + orjson.dumps(found, default=list) + b"\n"
    except MemoryError:
        return b"-no memory\n"
    except Exception as fault:  # whatever a library makes of hostile bytes
        return f"!{type(fault).__name__}: {fault}"[:400].encode(errors="replace") + b"\n"


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    for one in sys.argv[1:]:
        _loaded_module(one)
    serve(socket.socket(fileno=0))
