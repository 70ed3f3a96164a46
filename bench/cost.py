"""What a piece of work costs in processor time, told apart by process: `python -m bench.cost`.

A rate says how busy a machine was; processor time drifts much less. The job worker is measured while it alone works
off what the submissions queued, its start left out.
"""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from .hall import Hall, wait_for
from .speed import Contest

PIECES = {"application": 1500, "submission": 1500, "confirmation": 800, "floor": 2000, "bare": 4000}
JOBS = 500
SLOWEST = 120.0
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
ALIVE = "SELECT count(*) FROM procrastinate_workers"


def seconds(process: psutil.Process) -> float:
    """Processor seconds of a process and of all that it started."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        told = one.cpu_times()
        total += told.user + told.system + told.children_user + told.children_system
    return total


def postgres(hall: Hall) -> psutil.Process:
    """The hall's database server."""
    return psutil.Process(int(next(Path(hall.folder).glob("pg/**/postmaster.pid")).read_text().split()[0]))


def measure(
    hall: Hall, hosts: dict[str, str], web: dict[str, subprocess.Popen[bytes]], say: Callable[[str], None]
) -> None:
    """Milliseconds of each piece of work in the web server and in PostgreSQL, the job worker at rest."""
    contest, server = Contest(hall, hosts, "cost"), postgres(hall)
    for name, count in PIECES.items():
        contest.run(name, 200)
        served = psutil.Process(web.get(name, web["hall"]).pid)
        before = seconds(served), seconds(server)
        done = len(contest.run(name, count)["times"])
        taken = seconds(served) - before[0], seconds(server) - before[1]
        say(f"  {name:<13} web {taken[0] / done * 1e3:6.2f} ms, PostgreSQL {taken[1] / done * 1e3:6.2f} ms ({done})")


def worker(hall: Hall, hosts: dict[str, str], say: Callable[[str], None]) -> float:
    """Milliseconds of the job worker for one application; what waits already is worked off before."""
    process = hall.work()
    _until(lambda: hall.asked(ALIVE) > 0 and hall.asked(WAITING) == 0, "the queue was not worked off")
    hall.end(process)
    Contest(hall, hosts, "jobs").run("submission", JOBS)
    process, server = hall.work(), postgres(hall)
    told, began = psutil.Process(process.pid), time.perf_counter()
    _until(lambda: hall.asked(WAITING) < JOBS, "the worker did not begin")
    waiting, before = hall.asked(WAITING), (seconds(told), seconds(server), time.perf_counter() - began)
    _until(lambda: hall.asked(WAITING) == 0, "the queue was not worked off")
    done, wall = waiting, time.perf_counter() - began - before[2]
    own, database = (seconds(told) - before[0]) / done * 1e3, (seconds(server) - before[1]) / done * 1e3
    say(f"  a job         worker {own:.2f} ms, PostgreSQL {database:.2f} ms, {done / wall:.0f}/s alone ({done})")
    hall.end(process)
    return own


def _until(is_so: Callable[[], bool], otherwise: str) -> None:
    end = time.perf_counter() + SLOWEST
    while not is_so():
        if time.perf_counter() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.05)


def main() -> None:
    """Alone, for whoever makes something faster."""
    with Hall() as hall:
        web, host = hall.web()
        bare, bare_host = hall.serve("bench.bare:application")
        hall.prepare_the_floor()
        floor, floor_host = hall.serve("bench.floor:application")
        for one in (host, floor_host):
            wait_for(f"http://{one}/procedures/food-business-permit/apply/")
        hosts = {"hall": host, "bare": bare_host, "floor": floor_host}
        measure(hall, hosts, {"hall": web, "bare": bare, "floor": floor}, print)
        worker(hall, hosts, print)


if __name__ == "__main__":
    main()
