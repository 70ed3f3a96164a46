"""The tests on days that are hard for a calendar: `python -m tests.shifted_clock MOMENT [pytest's arguments]`.

MOMENT is the name of one (`of-the-day` chooses by the day of the year), `every`, `now`, or a moment such as
2028-02-29T03:00Z. libfaketime (Debian) shifts the clock of the tests and of all that they start by one offset, so that
every process agrees whatever its zone; clocks that only count seconds stay true. `DATABASE_URL` is left out: a server
elsewhere has another clock. Where the library is missing this says so and the tests run by the machine's clock.
"""

import os
import subprocess
import sys
from calendar import isleap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

LIBRARY = "faketime/libfaketimeMT.so.1"
CHILDREN = Path(__file__).parent / "children"
# libfaketime's remedy for old C libraries makes whoever waits for Python's lock turn in a circle: a third of all time.
TRUE_SECONDS = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}

MOMENTS = {
    "month-end": ("05-31 16:00", "31 May in UTC, 1 June in Japan"),
    "year-end": ("12-31 15:30", "31 December in UTC, half past midnight on New Year's Day in Japan"),
    "leap-eve": ("02-28 16:00", "28 February of a leap year in UTC, 29 February in Japan"),
    "leap-day": ("02-29 03:00", "29 February, noon in Japan"),
    "fiscal-year": ("03-31 15:10", "31 March in UTC, ten past midnight on 1 April in Japan"),
    "before-midnight": ("08-31 23:00", "an hour before a month ends in UTC, when it has long ended in Japan"),
}
"""Month, day and hour in UTC."""


def moment(name: str, now: datetime) -> datetime:
    """The next time it is that moment after `now`; a name, or a moment itself."""
    if name not in MOMENTS:
        return datetime.fromisoformat(name).astimezone(UTC)
    month, day = MOMENTS[name][0].split(" ")[0].split("-")
    years = (year for year in range(now.year, now.year + 9) if isleap(year) or not name.startswith("leap"))
    found = (datetime.fromisoformat(f"{year}-{month}-{day} {MOMENTS[name][0][6:]}+00:00") for year in years)
    return next(one for one in found if one > now)


def of_the_day(now: datetime) -> str:
    """Another one every day, in turn."""
    return list(MOMENTS)[now.timetuple().tm_yday % len(MOMENTS)]


def library() -> Path | None:
    """Where Debian's libfaketime lies, under whatever machine's name."""
    return next(iter(sorted(Path("/usr/lib").glob(f"*/{LIBRARY}"))), None)


def environment(shown: datetime, now: datetime, faketime: Path) -> dict[str, str]:
    """What shifts the clock of a process and its children, so that it now shows `shown` and goes on from there."""
    preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(faketime)]))
    offset = f"{round((shown - now).total_seconds()):+d}"
    paths = os.pathsep.join(filter(None, [str(CHILDREN), os.environ.get("PYTHONPATH")]))
    faked = {"LD_PRELOAD": preload, "FAKETIME": offset, **TRUE_SECONDS, "PYTHONPATH": paths}
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | faked


def run(name: str, arguments: list[str]) -> int:
    """Run pytest at every moment asked for; the first status that is not 0, else 0."""
    pytest, faketime = [sys.executable, "-m", "pytest", *arguments], library()
    if name == "now":
        return subprocess.run(pytest, check=False).returncode
    if faketime is None:
        print("libfaketime is missing (apt-get install libfaketime): the tests run by the machine's own clock.")
        return subprocess.run(pytest, check=False).returncode
    names = {"every": list(MOMENTS), "of-the-day": [of_the_day(datetime.now(UTC))]}.get(name, [name])
    ended = [run_at(moment(one, datetime.now(UTC)), pytest, faketime) for one in names]
    return next((status for status in ended if status), 0)


def run_at(shown: datetime, command: list[str], faketime: Path) -> int:
    """Say what the clock shows and how to have it again, and run."""
    written = f"{shown:%Y-%m-%dT%H:%MZ}"
    print(f"The clock of the tests shows {written}. Again: make test-calendar DAY={written}", flush=True)
    with tidied():
        return subprocess.run(command, env=environment(shown, datetime.now(UTC), faketime), check=False).returncode


@contextmanager
def tidied() -> Iterator[None]:
    """Meanwhile, what killed processes leave in shared memory goes: the library names it by their numbers, and a server
    of another user that gets such a number again cannot start."""
    is_over = Event()
    watch = Thread(target=lambda: tidy(until=is_over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        is_over.set()
        watch.join()


def tidy(until: Event, folder: Path = Path("/dev/shm"), every: float = 2.0) -> None:
    """Remove what belongs to no process any more, every so many seconds."""
    while True:
        for left in folder.glob("*faketime_s[eh]m_*"):
            if not Path("/proc", left.name.rpartition("_")[2]).exists():
                with suppress(OSError):
                    left.unlink()
        if until.wait(every):
            return
