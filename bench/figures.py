"""`python -m bench.figures [cases …]`: what the figures cost at two sizes, each a town of its own on one PostgreSQL.

Goal: a dashboard's server time is at most 200 ms and the same at 10 thousand cases and at a million. Each page is
asked again and again as it is kept, and with the cubes changed before every asking (`after a count`).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from madoguchi.config.database import roles

MEASURE = """
import json, resource, statistics, sys, time
from uuid import uuid4
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
from madoguchi.catalogue.actions import publish
from madoguchi.catalogue.queries import find
from madoguchi.credentials.keys import make_file_key
from madoguchi.figures import queries, rollup
from madoguchi.figures.models import ArrowCount, Cell, Cursor, DayCount, QuestionCount
from madoguchi.simulation.town import simulate
from madoguchi.figures.views import flow_map

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
pages = [
    "/statistics/", f"/statistics/{code}/", f"/procedures/{code}/", "/api/v1/statistics", "/reform/five-less/",
    "/reform/quality/", f"/reform/quality/{code}/", "/reform/indicators/online-share/", "/reform/",
]
asked = {page.replace(code, "<code>"): (lambda page=page: client.get(page)) for page in pages}
asked["the desk's map of a flow"] = lambda: flow_map(find(code).compiled, public=False)
for page in pages:
    if client.get(page).status_code != 200:
        raise SystemExit(f"{page} is not there")


def timed(does, before=lambda: None):
    times = []
    for _round in range(12):
        before()
        began = time.perf_counter()
        does()
        times.append((time.perf_counter() - began) * 1e3)
    return statistics.median(times[2:])


def counted():
    Cursor.objects.update(state=uuid4())


began = time.perf_counter()
rollup.roll()
told["first roll() after a rebuild, s"] = time.perf_counter() - began
told["roll() with nothing new, ms"] = timed(rollup.roll)
for name, does in asked.items():
    told[f"{name}, ms"] = timed(does)
    told[f"{name} after a count, ms"] = timed(does, counted)
told["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(told))
"""


def measure(url: str, folder: Path, cases: int) -> dict[str, float]:
    """Every figure of a new town with so many cases."""
    town = roles.ensure_database(url, f"town_{cases}")
    os.environ["MADOGUCHI_HOME"] = str(folder / f"home-{cases}")
    roles.migrate(town)
    environment = {**os.environ, "DATABASE_URL": town, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
    command = [sys.executable, "-c", MEASURE, str(cases)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Both sizes, side by side."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    folder.chmod(0o755)
    server, url = roles.start_embedded(folder / "pg")
    try:
        found = [measure(url, folder, size) for size in sizes]
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'':52}" + "".join(f"{size:>14,}" for size in sizes) + f"   load {os.getloadavg()[0]:.1f}, seed 1")
    for name in found[0]:
        print(f"{name:52}" + "".join(f"{one[name]:>14,.1f}" for one in found))


if __name__ == "__main__":
    main()
