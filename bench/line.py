"""`python -m bench.line [--seconds 8]`: the waiting page before an opening, as one web process serves it.

Before the opening (the same page for all) and after it (each with the number of people before them), asked by `wrk` on
the same machine with the cookie of one who waits. Beside it the same page made by Django for each, in the same run: an
address with a query is not answered in front of it.
"""

import argparse
import http.client
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg

from drills.opening import MAKE, MUSEUM, facilities_of

from .hall import Hall, wait_for

TOKYO = ZoneInfo("Asia/Tokyo")
CAME_EARLY = 1_000_000
"""So many stand in line after the opening that nobody's turn comes while it is measured."""
PATH = f"/facilities/{MUSEUM}/"
WAYS = {"in front of Django": PATH, "by Django": f"{PATH}?by=django"}
TOLD = """
done = function(summary, latency)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("TOLD %d a second, median %.1f ms, 95th percentile %.1f ms, errors %d",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000, wrong))
end
"""


def visitor(host: str) -> str:
    """The cookie of somebody who has joined the line."""
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", PATH, headers={"Accept-Language": "ja"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if not answer.headers["Refresh"]:
        sys.exit("the waiting page is not there")
    return (answer.headers["Set-Cookie"] or "").split(";")[0]


def measured(hall: Hall, address: str, cookie: str, seconds: int) -> str:
    """What wrk says of one address."""
    script = hall.folder / "told.lua"
    script.write_text(TOLD)
    headers = [f"-HCookie: {cookie}", "-HAccept-Encoding: gzip", "-HSec-Fetch-Site: same-origin"]
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(script), *headers, f"http://{address}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.partition("TOLD ")[2]


def opened(hall: Hall, at: datetime, early: int) -> str:
    """A museum that opens at this moment, with so many who came early; the host that serves it, with one process."""
    folder = hall.folder / f"facilities-{early}"
    facilities_of(folder, 300, at)
    hall.environment["MADOGUCHI_FACILITIES"] = str(folder)
    subprocess.run([sys.executable, "-c", MAKE], env=hall.environment, check=True)
    with psycopg.connect(hall.owner_url, autocommit=True) as connection:
        row = "INSERT INTO bookings_line (facility, opening, early) VALUES (%s, %s, %s)"
        connection.execute(row, [MUSEUM, at, early])
    _server, host = hall.web(workers=1)
    wait_for(f"http://{host}/")
    return host


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, choices=range(1, 31))
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing (apt-get install wrk)")
    now = datetime.now(TOKYO).replace(second=0, microsecond=0)
    with Hall() as hall:
        openings = {"before the opening": (now + timedelta(minutes=10), 0), "after the opening": (now, CAME_EARLY)}
        for name, (at, early) in openings.items():
            host = opened(hall, at, early)
            cookie = visitor(host)
            for way, path in WAYS.items():
                measured(hall, f"{host}{path}", cookie, 1)  # warm
                print(f"{name}, {way}: {measured(hall, f'{host}{path}', cookie, asked.seconds)}", flush=True)
            hall.end(hall.processes[-1])


if __name__ == "__main__":
    main()
