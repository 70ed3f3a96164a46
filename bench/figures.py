"""`python -m bench.figures [cases …]`: what the figures cost at two sizes, each a town of its own on one PostgreSQL.

Goal: a dashboard's server time is at most 200 ms and the same at 10 thousand cases and at a hundred times as many.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from madoguchi.config import database

MEASURE = """
import json, statistics, sys, time
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from madoguchi.catalogue.actions import publish
from madoguchi.credentials.keys import make_file_key
from madoguchi.figures import queries, rollup
from madoguchi.figures.models import ArrowCount, Cell, DayCount, QuestionCount
from madoguchi.figures.simulation import simulate

make_file_key(settings.KEYS_DIR)
publish(settings.PROCEDURES_DIR)
told, began = {}, time.perf_counter()
simulate(int(sys.argv[1]), 1, processes=2, progress=lambda n: print(f"  {n:,}", end="\\r", file=sys.stderr, flush=True))
told["simulate and count, s"] = time.perf_counter() - began
began = time.perf_counter()
rollup.rebuild()
told["rebuild, s"] = time.perf_counter() - began
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE figures_cell, figures_daycount, figures_questioncount, figures_arrowcount")
    cursor.execute("SELECT count(*) FROM cases_event")
    told["events"] = cursor.fetchone()[0]
for model in (Cell, DayCount, QuestionCount, ArrowCount):
    told[f"rows of {model.__name__}"] = model.objects.count()
code = queries.by_procedure()[0].procedure
client = Client(headers={"Sec-Fetch-Site": "same-origin", "Host": "127.0.0.1"})
for name, does in {
    "statistics page": lambda: client.get("/statistics/"),
    "page of a procedure's figures": lambda: client.get(f"/statistics/{code}/"),
    "procedure page": lambda: client.get(f"/procedures/{code}/"),
    "API": lambda: client.get("/api/v1/statistics"),
    "by_procedure()": queries.by_procedure,
    "monthly()": queries.monthly,
    "service_quality()": queries.service_quality,
    "forecast(procedure)": lambda: queries.forecast(code),
    "arrows(procedure)": lambda: queries.arrows(code),
    "roll() with nothing new": rollup.roll,
}.items():
    times = []
    for _round in range(12):
        began = time.perf_counter()
        does()
        times.append((time.perf_counter() - began) * 1e3)
    told[f"{name}, ms"] = statistics.median(times[2:])
print(json.dumps(told))
"""


def measure(url: str, folder: Path, cases: int) -> dict[str, float]:
    """Every figure of a new town with so many cases."""
    town = database.ensure_database(url, f"town_{cases}")
    os.environ["MADOGUCHI_HOME"] = str(folder / f"home-{cases}")
    database.migrate(town)
    environment = {**os.environ, "DATABASE_URL": town, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
    command = [sys.executable, "-c", MEASURE, str(cases)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Both sizes, side by side."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    folder.chmod(0o755)
    server, url = database.start_embedded(folder / "pg")
    try:
        found = [measure(url, folder, size) for size in sizes]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'':34}" + "".join(f"{size:>14,}" for size in sizes) + f"   load {os.getloadavg()[0]:.1f}, seed 1")
    for name in found[0]:
        print(f"{name:34}" + "".join(f"{one[name]:>14,.1f}" for one in found))


if __name__ == "__main__":
    main()
