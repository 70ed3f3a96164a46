"""`python -m bench.datastore [rows]`: `datastore_search` beside the bare query, interleaved on one server.

Goal: at least 60 % of the bare query over a table of a million rows. The bare side runs the same statements through the
same web server and gives the rows only: no total, no envelope, no reading role, no time limit, no middleware.
"""

import datetime
import json
import os
import random
import statistics
import subprocess
import sys
from typing import Any
from urllib.parse import urlencode

from .hall import PROJECT, Hall, wait_for

ROUNDS, SECONDS, CLIENTS, SEED = 5, 3.0, 8, 7
WARDS = ("港区", "渋谷区", "中央区", "北区", "みなと区", "東区", "西区", "南区")
MAKE = """
import sys, time, random, datetime, django
django.setup()
from django.utils import timezone
from madoguchi.opendata.publishing.actions import freeze
from madoguchi.opendata.publishing.columns import Column
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.people.actor import worker
n, wards = int(sys.argv[1]), sys.argv[2].split(",")
dice = random.Random(int(sys.argv[3]))
foods = ("寿司", "そば", "うどん", "カレー", "喫茶", "食堂", "ラーメン", "天ぷら", "焼肉", "パン")
day = datetime.date(2000, 1, 1)
rows = ((k, f"{dice.choice(foods)}の店{k:07d}号", dice.choice(wards), day + datetime.timedelta(dice.randrange(9000)),
         dice.randrange(5, 200), dice.random()) for k in range(1, n + 1))
columns = [Column("id", "integer"), Column("name"), Column("ward"), Column("opened", "date"),
           Column("seats", "integer"), Column("rate", "number")]
dataset = Dataset.objects.create(code="million", title="百万の店", description="測定用", office="reform",
                                 theme="business", source="upload", changed_at=timezone.now())
began = time.perf_counter()
version = freeze(dataset=dataset, columns=columns, key=["id"], rows=rows, by=worker("bench"))
Dataset.objects.filter(pk=dataset.pk).update(is_public=True)
print(version.table, dataset.resources.get(format="csv").pk, round(time.perf_counter() - began, 1))
"""


def questions(rows: int, dice: random.Random) -> list[tuple[str, dict[str, Any], list[Any]]]:
    """(kind, the parameters of datastore_search, those of the bare query): a page of each kind."""
    ward, one, start = dice.choice(WARDS), dice.randrange(1, rows + 1), dice.randrange(rows - 200)
    word = f"店{one:07d}号"
    seats, day = dice.randrange(5, 200), datetime.date(2000, 1, 1) + datetime.timedelta(dice.randrange(9000))
    return [
        ("ward", {"filters": json.dumps({"ward": ward})}, [ward]),
        ("sorted", {"filters": json.dumps({"ward": ward}), "sort": "seats desc", "limit": 20}, [ward]),
        ("pair", {"filters": json.dumps({"ward": ward, "seats": seats})}, [ward, seats]),
        (
            "pair sorted",
            {"filters": json.dumps({"ward": ward, "seats": seats}), "sort": "rate", "limit": 20},
            [ward, seats],
        ),
        ("day", {"filters": json.dumps({"opened": str(day)})}, [str(day)]),
        ("id", {"filters": json.dumps({"id": one})}, [one]),
        ("page", {"offset": start}, [start, start]),
        ("word", {"q": word}, [" & ".join(f"'{word[place : place + 2]}'" for place in range(len(word) - 1)), word]),
    ]


def paths(rows: int, resource: str, count: int) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The addresses of each kind on our side and on the bare one."""
    dice, ours, bare = random.Random(SEED), dict[str, list[str]](), dict[str, list[str]]()
    for _number in range(count):
        for kind, given, values in questions(rows, dice):
            told = urlencode({"resource_id": resource, **given})
            ours.setdefault(kind, []).append(f"/api/3/action/datastore_search?{told}")
            bare.setdefault(kind, []).append(f"/?{urlencode([('kind', kind), *(('v', one) for one in values)])}")
    return ours, bare


def rate(host: str, work: list[str]) -> float:
    """Answers a second, from a load generator that is a process of its own."""
    order = {"script": "get", "host": host, "clients": CLIENTS, "seconds": SECONDS, "answers": {}, "files": [],
             "work": [(one, {}) for one in work]}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(order).encode(), capture_output=True, cwd=PROJECT
    )
    if done.returncode:
        sys.exit(done.stderr.decode())
    measured = json.loads(done.stdout)
    return len(measured["times"]) / measured["seconds"]


def main(rows: int = 1_000_000) -> None:
    """Make the table, then rounds of both sides in turn."""
    with Hall() as hall:
        command = [sys.executable, "-c", MAKE, str(rows), ",".join(WARDS), str(SEED)]
        made = subprocess.run(command, env=hall.environment, stdout=subprocess.PIPE, text=True, check=True).stdout
        table, resource, seconds = made.split()
        print(f"{rows:,} rows frozen (3 files, table, 8 indexes) in {seconds} s; seed {SEED}", flush=True)
        _web, host = hall.web()
        hall.environment["BENCH_TABLE"] = table
        _bare, bare_host = hall.serve("bench.bare_rows:application")
        ours, bare = paths(rows, resource, 20_000)
        wait_for(f"http://{host}/api/3/action/site_read")
        wait_for(f"http://{bare_host}{bare['id'][0]}")
        contest(host, bare_host, ours, bare)


def contest(host: str, bare_host: str, ours: dict[str, list[str]], bare: dict[str, list[str]]) -> None:
    """Every kind of question, then all of them mixed."""
    mixed = "all kinds mixed"
    for sides in (ours, bare):
        sides[mixed] = [one for page in zip(*(sides[kind] for kind in sorted(sides)), strict=True) for one in page]
    for kind in ours:
        found, taken = list[tuple[float, float]](), 0
        for number in range(ROUNDS if kind == mixed else 3):
            taken = number * 5000 % 15_000
            found.append((rate(host, ours[kind][taken:]), rate(bare_host, bare[kind][taken:])))
        ratio = statistics.median(one / control for one, control in found)
        ours_median, bare_median = (statistics.median(side) for side in zip(*found, strict=True))
        sign = ("met" if ratio >= 0.6 else "NOT MET") if kind == mixed else ""
        print(
            f"  {kind:16} datastore_search {ours_median:6.0f}/s   bare {bare_median:6.0f}/s   ratio {ratio:.2f} {sign}"
            f"   load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
