"""Processes that are looked after: what ends is started again, after pauses that grow while it keeps ending.

Nothing here waits: a part that needs long to come back keeps nobody from looking after the others.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from ..database.embedded import ends_with_parent
from ..environment import Refused

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds
STEADY_SECONDS = 10.0
"""A part that has lived so long is back: that is told, and its pauses begin anew."""

Launch = Callable[[], subprocess.Popen[bytes]]


def say(text: str) -> None:
    """A line for the terminal or the log; where that is full or closed, the line is lost and nothing else."""
    with suppress(OSError):
        print(f"Madoguchi: {text}", flush=True)


def module(command: list[str], environment: Mapping[str, str]) -> Launch:
    """Starts a Python module in a group of its own: Ctrl-C reaches only us, and we end the parts in order."""
    whole = [sys.executable, "-m", *command]
    return lambda: subprocess.Popen(  # noqa: S603 - our own command lines
        whole, env=environment, start_new_session=True, preexec_fn=ends_with_parent(signal.SIGTERM)
    )


class Part:
    """One supervised process; `process` is one that runs already. A first start raises, later nothing does."""

    def __init__(
        self, name: str, launch: Launch, *, process: subprocess.Popen[bytes] | None = None,
        is_ready: Callable[[], bool] = lambda: True, once: bool = False,
    ) -> None:  # fmt: skip
        self.name = name
        self._launch, self._is_ready, self._once = launch, is_ready, once
        self._pause = FIRST_PAUSE
        self._due: float | None = None
        self._is_troubled = False
        self.process = process or launch()
        self._since = time.monotonic()

    def look_after(self) -> None:
        """One look: tell of an end, start again when the pause is over, tell of the return."""
        now = time.monotonic()
        if self._due is not None:
            if now >= self._due:
                self._start_again(now)
        elif self.process.poll() is not None:
            self._ended(now, f"ended (code {self.process.returncode})")
        elif self._is_troubled and now - self._since >= STEADY_SECONDS and self._is_ready():
            self._is_troubled, self._pause = False, FIRST_PAUSE
            say(f"{self.name} is back.")

    @property
    def is_done(self) -> bool:
        """Whether a part that runs once has done its work."""
        return self._once and self.process.poll() == 0

    def end(self, until: float) -> None:
        """Wait for it, and lose patience then; children that outlived it go too."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(until - time.monotonic(), 0))
        self._kill_the_rest()
        self.process.wait()

    def _ended(self, now: float, how: str) -> None:
        self._kill_the_rest()
        if self.is_done:
            return
        if not self._is_troubled:
            say(f"{self.name} {how}; starting it again until it stays.")
        self._is_troubled, self._due = True, now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _start_again(self, now: float) -> None:
        self._due, self._since = None, now
        try:
            self.process = self._launch()
        except (OSError, Refused) as fault:  # no memory, a full disk, the last one not gone yet: later
            self._ended(now, f"cannot start ({fault})")

    def _kill_the_rest(self) -> None:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left
            os.killpg(self.process.pid, signal.SIGKILL)
