"""Places where a fault drill can stop the program, and locks it can switch off to prove that they matter.

``MADOGUCHI_FAILPOINTS="after-commit=exit,before-commit=raise:3"`` names the points; ``MADOGUCHI_LOCKS_OFF="decide"``
the guards. Without these variables nothing here does anything. A boot check refuses them in production.
"""

import os
from collections import Counter
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple

POINTS_VARIABLE: Final = "MADOGUCHI_FAILPOINTS"
LOCKS_VARIABLE: Final = "MADOGUCHI_LOCKS_OFF"
EXIT_CODE: Final = 137
"""What a process killed by SIGKILL reports; nothing is flushed, no handler runs."""


class FailpointReached(RuntimeError):
    """Raised on purpose at a failpoint set to "raise"."""


class _Fault(NamedTuple):
    action: str
    hit: int | None


_hits: Counter[str] = Counter()
_counting = Lock()


def failpoint(name: str) -> None:
    """Does nothing, unless the environment asks for a fault here: ``name=exit``, ``name=raise``, ``name=exit:3``.

    With a number, only that hit in this process fails, counted from 1; without, every hit. Raises
    ``FailpointReached`` for "raise", and ``ValueError`` for an unreadable variable: a drill that sets nothing off would
    pass for the wrong reason.
    """
    setting = os.environ.get(POINTS_VARIABLE)
    if not setting:
        return
    fault = _faults(setting).get(name)
    if fault is not None and _is_due(name, fault):
        _fail(name, fault.action)


def _is_due(name: str, fault: _Fault) -> bool:
    with _counting:
        _hits[name] += 1
        return fault.hit is None or _hits[name] == fault.hit


def _fail(name: str, action: str) -> None:
    if action == "exit":
        os._exit(EXIT_CODE)
    raise FailpointReached(name)


@lru_cache(maxsize=8)
def _faults(setting: str) -> dict[str, _Fault]:
    return dict(_fault(entry) for entry in _entries(setting))


def _fault(entry: str) -> tuple[str, _Fault]:
    name, _, order = entry.partition("=")
    action, colon, hit = order.partition(":")
    if not name or action not in ("exit", "raise") or (colon and not hit.isdecimal()):
        raise ValueError(f"{POINTS_VARIABLE}: cannot read {entry!r}")
    return name, _Fault(action, int(hit) if colon else None)


def switched_off(guard: str) -> bool:
    """Whether the environment switches this guard (a lock, a check) off, as the control of a fault drill does."""
    setting = os.environ.get(LOCKS_VARIABLE)
    return bool(setting) and guard in _entries(setting or "")


def active() -> list[str]:
    """Everything switched on here, as written in the environment; a production boot must find this empty."""
    names = (POINTS_VARIABLE, LOCKS_VARIABLE)
    return [f"{name}: {entry}" for name in names for entry in _entries(os.environ.get(name, ""))]


def _entries(setting: str) -> list[str]:
    return [entry.strip() for entry in setting.split(",") if entry.strip()]
