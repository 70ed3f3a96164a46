"""Work done in another process or in several threads, against the test's own database: for faults and for races."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.conf import settings
from django.db import connection

from madoguchi.config.database.roles import with_parts

PREPARE = "import json, sys, django; django.setup(); given = json.load(sys.stdin)\n"


def in_a_process(program, given, **environment):
    """Run a program that has Django and `given`; returns the finished process. Only committed rows are seen there."""
    url = with_parts(os.environ["DATABASE_URL"], name=connection.settings_dict["NAME"])
    surroundings = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "PYTHONPATH": str(settings.PROJECT),
        **environment,
    }
    return subprocess.run(
        [sys.executable, "-c", PREPARE + program],
        input=json.dumps(given), capture_output=True, text=True, env=surroundings, timeout=120, check=False,
    )  # fmt: skip


def at_the_same_time(*works):
    """Start every function at once, each in its own thread and connection; returns results and exceptions in order."""
    line = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            line.wait(20)
            return work()
        except Exception as raised:
            return raised
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def together(times, work):
    """The same function, begun only when so many threads have come to it: for controls that must go wrong."""
    line = Barrier(times)

    def wait_and_work(*args, **named):
        line.wait(20)
        return work(*args, **named)

    return wait_and_work
