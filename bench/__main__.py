"""`python -m bench` (`make bench`): everything that is promised about speed, measured in one run of a few minutes."""

import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version

import psutil

from madoguchi.config.serving.limits import THREADS

from . import orders, page
from .hall import CODE, EXAMPLE, PROJECT, WORKERS, Hall, wait_for
from .speed import CLIENTS, RATIOS, SECONDS, Contest

ROUNDS, ROUNDS_AT_REST, COLD_STARTS = 5, 3, 3
FORM = f"/procedures/{CODE}/apply/"
VERSIONS = ("django", "granian", "psycopg", "jsonschema-rs", "procrastinate", "whitenoise")


def say(text: str = "") -> None:
    """A line at once, so that a long run can be followed."""
    print(text, flush=True)


def goal(name: str, found: float, limit: float, *, at_least: bool = False, unit: str = "") -> None:
    """A figure beside its goal."""
    is_met = found >= limit if at_least else found <= limit
    sign = "at least" if at_least else "at most"
    say(f"  {name}: {found:.4g}{unit} (goal: {sign} {limit:g}{unit}) {'met' if is_met else 'NOT MET'}")


def introduce(hall: Hall) -> None:
    """What is measured, on what."""
    say(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in VERSIONS))
    durable = {name: hall.asked(f"SHOW {name}") for name in ("server_version", "fsync", "synchronous_commit")}
    say(f"PostgreSQL {durable}, role of the application, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    say(f"{CODE}, example {EXAMPLE}; granian, {WORKERS} workers of {THREADS} threads; {CLIENTS} clients, keep-alive")
    say(f"rounds {ROUNDS} with the job worker, {ROUNDS_AT_REST} without; seconds a round {SECONDS}; seed none")


def contest(hall: Hall, contest: Contest, rounds: int, title: str) -> Contest:
    """Interleaved rounds, then median and worst."""
    say(f"\n{title}")
    for number in range(1, rounds + 1):
        waiting = hall.asked("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        say(f"  round {number}: {contest.round()}; load {os.getloadavg()[0]:.1f}, jobs waiting before it {waiting}")
    for side in contest.sides.values():
        say(f"  {side.line()}")
    for (upper, lower), least in RATIOS.items():
        ratios = contest.ratios(upper, lower)
        if least is not None:
            goal(f"{upper} / {lower}, median round", statistics.median(ratios), least, at_least=True)
        say(f"  {upper} / {lower}: median {statistics.median(ratios):.3f}, worst round {min(ratios):.3f}")
    goal("p99 / p50 of the application", contest.sides["application"].spread(), 4)
    return contest


def cold_starts(hall: Hall) -> None:
    """From the start of a web process to its first page."""
    taken = []
    for _ in range(COLD_STARTS):
        began = time.perf_counter()
        process, host = hall.web(workers=1)
        wait_for(f"http://{host}{FORM}")
        taken.append(time.perf_counter() - began)
        hall.end(process)
    goal("cold start, start of the process to its first form page", statistics.median(taken), 2, unit=" s")
    say(f"  cold start, worst of {COLD_STARTS}: {max(taken):.2f} s")


def memory(name: str, process: subprocess.Popen[bytes]) -> None:
    """Resident memory of a process, or of the largest of those it started."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    goal(f"memory of {name}", max(one.memory_info().rss for one in family) / 1e6, 100, unit=" MB")


def main() -> None:
    """The whole run."""
    with Hall() as hall:
        introduce(hall)
        web, host = hall.web()
        bare, bare_host = hall.serve("bench.bare:application")
        hall.prepare_the_floor()
        floor, floor_host = hall.serve("bench.floor:application")
        for one in (host, floor_host):
            wait_for(f"http://{one}{FORM}")
        hosts = {"hall": host, "bare": bare_host, "floor": floor_host}
        Contest(hall, hosts).warm_up()
        worker = hall.work()
        title = "Complete applications beside the bare insert, all features on, the job worker writing its letters:"
        contest(hall, Contest(hall, hosts, "a"), ROUNDS, title)
        memory("the job worker", worker)
        hall.end(worker)
        contest(
            hall, Contest(hall, hosts, "b"), ROUNDS_AT_REST, "The same with the job worker at rest (jobs are queued):"
        )
        cases, rows = (hall.asked(f"SELECT count(*) FROM {table}") for table in ("cases_case", "bench_bare"))
        say(f"  in the database: {cases} cases, {rows} bare rows")
        say("\nThe first form page, the process, the documents:")
        memory("a web worker after this load", web)
        hall.end(bare)
        hall.end(floor)
        page.weigh(host, FORM, say, goal)
        hall.end(web)
        cold_starts(hall)
        say("  SQL statements: " + hall.statements())
        say("\nOrders of two tickets beside durable commits and the bare insert (clients as processes × threads):")
        say("  " + ", ".join(f"{name} {one.processes} × {one.threads}" for name, one in orders.CLIENTS.items()))
        orders.measure(hall, say, goal)
    say("\nSigned one-page permits beside WeasyPrint and pyHanko (bench/documents.py):")
    documents = [sys.executable, str(PROJECT / "bench/documents.py"), "--rounds", "5", "--count", "4"]
    subprocess.run(documents, check=True, cwd=PROJECT, timeout=120)


if __name__ == "__main__":
    main()
