"""Complete applications beside their floor and the bare insert: interleaved rounds on one server and database."""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from .hall import CODE, PROJECT, Hall

CLIENTS = 8
SECONDS = {"application": 4.0, "confirmed": 3.0, "floor": 3.0, "bare": 3.0}
MOST = {"application": 4000, "confirmed": 2000, "floor": 4000, "bare": 9000}
RATIOS = {
    ("application", "floor"): 0.70,
    ("application", "bare"): None,
    ("confirmed", "bare"): 0.15,
    ("floor", "bare"): 0.27,
}
"""Which side by which, and how much it is to be at least. The floor's is there so that nobody slows the floor."""
SCRIPTS = {"floor": "application"}
"""What a side does, where it is not called as the side."""


@dataclass
class Side:
    """What one script did, round by round."""

    name: str
    rates: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def percentiles(self) -> tuple[float, float, float]:
        """p50, p95 and p99 in milliseconds."""
        cut = statistics.quantiles(self.times, n=100)
        return cut[49] * 1e3, cut[94] * 1e3, cut[98] * 1e3

    def spread(self) -> float:
        """p99 as a multiple of p50."""
        p50, _p95, p99 = self.percentiles()
        return p99 / p50

    def line(self) -> str:
        """Median and worst round, and the times of single runs."""
        p50, p95, p99 = self.percentiles()
        return (
            f"{self.name:<12} median {statistics.median(self.rates):7.0f}/s  worst round {min(self.rates):7.0f}/s   "
            f"p50 {p50:5.1f}  p95 {p95:5.1f}  p99 {p99:5.1f} ms"
        )


def typed(answers: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """The answers as form fields; files are added for each application."""
    fields: list[tuple[str, str]] = []
    for name, value in answers.items():
        if isinstance(value, dict):
            fields += typed(value, f"{prefix}{name}.")
        elif isinstance(value, bool):
            fields.append((prefix + name, "yes" if value else "no"))
        elif name.endswith("_date"):
            parts = zip((".era", ".year", ".month", ".day"), ("西暦", *value.split("-")), strict=True)
            fields += [(prefix + name + part, one) for part, one in parts]
        elif isinstance(value, list):
            fields += [(prefix + name, one) for one in value]
        else:
            fields.append((prefix + name, str(value)))
    return fields


class Contest:
    """The same answers, sent by each script in turn."""

    def __init__(self, hall: Hall, hosts: dict[str, str], name: str = "warm") -> None:
        self.hall, self.hosts, self.name = hall, hosts, name
        self.sent = 0
        self.sides = {name: Side(name) for name in SECONDS}

    def run(self, name: str, count: int) -> dict[str, Any]:
        """One round of one script in a process of its own."""
        told = self.hall.told
        files = told["files"]
        uploads = iter(self.hall.uploads(count * len(files)) if name != "bare" else [])
        work = [
            (
                f"bench-{self.name}-{self.sent + n:024}",
                {one: [next(uploads)] for one in files} if name != "bare" else {},
            )
            for n in range(count)
        ]
        self.sent += count
        order = {
            "script": SCRIPTS.get(name, name),
            "host": self.hosts.get(name, self.hosts["hall"]),
            "code": CODE,
            "clients": CLIENTS,
            "seconds": SECONDS.get(name, 4.0),
            "answers": told["answers"],
            "typed": typed({key: value for key, value in told["typed"].items() if key not in files}),
            "files": files,
            "work": work,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"], input=json.dumps(order).encode(), capture_output=True, cwd=PROJECT
        )
        if done.returncode:
            sys.exit(done.stderr.decode())
        measured: dict[str, Any] = json.loads(done.stdout)
        return measured

    def warm_up(self) -> None:
        """What is not counted: connections, plans, compiled definitions."""
        for name in SECONDS:
            self.run(name, 100)

    def round(self) -> str:
        """Every script once; the next round begins where this one ended."""
        parts = []
        for name, side in self.sides.items():
            measured = self.run(name, MOST[name])
            side.rates.append(len(measured["times"]) / measured["seconds"])
            side.times += measured["times"]
            parts.append(f"{name} {side.rates[-1]:.0f}/s")
        told = ", ".join(f"{upper}/{lower} {self.ratios(upper, lower)[-1]:.2f}" for upper, lower in RATIOS)
        return f"{', '.join(parts)}; {told}"

    def ratios(self, upper: str, lower: str) -> list[float]:
        """What one side did in a second to what the other did, round by round."""
        pairs = zip(self.sides[upper].rates, self.sides[lower].rates, strict=True)
        return [one / other for one, other in pairs]
